package dev.drawbridge.media;

import java.awt.Rectangle;
import java.awt.Window;

/**
 * What is to be seen on a screen of this machine, as a source of pictures. It is read by {@link java.awt.Robot}, so it needs the module
 * {@code java.desktop} and, on Linux, an X server: starting it fails with an {@link java.io.IOException} that says what to do on a machine
 * without one. Under Wayland only what X programs show may be seen.
 *
 * <p>What is made here takes 15 pictures a second with the mouse pointer, at most 1920x1080; {@link ScreenVideo} changes that. Coordinates
 * are those of Java's desktop, from the upper left of the first screen.
 */
public final class Screens {
    private Screens() {}

    /** The whole of the first screen. */
    public static ScreenVideo whole() {
        return screen(0);
    }

    /**
     * The whole of one screen.
     *
     * @param number from 0, in the order of the system; whether it exists is seen at the start
     * @throws IllegalArgumentException if it is negative
     */
    public static ScreenVideo screen(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("screen " + number + ": must be 0 or more");
        }
        return new ScreenVideo(new CaptureArea.WholeScreen(number));
    }

    /**
     * A part of the screen. What of it lies outside is black.
     *
     * @throws IllegalArgumentException if a side is shorter than 2 or longer than 16384
     */
    public static ScreenVideo region(Rectangle part) {
        if (part.width < 2 || part.height < 2 || part.width > 16384 || part.height > 16384) {
            throw new IllegalArgumentException(
                    "region of " + part.width + "x" + part.height + ": must be 2x2 to 16384x16384");
        }
        return new ScreenVideo(new CaptureArea.Region(new Rectangle(part)));
    }

    /**
     * A window of another program, by a part of its title in whatever case, wherever it is moved to. Needs X11 and {@code xwininfo}. The
     * part of the screen where it lies is taken, so what is in front of it is seen, too; while it is minimised no picture comes. {@link
     * ScreenVideo#ended} fails when it is closed.
     *
     * @throws IllegalArgumentException if the text is empty
     */
    public static ScreenVideo window(String title) {
        if (title.isBlank()) {
            throw new IllegalArgumentException("a window without a title: name a part of the title");
        }
        return new ScreenVideo(new X11Window(title));
    }

    /** A window of this program, wherever it is moved to; otherwise likewise. */
    public static ScreenVideo window(Window window) {
        return new ScreenVideo(new CaptureArea.OwnWindow(window));
    }
}
