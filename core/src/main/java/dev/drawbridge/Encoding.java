package dev.drawbridge;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a publisher captures and encodes, and how a viewer wants to hear: {@code width}, {@code height}, {@code quality}, {@code
 * framerate}, {@code outboundvideobitrate}, {@code stereo}, {@code audiocodec} and their like. Immutable; any thread.
 *
 * @param width of the pictures in pixels, 16 to 7680: cameras are opened at the format next to it, and no larger picture is sent; empty:
 *     cameras at 1280x720 or less, own pictures as they are
 * @param height likewise, 16 to 4320
 * @param frameRate how many pictures a second are captured and sent at most, 1 to 120; empty: cameras at 30 or less, others as they come
 * @param videoKbps the video bitrate for a viewer who asks for none, 1 to 200000; it may ask for more
 * @param audioKbps likewise of sound, 6 to 510
 * @param stereo which way sound is in two channels
 * @param audioCodec the preferred one; empty: Opus
 * @param onlyCodecs whether the video codecs of {@link SessionOptions#codecs} are the only ones, and not merely preferred
 * @param contentHint what is in the pictures; understood, and without effect with webrtc-java, which has no word for it
 * @param degrade what is to suffer first. A viewer tells it to the publisher; for our own encoder like {@code contentHint}
 */
public record Encoding(
        OptionalInt width,
        OptionalInt height,
        OptionalInt frameRate,
        OptionalInt videoKbps,
        OptionalInt audioKbps,
        Stereo stereo,
        Optional<AudioCodec> audioCodec,
        boolean onlyCodecs,
        Optional<ContentHint> contentHint,
        Optional<Degrade> degrade) {

    /** As the media library does it by itself. */
    public static final Encoding STANDARD = builder().build();

    /** Which way sound is in two channels. */
    public enum Stereo {
        /** One channel both ways. */
        OFF,
        /** A publisher sends two to whoever asks for them, and says so. */
        OUT,
        /** A viewer asks for two. */
        IN,
        /** Both. */
        BOTH;

        /** Whether a publisher sends two channels. */
        public boolean sends() {
            return this == OUT || this == BOTH;
        }

        /** Whether a viewer asks for two channels. */
        public boolean receives() {
            return this == IN || this == BOTH;
        }
    }

    /** A codec of sound. */
    public enum AudioCodec {
        /** The usual one. */
        OPUS,
        /** Opus, everything twice, against losses. */
        RED,
        /** 64 kbps at 16 kHz. */
        G722,
        /** As in telephony, µ-law. */
        PCMU,
        /** As in telephony, A-law. */
        PCMA
    }

    /** What is in the pictures. */
    public enum ContentHint {
        /** Details count more than movement. */
        DETAIL,
        /** Text. */
        TEXT,
        /** Movement. */
        MOTION
    }

    /** What suffers when there is too little of bandwidth or processor. */
    public enum Degrade {
        /** Size and frame rate. */
        BALANCED,
        /** The size. */
        MAINTAIN_FRAMERATE,
        /** The frame rate. */
        MAINTAIN_RESOLUTION
    }

    /** Starts with {@link #STANDARD}. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds what is set here. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.width = width;
        builder.height = height;
        builder.frameRate = frameRate;
        builder.videoKbps = videoKbps;
        builder.audioKbps = audioKbps;
        builder.stereo = stereo;
        builder.audioCodec = audioCodec;
        builder.onlyCodecs = onlyCodecs;
        builder.contentHint = contentHint;
        builder.degrade = degrade;
        return builder;
    }

    /** Collects; not thread-safe. Every method returns this builder. Numbers out of bounds are found when the options are built. */
    public static final class Builder {
        private OptionalInt width = OptionalInt.empty();
        private OptionalInt height = OptionalInt.empty();
        private OptionalInt frameRate = OptionalInt.empty();
        private OptionalInt videoKbps = OptionalInt.empty();
        private OptionalInt audioKbps = OptionalInt.empty();
        private Stereo stereo = Stereo.OFF;
        private Optional<AudioCodec> audioCodec = Optional.empty();
        private boolean onlyCodecs;
        private Optional<ContentHint> contentHint = Optional.empty();
        private Optional<Degrade> degrade = Optional.empty();

        private Builder() {}

        /** Pictures of this width, 16 to 7680 pixels. */
        public Builder width(int pixels) {
            width = OptionalInt.of(pixels);
            return this;
        }

        /** Pictures of this height, 16 to 4320 pixels. */
        public Builder height(int pixels) {
            height = OptionalInt.of(pixels);
            return this;
        }

        /** So many pictures a second at most, 1 to 120. */
        public Builder frameRate(int perSecond) {
            frameRate = OptionalInt.of(perSecond);
            return this;
        }

        /** The video bitrate for a viewer who asks for none: 1 to 200000 kbps. */
        public Builder videoKbps(int kbps) {
            videoKbps = OptionalInt.of(kbps);
            return this;
        }

        /** Likewise of sound: 6 to 510 kbps. */
        public Builder audioKbps(int kbps) {
            audioKbps = OptionalInt.of(kbps);
            return this;
        }

        /** Which way sound is in two channels. */
        public Builder stereo(Stereo way) {
            stereo = Objects.requireNonNull(way, "stereo");
            return this;
        }

        /** The preferred codec of sound. */
        public Builder audioCodec(AudioCodec codec) {
            audioCodec = Optional.of(codec);
            return this;
        }

        /** Whether no other video codecs are used than those of the options. Who knows none of them is told {@code NO_COMMON_CODEC}. */
        public Builder onlyCodecs(boolean only) {
            onlyCodecs = only;
            return this;
        }

        /** What is in the pictures. */
        public Builder contentHint(ContentHint hint) {
            contentHint = Optional.of(hint);
            return this;
        }

        /** What is to suffer first. */
        public Builder degrade(Degrade preference) {
            degrade = Optional.of(preference);
            return this;
        }

        /** The value. */
        public Encoding build() {
            return new Encoding(
                    width,
                    height,
                    frameRate,
                    videoKbps,
                    audioKbps,
                    stereo,
                    audioCodec,
                    onlyCodecs,
                    contentHint,
                    degrade);
        }
    }
}
