package dev.drawbridge.media;

import java.awt.AWTError;
import java.awt.AWTException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.MouseInfo;
import java.awt.Point;
import java.awt.PointerInfo;
import java.awt.Polygon;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Robot;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A screen or a part of it, as a source of pictures. If taking a picture lasts longer than the rate allows, those in between are left out
 * and counted; none is ever queued.
 *
 * <p><b>Thread:</b> every method from any thread. <b>Blocking:</b> {@link #start} some seconds at most. Made by {@link Screens}. It can be
 * started again after a stop.
 */
public final class ScreenVideo implements VideoSource, Ending {
    /** 256 MiB while it is drawn. */
    private static final long MOST_PIXELS = 1L << 26;

    private static final int[] ARROW_X = {0, 0, 4, 6, 9, 7, 11};
    private static final int[] ARROW_Y = {0, 16, 12, 18, 17, 11, 11};
    private static final String WITHOUT =
            "; on Linux set DISPLAY to an X server that runs, or run the program under one:"
                    + " xvfb-run java ... (Debian: apt-get install xvfb)";

    private final CaptureArea area;
    private final int perSecond;
    private final int maxWidth;
    private final int maxHeight;
    private final boolean cursor;
    private final AtomicLong dropped = new AtomicLong();
    // Guarded by this.
    private @Nullable Delivery<VideoFrame> current;
    private CompletableFuture<Void> ended = new CompletableFuture<>();

    ScreenVideo(CaptureArea area) {
        this(area, 15, 1920, 1080, true);
    }

    private ScreenVideo(CaptureArea area, int perSecond, int maxWidth, int maxHeight, boolean cursor) {
        this.area = area.fresh();
        this.perSecond = perSecond;
        this.maxWidth = maxWidth;
        this.maxHeight = maxHeight;
        this.cursor = cursor;
    }

    /**
     * The same with another rate.
     *
     * @param perSecond 1 to 60
     * @throws IllegalArgumentException if it is out of its range
     */
    public ScreenVideo framesPerSecond(int perSecond) {
        if (perSecond < 1 || perSecond > 60) {
            throw new IllegalArgumentException(perSecond + " frames per second: must be 1 to 60");
        }
        return new ScreenVideo(area, perSecond, maxWidth, maxHeight, cursor);
    }

    /**
     * The same with pictures that are made so small that they fit into this; they keep their proportions and are never made larger.
     *
     * @param width 16 to 7680
     * @param height likewise
     * @throws IllegalArgumentException if a number is out of its range
     */
    public ScreenVideo atMost(int width, int height) {
        if (width < 16 || width > 7680 || height < 16 || height > 7680) {
            throw new IllegalArgumentException("pictures of at most " + width + "x" + height + ": must be 16 to 7680");
        }
        return new ScreenVideo(area, perSecond, width, height, cursor);
    }

    /** The same with or without the mouse pointer, which is drawn as an arrow. */
    public ScreenVideo cursor(boolean drawn) {
        return new ScreenVideo(area, perSecond, maxWidth, maxHeight, drawn);
    }

    @Override
    public String name() {
        return area.name();
    }

    @Override
    public void start(Consumer<VideoFrame> output) throws IOException {
        synchronized (this) {
            if (current != null) {
                throw new IllegalStateException("the screen is already in use: one source feeds one session");
            }
        }
        Robot robot = robot();
        area.open();
        synchronized (this) {
            if (current != null) {
                throw new IllegalStateException("the screen is already in use: one source feeds one session");
            }
            if (ended.isDone()) {
                ended = new CompletableFuture<>();
            }
            current = new Delivery<>("screen", output, delivery -> run(delivery, robot));
            current.begin();
        }
    }

    private static Robot robot() throws IOException {
        try {
            if (GraphicsEnvironment.isHeadless()) {
                throw new IOException("this Java has no screen" + WITHOUT);
            }
            return new Robot();
        } catch (AWTException | SecurityException e) {
            throw new IOException("the screen may not be read: " + e.getMessage(), e);
        } catch (AWTError | LinkageError e) { // without an X server, or without the libraries of the desktop
            throw new IOException(
                    "the screen cannot be opened" + WITHOUT
                            + ", with a Java that is not the headless one (Debian: apt-get install openjdk-17-jre)",
                    e);
        }
    }

    @Override
    public void stop() {
        Delivery<VideoFrame> over;
        CompletableFuture<Void> told;
        synchronized (this) {
            over = current;
            current = null;
            told = ended;
        }
        if (over != null) {
            over.end();
            area.close();
            told.completeExceptionally(new CancellationException("the screen was stopped"));
        }
    }

    private void run(Delivery<VideoFrame> delivery, Robot robot) {
        Rhythm rhythm = new Rhythm(perSecond, System.nanoTime());
        try {
            while (delivery.running()) {
                delivery.sleepUntil(rhythm.due());
                Rectangle there = area.now();
                if (there != null && delivery.running()) {
                    delivery.deliver(capture(robot, there));
                }
                dropped.addAndGet(rhythm.next(System.nanoTime()));
            }
        } catch (
                Throwable e) { // also no memory for a picture of this size: whoever waits for the end has to hear of it
            CompletableFuture<Void> told;
            synchronized (this) {
                told = ended;
            }
            told.completeExceptionally(
                    e instanceof IOException ? e : new IOException("the screen cannot be read any more", e));
        }
    }

    private VideoFrame capture(Robot robot, Rectangle there) throws IOException {
        long now = System.nanoTime();
        if ((long) there.width * there.height > MOST_PIXELS) {
            throw new IOException("it has " + there.width + "x" + there.height + " pixels, which is more than "
                    + MOST_PIXELS + "; take a part of the screen: Screens.region");
        }
        Rectangle seen = there.intersection(CaptureArea.desktop());
        BufferedImage picture;
        if (seen.isEmpty()) {
            picture = new BufferedImage(there.width, there.height, BufferedImage.TYPE_INT_RGB);
        } else {
            picture = robot.createScreenCapture(seen);
            if (!seen.equals(there)) {
                picture = scaled(picture, there.width, there.height, seen.x - there.x, seen.y - there.y, 1);
            }
        }
        if (cursor) {
            draw(picture, there);
        }
        double scale = Math.min(1, Math.min(maxWidth / (double) there.width, maxHeight / (double) there.height));
        // Encoders like even numbers.
        int width = even(there.width * scale);
        int height = even(there.height * scale);
        if (width != there.width || height != there.height) {
            picture = scaled(picture, width, height, 0, 0, scale);
        }
        return Pixels.fromArgb(pixels(picture), width, height, now);
    }

    static int even(double side) {
        return Math.max(2, (int) Math.round(side) / 2 * 2);
    }

    private static BufferedImage scaled(BufferedImage from, int width, int height, int x, int y, double scale) {
        BufferedImage to = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = to.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        if (scale == 1) {
            pen.drawImage(from, x, y, null);
        } else {
            pen.drawImage(from, 0, 0, width, height, null);
        }
        pen.dispose();
        return to;
    }

    private static void draw(BufferedImage picture, Rectangle there) {
        PointerInfo pointer = MouseInfo.getPointerInfo();
        Point at = pointer == null ? null : pointer.getLocation();
        if (at == null || !there.contains(at)) {
            return;
        }
        Polygon arrow = new Polygon(ARROW_X, ARROW_Y, ARROW_X.length);
        arrow.translate(at.x - there.x, at.y - there.y);
        Graphics2D pen = picture.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setColor(Color.WHITE);
        pen.setStroke(new BasicStroke(2));
        pen.draw(arrow);
        pen.setColor(Color.BLACK);
        pen.fill(arrow);
        pen.dispose();
    }

    /** Without a copy where the image has them as we need them. */
    private static int[] pixels(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        if (image.getRaster().getDataBuffer() instanceof DataBufferInt ints
                && ints.getSize() == width * height
                && (image.getType() == BufferedImage.TYPE_INT_RGB || image.getType() == BufferedImage.TYPE_INT_ARGB)) {
            return ints.getData();
        }
        return image.getRGB(0, 0, width, height, new int[width * height], 0, width);
    }

    /** {@inheritDoc} A whole screen or a part of it has no end, a window has one: it fails when that is closed. */
    @Override
    public synchronized CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    @Override
    public long dropped() {
        return dropped.get();
    }
}
