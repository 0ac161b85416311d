package dev.drawbridge.media;

import java.awt.image.BufferedImage;

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
        return Pixels.fromArgb(
                image.getRGB(0, 0, width, height, new int[width * height], 0, width), width, height, System.nanoTime());
    }

    /** Copies a picture into a new image of type {@code TYPE_INT_RGB}; rotation is not applied. */
    public static BufferedImage toImage(VideoFrame frame) {
        BufferedImage image = new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, frame.width(), frame.height(), Pixels.toArgb(frame), 0, frame.width());
        return image;
    }
}
