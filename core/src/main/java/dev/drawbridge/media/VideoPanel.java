package dev.drawbridge.media;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.swing.JComponent;
import org.jspecify.annotations.Nullable;

/**
 * Shows pictures in a Swing window: {@code viewer.onVideo(panel)}, or in a room {@code viewer.onVideo((stream, frame) ->
 * panels.get(stream).accept(frame))}.
 *
 * <p>Nothing waits in it but the newest picture. When one comes, the panel asks Swing to be painted; what comes until Swing gets to it
 * replaces the one before. So it shows as many pictures a second as the machine can paint, and never an old one. Pictures may change their
 * size and rotation at any time. One image is kept and used again for all pictures of a size.
 *
 * <p><b>Thread:</b> {@link #accept} and everything else that is declared here from any thread; what is inherited, as always in Swing, on
 * its event thread alone. Nothing here blocks.
 */
public final class VideoPanel extends JComponent implements Consumer<VideoFrame> {
    private static final long serialVersionUID = 1L;
    private static final Dimension DEFAULT = new Dimension(640, 360);
    private static final int MARGIN = 16;

    /** How a picture is laid out in a panel of another size. */
    public enum Scaling {
        /** As large as it can be as a whole; what is left over is background. */
        FIT,
        /** So large that nothing is left over; what sticks out is cut off evenly. */
        FILL,
        /** One pixel of the picture on one of the screen, in the middle. */
        ACTUAL
    }

    private final transient AtomicReference<@Nullable VideoFrame> newest = new AtomicReference<>();
    private final transient AtomicLong painted = new AtomicLong();
    private final transient AtomicLong replaced = new AtomicLong();
    private volatile Scaling scaling = Scaling.FIT;
    private volatile String message = "";
    private volatile boolean soundMuted;
    private volatile boolean cleared;

    // Of the event thread:
    private transient @Nullable BufferedImage image;
    private int rotation;

    /** A black one without a message. */
    public VideoPanel() {
        setOpaque(true);
        setBackground(Color.BLACK);
        setForeground(new Color(0xc8ccd4));
        setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
    }

    /** Shows this picture as soon as Swing gets to it, unless a newer one comes before. Keeps it until then, and copies nothing. */
    @Override
    public void accept(VideoFrame frame) {
        if (newest.getAndSet(frame) == null) {
            repaint(); // what has been asked for and is not done yet will show this one, too
        } else {
            replaced.incrementAndGet();
        }
    }

    /** {@link Scaling#FIT} if it was never called. */
    public void scaling(Scaling wanted) {
        scaling = wanted;
        repaint();
    }

    /** How pictures are laid out now. */
    public Scaling scaling() {
        return scaling;
    }

    /** What to say while there is no picture: lines for a person, the first one larger; long ones are broken between words. */
    public void message(String lines) {
        message = lines;
        repaint();
    }

    /** Takes the picture away, as when a stream has ended or its picture was muted; the message shows until the next one comes. */
    public void clear() {
        newest.set(null);
        cleared = true;
        repaint();
    }

    /** Whether to show that the publisher is muted, in a corner of the picture. */
    public void soundMuted(boolean muted) {
        soundMuted = muted;
        repaint();
    }

    /** Pictures that were painted. */
    public long painted() {
        return painted.get();
    }

    /** Pictures that were never painted because a newer one came before. */
    public long replaced() {
        return replaced.get();
    }

    /** That of the last picture as it is shown; 640x360 before the first. */
    @Override
    public Dimension getPreferredSize() {
        BufferedImage shown = image;
        if (isPreferredSizeSet() || shown == null) {
            return isPreferredSizeSet() ? super.getPreferredSize() : new Dimension(DEFAULT);
        }
        return upright()
                ? new Dimension(shown.getWidth(), shown.getHeight())
                : new Dimension(shown.getHeight(), shown.getWidth());
    }

    private boolean upright() {
        return rotation % 180 == 0;
    }

    @Override
    protected void paintComponent(Graphics graphics) {
        takeNewest();
        Graphics2D pen = (Graphics2D) graphics.create();
        try {
            pen.setColor(getBackground());
            pen.fillRect(0, 0, getWidth(), getHeight());
            BufferedImage shown = image;
            if (shown == null) {
                paintMessage(pen);
            } else {
                paintPicture(pen, shown);
                if (soundMuted) {
                    paintMuted(pen);
                }
            }
        } finally {
            pen.dispose();
        }
    }

    private void takeNewest() {
        if (cleared) {
            cleared = false;
            image = null;
        }
        VideoFrame frame = newest.getAndSet(null);
        if (frame != null) {
            image = Images.toImage(frame, image);
            rotation = frame.rotation();
            painted.incrementAndGet();
        }
    }

    private void paintPicture(Graphics2D pen, BufferedImage shown) {
        double width = upright() ? shown.getWidth() : shown.getHeight();
        double height = upright() ? shown.getHeight() : shown.getWidth();
        double pixelX = unit(pen.getTransform().getScaleX());
        double pixelY = unit(pen.getTransform().getScaleY());
        double across = getWidth() / width;
        double down = getHeight() / height;
        double scaleX =
                switch (scaling) {
                    case FIT -> Math.min(across, down);
                    case FILL -> Math.max(across, down);
                    case ACTUAL -> pixelX;
                };
        double scaleY = scaling == Scaling.ACTUAL ? pixelY : scaleX;
        // On whole pixels of the screen, so that a picture that needs no scaling stays sharp.
        double left = whole((getWidth() - width * scaleX) / 2, pixelX);
        double top = whole((getHeight() - height * scaleY) / 2, pixelY);
        boolean exact = close(scaleX, pixelX) && close(scaleY, pixelY);
        pen.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                exact
                        ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                        : RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        AffineTransform way = new AffineTransform();
        way.translate(left, top);
        way.scale(scaleX, scaleY);
        way.translate(width / 2, height / 2);
        way.quadrantRotate(rotation / 90);
        way.translate(-shown.getWidth() / 2.0, -shown.getHeight() / 2.0);
        pen.drawImage(shown, way, null);
    }

    /** The side of one pixel of the screen in units of Swing, which are larger on a fine screen. */
    private static double unit(double scale) {
        return scale > 0 ? 1 / scale : 1;
    }

    private static double whole(double place, double pixel) {
        return Math.round(place / pixel) * pixel;
    }

    private static boolean close(double a, double b) {
        return Math.abs(a - b) < 1e-6;
    }

    private void paintMessage(Graphics2D pen) {
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setColor(getForeground());
        Font text = getFont();
        Font title = text.deriveFont(text.getSize2D() * 1.5f);
        FontMetrics large = pen.getFontMetrics(title);
        FontMetrics small = pen.getFontMetrics(text);
        String[] parts = message.split("\n", 2);
        List<String> first = wrapped(parts[0], large);
        List<String> rest = parts.length > 1 ? wrapped(parts[1], small) : List.of();
        int y = (getHeight() - first.size() * large.getHeight() - rest.size() * small.getHeight()) / 2;
        pen.setFont(title);
        y = paintLines(pen, first, large, y);
        pen.setFont(text);
        paintLines(pen, rest, small, y);
    }

    private int paintLines(Graphics2D pen, List<String> lines, FontMetrics size, int top) {
        int y = top;
        for (String line : lines) {
            pen.drawString(line, Math.max(MARGIN, (getWidth() - size.stringWidth(line)) / 2), y + size.getAscent());
            y += size.getHeight();
        }
        return y;
    }

    /** Between words; a word that is too long alone sticks out. */
    private List<String> wrapped(String text, FontMetrics size) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            StringBuilder open = new StringBuilder();
            for (String word : line.split(" ", -1)) {
                if (open.length() > 0 && size.stringWidth(open + " " + word) > getWidth() - 2 * MARGIN) {
                    lines.add(open.toString());
                    open.setLength(0);
                }
                open.append(open.length() > 0 ? " " : "").append(word);
            }
            lines.add(open.toString());
        }
        return lines;
    }

    private void paintMuted(Graphics2D pen) {
        pen.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setFont(getFont());
        FontMetrics size = pen.getFontMetrics();
        String text = "muted";
        int width = size.stringWidth(text) + MARGIN;
        int high = size.getHeight() + MARGIN / 2;
        pen.setColor(new Color(0, 0, 0, 170));
        pen.fillRoundRect(MARGIN, getHeight() - MARGIN - high, width, high, high, high);
        pen.setColor(getForeground());
        pen.drawString(text, MARGIN + MARGIN / 2, getHeight() - MARGIN - high + MARGIN / 4 + size.getAscent());
    }
}
