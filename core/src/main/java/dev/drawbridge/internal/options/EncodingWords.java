package dev.drawbridge.internal.options;

import dev.drawbridge.Encoding.AudioCodec;
import dev.drawbridge.Encoding.ContentHint;
import dev.drawbridge.Encoding.Degrade;
import dev.drawbridge.Encoding.Stereo;
import dev.drawbridge.OptionsException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** The words that the page has for sizes, channels, codecs and preferences. */
final class EncodingWords {
    private static final int UHD_KBPS = 8000;
    private static final int QHD_KBPS = 6000;

    private EncodingWords() {}

    /**
     * A size by its name or number.
     *
     * @param width empty for what the device prefers
     * @param kbps the bitrate that a picture so large needs, where the page thinks of it
     */
    record Quality(OptionalInt width, OptionalInt height, OptionalInt kbps) {
        static Quality of(String text) {
            return switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "4k", "2160p", "2160", "-2" -> of(3840, 2160, OptionalInt.of(UHD_KBPS));
                case "2k", "1440p", "1440", "-3" -> of(2560, 1440, OptionalInt.of(QHD_KBPS));
                case "fullhd", "1080p", "1080", "high", "0", "" -> of(1920, 1080, OptionalInt.empty());
                case "hd", "720p", "720", "1" -> of(1280, 720, OptionalInt.empty());
                case "360p", "360", "low", "2" -> of(640, 360, OptionalInt.empty());
                case "3", "4", "5", "6", "7", "8", "9", "10" -> of(320, 180, OptionalInt.empty());
                case "-1" -> new Quality(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
                default ->
                    throw new OptionsException(
                            "", "is no size", "4k, 2k, 1080p, 720p, 360p, or -3 to 10 as on the page");
            };
        }

        private static Quality of(int width, int height, OptionalInt kbps) {
            return new Quality(OptionalInt.of(width), OptionalInt.of(height), kbps);
        }
    }

    static Stereo stereo(String text) {
        if (Words.off(text)) {
            return Stereo.OFF;
        }
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "", "1", "5", "both", "true", "on", "yes" -> Stereo.BOTH;
            case "2", "in" -> Stereo.IN;
            case "3", "out" -> Stereo.OUT;
            case "4", "multi", "6", "8", "surround" ->
                throw new OptionsException(
                        "", "more than two channels are not supported", "1 (both), 2 (in), 3 (out), 0");
            default -> throw new OptionsException("", "is no way to hear", "1 (both), 2 (in), 3 (out), 0");
        };
    }

    static String text(Stereo stereo) {
        return switch (stereo) {
            case OFF -> "0";
            case IN -> "2";
            case OUT -> "3";
            case BOTH -> "1";
        };
    }

    static AudioCodec audioCodec(String text) {
        return word(AudioCodec.values(), text);
    }

    /** Empty is what the page takes it for. */
    static ContentHint contentHint(String text) {
        return text.isBlank() ? ContentHint.DETAIL : word(ContentHint.values(), text);
    }

    static Degrade degrade(String text) {
        return text.isBlank() ? Degrade.BALANCED : word(Degrade.values(), text);
    }

    /** As in a link. */
    static String text(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <E extends Enum<E>> E word(E[] all, String text) {
        Optional<E> found = Arrays.stream(all)
                .filter(word -> text(word).equals(text.strip().toLowerCase(Locale.ROOT)))
                .findFirst();
        return found.orElseThrow(() -> new OptionsException(
                "",
                "has an unknown name",
                Arrays.stream(all).map(EncodingWords::text).collect(Collectors.joining(", "))));
    }
}
