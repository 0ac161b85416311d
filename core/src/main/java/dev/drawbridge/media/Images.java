package dev.drawbridge.media;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;

/**
 * Between {@link BufferedImage} and {@link VideoFrame}. The only class that needs the module {@code java.desktop}; a program that
 * uses it has that module anyway, all others can do without.
 */
public final class Images {
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

    /** Copies a picture into a new image of type {@code TYPE_INT_RGB}; rotation is not applied. */
    public static BufferedImage toImage(VideoFrame frame) {
        BufferedImage image = new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, frame.width(), frame.height(), Pixels.toArgb(frame), 0, frame.width());
        return image;
    }
}
