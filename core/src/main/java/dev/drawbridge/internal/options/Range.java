package dev.drawbridge.internal.options;

import dev.drawbridge.OptionsException.Problem;
import dev.drawbridge.SecurityPolicy;
import dev.drawbridge.internal.wire.Limits;
import java.util.Optional;

/**
 * The numbers that a parameter takes. Every bound of an option stands here once.
 *
 * @param unit as it is shown, such as {@code kbps}
 */
public record Range(String parameter, long min, long max, String unit) {
    public static final Range RETRY = new Range("retry", 10, 86_400, "seconds");
    public static final Range RETRY_TIMEOUT = new Range("retrytimeout", 5000, 3_600_000, "ms");
    public static final Range VIDEO_BITRATE = new Range("videobitrate", 1, 200_000, "kbps");
    public static final Range AUDIO_BITRATE = new Range("audiobitrate", 6, 510, "kbps");
    public static final Range MAX_VIDEO_BITRATE = new Range("maxvideobitrate", 1, 200_000, "kbps");
    public static final Range SCALE = new Range("scale", 1, 100, "percent");
    public static final Range VIEW_WIDTH = new Range("viewwidth", 1, Limits.PICTURE, "pixels");
    public static final Range VIEW_HEIGHT = new Range("viewheight", 1, Limits.PICTURE, "pixels");
    public static final Range TIME_ZONE = new Range("tz", -1440, 1440, "minutes west of UTC");
    public static final Range MAX_VIEWERS = new Range("maxviewers", 1, SecurityPolicy.MOST_VIEWERS, "viewers");

    public static final Range WIDTH = new Range("width", 16, 7680, "pixels");
    public static final Range HEIGHT = new Range("height", 16, 4320, "pixels");
    public static final Range FRAME_RATE = new Range("framerate", 1, 120, "pictures a second");
    public static final Range OUTBOUND_VIDEO_BITRATE = new Range("outboundvideobitrate", 1, 200_000, "kbps");
    public static final Range OUTBOUND_AUDIO_BITRATE = new Range("outboundaudiobitrate", 6, 510, "kbps");
    public static final Range PICTURE_TIMEOUT = new Range("picturetimeout", 1000, 600_000, "ms");

    public static final Range MAX_PUBLISHERS = new Range("maxpublishers", 1, 10_000, "streams");

    public String allowed() {
        return min + " to " + max + " " + unit;
    }

    /** What is wrong with the number, if anything. */
    public Optional<Problem> problem(String name, long number) {
        return number >= min && number <= max
                ? Optional.empty()
                : Optional.of(new Problem(name, "is " + number, allowed()));
    }
}
