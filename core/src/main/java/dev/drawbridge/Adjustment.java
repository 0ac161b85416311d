package dev.drawbridge;

import java.util.OptionalInt;

/**
 * The program's own bounds on what one viewer gets, for {@link Publisher#adjust}. What the viewer asks for is done within them. Immutable.
 *
 * <pre>{@code
 * publisher.adjust(viewer, Adjustment.NONE.videoKbps(600).framesPerSecond(10).scale(50));
 * }</pre>
 *
 * @param videoKbps the most video, 1 to 200000 kbps; never above {@code maxvideobitrate}
 * @param framesPerSecond the most pictures a second, 1 to 120
 * @param scale the size of the pictures in percent of the source's width and height, 1 to 100; never so small that the shorter side
 *     has less than 32 pixels
 */
public record Adjustment(OptionalInt videoKbps, OptionalInt framesPerSecond, OptionalInt scale) {
    /** No bounds beside those of the options. */
    public static final Adjustment NONE = new Adjustment(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** @throws IllegalArgumentException if a number is out of bounds */
    public Adjustment {
        within("kbps", videoKbps, 200_000);
        within("pictures a second", framesPerSecond, 120);
        within("percent", scale, 100);
    }

    private static void within(String unit, OptionalInt value, int most) {
        if (value.isPresent() && (value.getAsInt() < 1 || value.getAsInt() > most)) {
            throw new IllegalArgumentException(value.getAsInt() + " " + unit + "; allowed is 1 to " + most);
        }
    }

    /** The same with another bitrate, 1 to 200000 kbps. */
    public Adjustment videoKbps(int kbps) {
        return new Adjustment(OptionalInt.of(kbps), framesPerSecond, scale);
    }

    /** The same with another frame rate, 1 to 120. */
    public Adjustment framesPerSecond(int most) {
        return new Adjustment(videoKbps, OptionalInt.of(most), scale);
    }

    /** The same with another size, 1 to 100 percent. */
    public Adjustment scale(int percent) {
        return new Adjustment(videoKbps, framesPerSecond, OptionalInt.of(percent));
    }
}
