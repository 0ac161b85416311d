package dev.drawbridge.media;

import java.awt.GraphicsDevice;
import java.awt.GraphicsEnvironment;
import java.awt.IllegalComponentStateException;
import java.awt.Rectangle;
import java.awt.Window;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Which part of the screen is taken; asked before each picture, so it returns at once. */
interface CaptureArea {
    String name();

    /** Looks for it; may take some seconds. */
    default void open() throws IOException {}

    /** Where it is now; null while it is not to be seen. */
    @Nullable
    Rectangle now() throws IOException;

    default void close() {}

    /** One that nobody else uses. */
    default CaptureArea fresh() {
        return this;
    }

    /** Of everything that the screens show. */
    static Rectangle desktop() {
        Rectangle all = new Rectangle();
        for (GraphicsDevice device : devices()) {
            all = all.union(device.getDefaultConfiguration().getBounds());
        }
        return all;
    }

    private static GraphicsDevice[] devices() {
        return GraphicsEnvironment.getLocalGraphicsEnvironment().getScreenDevices();
    }

    /** One screen. */
    record WholeScreen(int number) implements CaptureArea {
        @Override
        public String name() {
            return "screen " + number;
        }

        @Override
        public void open() throws IOException {
            int there = devices().length;
            if (number >= there) {
                throw new IOException("there is no screen " + number + ": this machine has " + there + ", from 0");
            }
        }

        @Override
        public @Nullable Rectangle now() {
            GraphicsDevice[] there = devices();
            return number < there.length
                    ? there[number].getDefaultConfiguration().getBounds()
                    : null;
        }
    }

    /** A part that stays where it is. */
    record Region(Rectangle part) implements CaptureArea {
        @Override
        public String name() {
            return "screen region " + part.width + "x" + part.height;
        }

        @Override
        public void open() throws IOException {
            if (!part.intersects(desktop())) {
                throw new IOException("the region lies outside the screen, which has " + desktop().width + "x"
                        + desktop().height + " pixels");
            }
        }

        @Override
        public Rectangle now() {
            return part;
        }
    }

    /** A window of this program. */
    record OwnWindow(Window window) implements CaptureArea {
        @Override
        public String name() {
            return "own window";
        }

        @Override
        public @Nullable Rectangle now() throws IOException {
            if (!window.isDisplayable()) {
                throw new IOException("the window was closed");
            }
            try {
                return window.isShowing() ? new Rectangle(window.getLocationOnScreen(), window.getSize()) : null;
            } catch (IllegalComponentStateException e) {
                return null; // hidden just now
            }
        }
    }
}
