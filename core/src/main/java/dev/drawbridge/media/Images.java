package dev.drawbridge.media;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Between {@link BufferedImage} and {@link VideoFrame}. It, {@link Screens}, {@link VideoPanel} and {@link Speakers} are the only classes
 * that need the module {@code java.desktop}; a program that uses them has that module anyway, all others can do without.
 */
public final class Images {
    private static final long MAX_PIXELS = 7680L * 4320;

    private Images() {}

    /**
     * Copies an image of any type into a picture, such as {@code custom.push(Images.toFrame(image))}.
     *
     * @throws IllegalArgumentException if a side is longer than 16384
     */
    public static VideoFrame toFrame(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        if (width > 16384 || height > 16384) {
            throw new IllegalArgumentException("image of " + width + "x" + height + ": must be at most 16384x16384");
        }
        return Pixels.fromRows(rows(image, width), width, height, System.nanoTime());
    }

    /** Of the usual types by the row and as they lie in memory: an image's own conversion looks at each pixel by itself. */
    private static RgbRows.Source rows(BufferedImage image, int width) {
        Raster raster = image.getRaster();
        return switch (image.getType()) {
            case BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB ->
                (y, into) -> raster.getDataElements(0, y, width, 1, into);
            case BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR -> bytes(raster, width);
            default -> (y, into) -> image.getRGB(0, y, width, 1, into, 0, width);
        };
    }

    /** A raster gives its bands in the order of the colours, however they lie in memory: red, green, blue. */
    private static RgbRows.Source bytes(Raster raster, int width) {
        int bands = raster.getNumBands();
        byte[] row = new byte[width * bands];
        return (y, into) -> {
            raster.getDataElements(0, y, width, 1, row);
            for (int x = 0, at = 0; x < width; x++, at += bands) {
                into[x] = (row[at] & 0xff) << 16 | (row[at + 1] & 0xff) << 8 | (row[at + 2] & 0xff);
            }
        };
    }

    /**
     * A source that shows one image again and again; see {@link VideoSources#still}.
     *
     * @param framesPerSecond 1 to 60
     * @throws IllegalArgumentException if a side is longer than 16384, or the rate is out of its range
     */
    public static VideoSource still(BufferedImage image, int framesPerSecond) {
        return VideoSources.still(toFrame(image), framesPerSecond);
    }

    /**
     * Likewise with an image file of any kind that this Java reads, such as PNG, JPEG, GIF and BMP. <b>Blocking:</b> reads it at once.
     *
     * @throws IOException if it cannot be read, is of an unknown kind or larger than 7680x4320
     * @throws IllegalArgumentException if the rate is out of its range
     */
    public static VideoSource still(Path file, int framesPerSecond) throws IOException {
        return still(read(file), framesPerSecond);
    }

    /** The size is looked at before any memory is taken: a small file may promise a huge picture. */
    private static BufferedImage read(Path file) throws IOException {
        String name = VideoSources.nameOf(file);
        try (InputStream bytes = Files.newInputStream(file);
                ImageInputStream in = ImageIO.createImageInputStream(bytes)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException(name + " is no image of a kind that Java reads; convert it to PNG or JPEG");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MAX_PIXELS) {
                    throw new IOException(name + " has " + reader.getWidth(0) + "x" + reader.getHeight(0)
                            + " pixels: at most 7680x4320 are sent; make it smaller");
                }
                return reader.read(0);
            } catch (RuntimeException e) { // of readers that meet what they do not expect
                throw new IOException(name + " is a damaged image", e);
            } finally {
                reader.dispose();
            }
        }
    }

    /** Copies a picture into a new image of type {@code TYPE_INT_RGB}; rotation is not applied. */
    public static BufferedImage toImage(VideoFrame frame) {
        return toImage(frame, null);
    }

    /**
     * Copies a picture into an image that is there, if it fits: one of type {@code TYPE_INT_RGB} in the size of the picture, as this method
     * returned it before. A program that shows picture after picture needs one image for all of them.
     *
     * @param reuse not used by anybody else meanwhile; null or one that does not fit: a new one is made
     * @return the image that has the picture now
     */
    public static BufferedImage toImage(VideoFrame frame, @Nullable BufferedImage reuse) {
        BufferedImage image = reuse != null && fits(frame, reuse)
                ? reuse
                : new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
        Pixels.toArgb(frame, ((DataBufferInt) image.getRaster().getDataBuffer()).getData());
        return image;
    }

    /** A part of another image looks like one of its own, but its pixels lie elsewhere in the array. */
    private static boolean fits(VideoFrame frame, BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_INT_RGB
                && image.getWidth() == frame.width()
                && image.getHeight() == frame.height()
                && image.getRaster().getDataBuffer().getSize() == frame.width() * frame.height();
    }
}
