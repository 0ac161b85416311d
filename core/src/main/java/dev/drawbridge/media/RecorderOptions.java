package dev.drawbridge.media;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** How a {@link Recorder} writes. Immutable; without a word, {@link #defaults}. */
public final class RecorderOptions {
    private final boolean overwrite;
    private final boolean pictures;
    private final boolean sound;
    private final int frameRate;
    private final int width;
    private final int height;
    private final Optional<Codec> codec;
    private final OptionalInt kbps;
    private final Optional<Path> ffmpeg;

    /** What pictures are compressed with. */
    public enum Codec {
        /** For {@code .webm}, and what it has without a word: fast, and open to all browsers. */
        VP8,
        /** For {@code .webm}: smaller files for more work. */
        VP9,
        /** For {@code .mp4}. */
        H264
    }

    private RecorderOptions(Builder from) {
        overwrite = from.overwrite;
        pictures = from.pictures;
        sound = from.sound;
        frameRate = from.frameRate;
        width = from.width;
        height = from.height;
        codec = from.codec;
        kbps = from.kbps;
        ffmpeg = from.ffmpeg;
    }

    /** Pictures and sound, 30 pictures a second in the size of the first one, never over another file. */
    public static RecorderOptions defaults() {
        return builder().build();
    }

    /** Begins with {@link #defaults}. */
    public static Builder builder() {
        return new Builder();
    }

    boolean overwrites() {
        return overwrite;
    }

    boolean pictures() {
        return pictures;
    }

    boolean sound() {
        return sound;
    }

    int frameRate() {
        return frameRate;
    }

    /** 0 for that of the first picture. */
    int width() {
        return width;
    }

    int height() {
        return height;
    }

    Optional<Codec> codec() {
        return codec;
    }

    OptionalInt kbps() {
        return kbps;
    }

    Optional<Path> ffmpeg() {
        return ffmpeg;
    }

    /** Builds one. Not thread-safe. */
    public static final class Builder {
        private boolean overwrite;
        private boolean pictures = true;
        private boolean sound = true;
        private int frameRate = 30;
        private int width;
        private int height;
        private Optional<Codec> codec = Optional.empty();
        private OptionalInt kbps = OptionalInt.empty();
        private Optional<Path> ffmpeg = Optional.empty();

        private Builder() {}

        /** A file of this name is replaced. */
        public Builder overwrite() {
            overwrite = true;
            return this;
        }

        /** No pictures; the file begins with the first sound. */
        public Builder soundOnly() {
            pictures = false;
            sound = true;
            return this;
        }

        /** No sound. */
        public Builder picturesOnly() {
            pictures = true;
            sound = false;
            return this;
        }

        /**
         * Pictures in a second, always as many: the one before is repeated, or one is left out.
         *
         * @param perSecond 1 to 120
         * @throws IllegalArgumentException if it is out of that range
         */
        public Builder frameRate(int perSecond) {
            frameRate = within(1, perSecond, 120, "pictures a second");
            return this;
        }

        /**
         * The size of the file's pictures, whatever comes: those of another size or shape are scaled, with black around them. With it the
         * recording begins with whatever comes first, sound or picture.
         *
         * @param width 16 to 7680, even
         * @param height likewise
         * @throws IllegalArgumentException if one is not
         */
        public Builder size(int width, int height) {
            if (width % 2 != 0 || height % 2 != 0) {
                throw new IllegalArgumentException(width + "x" + height + ": both have to be even");
            }
            this.width = within(16, width, 7680, "pixels");
            this.height = within(16, height, 7680, "pixels");
            return this;
        }

        /** What pictures are compressed with, where the kind of file leaves a choice. */
        public Builder codec(Codec wanted) {
            codec = Optional.of(wanted);
            return this;
        }

        /**
         * How much a second of pictures may take; about what is usual for the size if it was never called.
         *
         * @param limit 50 to 200000
         * @throws IllegalArgumentException if it is out of that range
         */
        public Builder kbps(int limit) {
            kbps = OptionalInt.of(within(50, limit, 200_000, "kbps"));
            return this;
        }

        /** The program to use; the first {@code ffmpeg} on the path if it was never called. */
        public Builder ffmpeg(Path program) {
            ffmpeg = Optional.of(program);
            return this;
        }

        /** What was chosen. */
        public RecorderOptions build() {
            return new RecorderOptions(this);
        }

        private static int within(int min, int value, int max, String unit) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(value + " " + unit + "; allowed is " + min + " to " + max);
            }
            return value;
        }
    }
}
