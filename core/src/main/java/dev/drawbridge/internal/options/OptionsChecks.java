package dev.drawbridge.internal.options;

import dev.drawbridge.Dialect;
import dev.drawbridge.Encoding;
import dev.drawbridge.HandshakeEndpoint;
import dev.drawbridge.OptionsException;
import dev.drawbridge.OptionsException.Problem;
import dev.drawbridge.Password;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.crypto.EffectivePassword;
import dev.drawbridge.internal.crypto.Keys;
import dev.drawbridge.internal.crypto.WebText;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** What has to hold for options, wherever they come from. Collects the problems; no message repeats a secret. */
public final class OptionsChecks {
    public static final String DEFAULT_SALT = Endpoints.DEFAULT_SALT;

    private static final Set<String> CODECS = Set.of("VP8", "VP9", "H264", "H265", "AV1");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{1,6}");
    private static final int MAX_SALT = 255;
    private static final int MAX_DEVICE = 200;

    private final List<Problem> problems;

    public OptionsChecks(List<Problem> found) {
        problems = new ArrayList<>(found);
    }

    /** There has to be a server, and plain text only where nobody can listen, unless the program consented. */
    public void endpoint(Optional<HandshakeEndpoint> endpoint, boolean allowPlain) {
        if (endpoint.isPresent()) {
            if (!allowPlain && Endpoints.exposed(endpoint.get().uri())) {
                problems.add(new Problem(
                        endpoint.get().dialect() == Dialect.CUSTOM ? "wss" : "wss2",
                        "is ws:// to another machine, which everybody on the way can read and change",
                        "wss://; ws:// for localhost, 127.0.0.1 and [::1]; elsewhere only with the builder's"
                                + " allowPlainWebSocket(true)"));
            }
        } else if (problems.stream()
                .noneMatch(p -> p.parameter().startsWith("wss") || p.parameter().equals("link"))) {
            problems.add(new Problem(
                    "wss",
                    "no handshake server is given",
                    "wss=wss://your.server for a routing server, wss2=… for one of the public service's kind, or a whole"
                            + " vdo.ninja link"));
        }
    }

    public void room(String room) {
        if (room.isEmpty()) {
            problems.add(new Problem("room", "is empty", "1 to 30 characters of A-Z a-z 0-9 _"));
        }
    }

    public void salt(String salt) {
        if (salt.isEmpty() || salt.length() > MAX_SALT || !WebText.wellFormed(salt)) {
            problems.add(
                    new Problem("salt", "is empty, too long or not valid Unicode", "1 to " + MAX_SALT + " characters"));
        }
    }

    /** As on the page: the digest begins with the given digits, or the one with the salt of old does. */
    public void passwordCheck(String given, Password password, String salt) {
        String hash = given.strip().toLowerCase(Locale.ROOT);
        if (!HASH.matcher(hash).matches()) {
            problems.add(new Problem("hash", "is not a hash", "1 to 6 hex digits"));
            return;
        }
        boolean fits = Keys.of(EffectivePassword.of(password), salt).matches(hash);
        if (!fits) {
            problems.add(new Problem(
                    "hash",
                    password.text().isPresent() ? "does not fit the password" : "needs the password, which is missing",
                    "the password that the link was made with"));
        }
    }

    public void retry(Duration retry) {
        if (retry.toNanosPart() != 0) {
            problems.add(new Problem("retry", "is not whole seconds", Range.RETRY.allowed()));
        } else {
            Range.RETRY.problem("retry", retry.toSeconds()).ifPresent(problems::add);
        }
    }

    public void retryTimeout(Duration timeout) {
        if (timeout.toNanosPart() % 1_000_000 != 0) {
            problems.add(new Problem("retrytimeout", "is not whole milliseconds", Range.RETRY_TIMEOUT.allowed()));
        } else {
            // Far beyond the bound, toMillis would overflow.
            long millis = timeout.toSeconds() > Range.RETRY_TIMEOUT.max() ? Long.MAX_VALUE : timeout.toMillis();
            Range.RETRY_TIMEOUT.problem("retrytimeout", millis).ifPresent(problems::add);
        }
    }

    public void bitrates(OptionalInt video, OptionalInt audio, OptionalInt maxVideo) {
        video.ifPresent(
                kbps -> Range.VIDEO_BITRATE.problem("videobitrate", kbps).ifPresent(problems::add));
        audio.ifPresent(
                kbps -> Range.AUDIO_BITRATE.problem("audiobitrate", kbps).ifPresent(problems::add));
        maxVideo.ifPresent(
                kbps -> Range.MAX_VIDEO_BITRATE.problem("maxvideobitrate", kbps).ifPresent(problems::add));
    }

    /** What is named is watched, so it can neither be left out nor be more than is watched at a time. */
    public void watched(List<StreamId> named, List<StreamId> exclude, OptionalInt maxPublishers) {
        if (!Collections.disjoint(named, exclude)) {
            problems.add(new Problem(
                    "exclude", "names a stream that view or include names as well", "each stream in one of them"));
        }
        maxPublishers.ifPresent(most -> Range.MAX_PUBLISHERS
                .problem("maxpublishers", most)
                .or(() -> Optional.of(new Problem(
                                "maxpublishers",
                                "is " + most + ", but view and include name " + named.size() + " streams",
                                "no fewer than are named"))
                        .filter(problem -> named.size() > most))
                .ifPresent(problems::add));
    }

    public void size(OptionalInt scale, OptionalInt width, OptionalInt height) {
        scale.ifPresent(percent -> Range.SCALE.problem("scale", percent).ifPresent(problems::add));
        width.ifPresent(pixels -> Range.VIEW_WIDTH.problem("viewwidth", pixels).ifPresent(problems::add));
        height.ifPresent(
                pixels -> Range.VIEW_HEIGHT.problem("viewheight", pixels).ifPresent(problems::add));
    }

    public void encoding(Encoding encoding, List<String> codecs) {
        encoding.width()
                .ifPresent(pixels -> Range.WIDTH.problem("width", pixels).ifPresent(problems::add));
        encoding.height()
                .ifPresent(pixels -> Range.HEIGHT.problem("height", pixels).ifPresent(problems::add));
        encoding.frameRate()
                .ifPresent(rate -> Range.FRAME_RATE.problem("framerate", rate).ifPresent(problems::add));
        encoding.videoKbps().ifPresent(kbps -> Range.OUTBOUND_VIDEO_BITRATE
                .problem("outboundvideobitrate", kbps)
                .ifPresent(problems::add));
        encoding.audioKbps().ifPresent(kbps -> Range.OUTBOUND_AUDIO_BITRATE
                .problem("outboundaudiobitrate", kbps)
                .ifPresent(problems::add));
        if (encoding.onlyCodecs() && codecs.isEmpty()) {
            problems.add(new Problem("onlycodecs", "there are none to keep to", "codec=vp8,… beside it"));
        }
    }

    /** Zero: never. */
    public void pictureTimeout(Duration timeout) {
        if (timeout.toNanosPart() % 1_000_000 != 0) {
            problems.add(new Problem("picturetimeout", "is not whole milliseconds", Range.PICTURE_TIMEOUT.allowed()));
        } else if (!timeout.isZero()) {
            long millis = timeout.toSeconds() > Range.PICTURE_TIMEOUT.max() ? Long.MAX_VALUE : timeout.toMillis();
            Range.PICTURE_TIMEOUT.problem("picturetimeout", millis).ifPresent(problems::add);
        }
    }

    /** A codec's name as it is written in SDP. */
    public static String codec(String name) {
        return name.strip().toUpperCase(Locale.ROOT);
    }

    public void codecs(List<String> codecs) {
        if (!CODECS.containsAll(codecs)) {
            problems.add(new Problem("codec", "has an unknown name", "vp8, vp9, h264, h265, av1, with commas between"));
        }
    }

    public void videoDevice(String device) {
        device("videodevice", device, "a camera's name or a part of it, its number, testpattern, 0");
    }

    public void audioDevice(String device) {
        device("audiodevice", device, "a microphone's name or a part of it, its number, 0");
    }

    public void screen(String which) {
        device("screenshare", which, "nothing for the whole screen, or what the window's title contains");
    }

    private void device(String parameter, String device, String allowed) {
        if (device.length() > MAX_DEVICE
                || device.chars().anyMatch(Character::isISOControl)
                || !WebText.wellFormed(device)) {
            problems.add(new Problem(parameter, "is too long or has control characters", allowed));
        }
    }

    public void unrecognized(Map<String, String> parameters) {
        parameters.forEach((name, value) -> {
            if (Parameter.named(name).isPresent()) {
                problems.add(new Problem(name, "is not an unknown parameter", "the builder's own method for it"));
            } else if (!WebText.wellFormed(name) || !WebText.wellFormed(value)) {
                problems.add(new Problem("unrecognized", "is not valid Unicode", "Unicode text"));
            }
        });
    }

    /** A page that a link can point to. */
    public static void page(URI base) {
        String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
        if ((!scheme.equals("https") && !scheme.equals("http")) || base.getHost() == null) {
            throw new OptionsException("base", "is not the address of a page", "https://host/ or http://host/");
        }
    }

    public void throwProblems() {
        if (!problems.isEmpty()) {
            throw new OptionsException(problems);
        }
    }
}
