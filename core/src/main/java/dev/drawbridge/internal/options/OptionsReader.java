package dev.drawbridge.internal.options;

import dev.drawbridge.Dialect;
import dev.drawbridge.Encoding;
import dev.drawbridge.HandshakeEndpoint;
import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.OptionsException;
import dev.drawbridge.OptionsException.Problem;
import dev.drawbridge.Password;
import dev.drawbridge.SecurityPolicy;
import dev.drawbridge.SecurityPolicy.Approval;
import dev.drawbridge.SecurityPolicy.Encryption;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.crypto.WebText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From URL-style text to a builder. Goes on after a problem, so that all of them are found. Pure but for a generated id. */
public final class OptionsReader {
    private static final Set<String> PASSWORD_OFF = Set.of("false", "0", "off");
    private static final Pattern INTEGER = Pattern.compile("-?\\d{1,15}");
    private static final int EMPTY_VIDEO_BITRATE = 8000;
    private static final int EMPTY_RETRY_SECONDS = 30;

    /** A parameter as it was written: the alias that was used, for the messages, and its value. */
    private record Given(String name, String value) {}

    private final Map<Parameter, Given> given = new EnumMap<>(Parameter.class);
    private final Map<String, String> unrecognized = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final SessionOptions.Builder builder;

    private OptionsReader(SessionOptions.Builder builder) {
        this.builder = builder;
    }

    /** Puts what the text says into the builder and tells what was wrong with it. */
    public static List<Problem> read(String text, SessionOptions.Builder builder) {
        OptionsReader reader = new OptionsReader(builder);
        reader.attempt(() -> reader.read(QueryText.of(text)));
        return reader.problems;
    }

    private void read(QueryText text) {
        text.parameters().forEach((name, value) -> Parameter.named(name)
                .ifPresentOrElse(
                        known -> given.putIfAbsent(known, new Given(name, value)),
                        () -> unrecognized.put(name, value)));
        text.host().ifPresent(host -> {
            builder.salt(Endpoints.salt(host));
            if (Endpoints.publicPage(host)) {
                builder.endpoint(HandshakeEndpoint.publicService());
            }
        });
        streams();
        password();
        security();
        network();
        endpoint();
        media();
        encoding();
        if (!unrecognized.isEmpty()) {
            builder.unrecognized(unrecognized);
        }
    }

    private void streams() {
        with(
                Parameter.PUSH,
                push -> builder.push(push.value().isEmpty() ? StreamId.random() : StreamId.of(push.value())));
        with(Parameter.VIEW, view -> builder.view(streamIds(view.value())));
        with(Parameter.ROOM, room -> builder.room(room.value()));
        with(Parameter.SCENE, scene -> builder.scene(scene.value()));
        with(Parameter.INCLUDE, include -> builder.include(streamIds(include.value())));
        with(Parameter.EXCLUDE, exclude -> builder.exclude(streamIds(exclude.value())));
        number(Parameter.MAX_PUBLISHERS, Range.MAX_PUBLISHERS, builder::maxPublishers);
        with(Parameter.LABEL, label -> builder.label(label.value()));
        number(Parameter.RETRY, Range.RETRY, EMPTY_RETRY_SECONDS, s -> builder.retry(Duration.ofSeconds(s)));
        number(Parameter.RETRY_TIMEOUT, Range.RETRY_TIMEOUT, ms -> builder.retryTimeout(Duration.ofMillis(ms)));
    }

    private static List<StreamId> streamIds(String csv) {
        List<StreamId> ids = new ArrayList<>();
        for (String item : csv.split(",", -1)) {
            String text = WebText.trim(item);
            if (text.endsWith(":s")) {
                throw new OptionsException(
                        "", "the ending ':s' (only the screen of a stream) is not supported", "stream ids and commas");
            }
            if (!text.isEmpty()) {
                ids.add(StreamId.of(text));
            }
        }
        return ids;
    }

    private void password() {
        with(Parameter.SALT, salt -> builder.salt(salt.value()));
        with(Parameter.NO_PASSWORD, flag -> builder.password(Password.none()));
        with(Parameter.PASSWORD, password -> {
            // The page decodes passwords twice; what cannot be decoded again stays as it is.
            String typed = WebText.decodeComponent(password.value()).orElse(password.value());
            boolean blank = WebText.trim(typed).isEmpty();
            if (PASSWORD_OFF.contains(typed)) {
                builder.password(Password.none());
            } else if (!blank && given.containsKey(Parameter.NO_PASSWORD)) {
                throw new OptionsException("", "contradicts the switch that turns passwords off", "one of the two");
            } else if (!blank) {
                builder.password(Password.of(typed));
            } else if (!given.containsKey(Parameter.NO_PASSWORD)) {
                builder.password(Password.defaultKey());
            }
        });
        with(Parameter.HASH, hash -> builder.passwordCheck(hash.value()));
    }

    private void security() {
        List<Parameter> mine = List.of(
                Parameter.SECURE,
                Parameter.MAX_VIEWERS,
                Parameter.PROMPT,
                Parameter.REQUIRE_ENCRYPTION,
                Parameter.UNSAFE);
        if (mine.stream().noneMatch(given::containsKey)) {
            return;
        }
        SecurityPolicy[] policy = {SecurityPolicy.open()};
        number(Parameter.MAX_VIEWERS, Range.MAX_VIEWERS, 1, n -> policy[0] = SecurityPolicy.maxViewers(n));
        if (given.containsKey(Parameter.SECURE)) {
            if (policy[0].viewerLimit().orElse(1) > 1) {
                with(
                        Parameter.MAX_VIEWERS,
                        limit -> problems.add(
                                new Problem(limit.name(), "contradicts secure, which has one viewer", "1")));
            }
            policy[0] = SecurityPolicy.secure();
        }
        with(Parameter.PROMPT, prompt -> policy[0] = policy[0].approval(Approval.ASK));
        with(Parameter.REQUIRE_ENCRYPTION, flag -> policy[0] = policy[0].encryption(Encryption.REQUIRE));
        with(Parameter.UNSAFE, unsafe -> {
            if (given.containsKey(Parameter.REQUIRE_ENCRYPTION)) {
                throw new OptionsException("", "contradicts requireencryption", "one of the two");
            }
            policy[0] = policy[0].encryption(Encryption.ALLOW);
        });
        builder.security(policy[0]);
    }

    private void network() {
        List<Parameter> mine = List.of(
                Parameter.PRIVACY,
                Parameter.ICE_FILTER,
                Parameter.LAN_ONLY,
                Parameter.TCP,
                Parameter.STUN,
                Parameter.ADD_STUN,
                Parameter.TURN,
                Parameter.TURN_LIST,
                Parameter.TIME_ZONE);
        if (mine.stream().noneMatch(given::containsKey)) {
            return;
        }
        int before = problems.size();
        NetworkPolicy.Builder network = NetworkPolicy.builder();
        with(Parameter.PRIVACY, privacy -> {
            network.relayOnly(true);
            if (!Words.flag(privacy.value())) {
                network.relayCode(privacy.value());
            }
        });
        with(Parameter.ICE_FILTER, filter -> network.iceFilter(filter.value()));
        with(Parameter.LAN_ONLY, flag -> network.lanOnly(true));
        with(Parameter.TCP, flag -> network.tcpOnly(true));
        with(Parameter.STUN, stun -> network.stun(Words.off(stun.value()) ? new String[0] : stunUrls(stun.value())));
        with(Parameter.ADD_STUN, stun -> network.addStun(stun.value()));
        with(Parameter.TURN, turn -> {
            // As on the page: 'nostun' takes every server out, also those of stun and addstun.
            if (turn.value().equals("nostun")) {
                network.stun();
            } else if (!Words.off(turn.value())) {
                IceUrls.turn(turn.value())
                        .forEach(s ->
                                network.addTurn(s.username(), s.credential().orElseThrow(), s.url()));
            }
        });
        with(Parameter.TURN_LIST, list -> {
            if (Words.off(list.value())) {
                return;
            }
            if (noTurn(given.get(Parameter.TURN))) {
                throw new OptionsException("", "contradicts turn, which takes every relay out", "one of the two");
            }
            network.turnList(Endpoints.turnList(list.value()));
        });
        number(Parameter.TIME_ZONE, Range.TIME_ZONE, network::timeZone);
        // A list that could not be read would only bring problems that are none, such as a missing relay.
        if (problems.size() == before) {
            attempt(() -> builder.network(network.build()));
        }
    }

    private static boolean noTurn(@Nullable Given turn) {
        return turn != null && (turn.value().equals("nostun") || Words.off(turn.value()));
    }

    private static String[] stunUrls(String text) {
        String[] urls = text.split(";", -1);
        if (urls.length == 3 && Stream.of(urls[0], urls[1]).noneMatch(IceUrls::looksLikeUrl)) {
            throw new OptionsException("", "a STUN server takes no user name", "stun:host[:port]; turn= for a relay");
        }
        return urls;
    }

    private void endpoint() {
        if (given.containsKey(Parameter.WSS) && given.containsKey(Parameter.WSS2)) {
            problems.add(new Problem("wss2", "contradicts wss", "one of the two"));
        }
        with(Parameter.WSS, wss -> builder.endpoint(Endpoints.parse("wss", wss.value(), Dialect.CUSTOM)));
        with(Parameter.WSS2, wss -> builder.endpoint(Endpoints.parse("wss2", wss.value(), Dialect.HOSTED)));
    }

    private void media() {
        number(Parameter.VIDEO_BITRATE, Range.VIDEO_BITRATE, EMPTY_VIDEO_BITRATE, builder::videoBitrate);
        number(Parameter.AUDIO_BITRATE, Range.AUDIO_BITRATE, builder::audioBitrate);
        number(Parameter.MAX_VIDEO_BITRATE, Range.MAX_VIDEO_BITRATE, builder::maxVideoBitrate);
        with(
                Parameter.CODEC,
                codec -> builder.codecs(Arrays.asList(codec.value().split(",", -1))));
        with(Parameter.DEVICE, device -> builder.videoDevice(device.value()).audioDevice(device.value()));
        with(Parameter.VIDEO_DEVICE, device -> builder.videoDevice(device.value()));
        with(Parameter.AUDIO_DEVICE, device -> builder.audioDevice(device.value()));
        with(Parameter.SCREEN_SHARE, which -> builder.screen(Words.flag(which.value()) ? "" : which.value()));
        with(Parameter.PICTURE_TIMEOUT, limit -> {
            if (Words.off(limit.value())) {
                builder.pictureTimeout(Duration.ZERO);
            } else {
                number(limit, Range.PICTURE_TIMEOUT, ms -> builder.pictureTimeout(Duration.ofMillis(ms)));
            }
        });
        with(Parameter.NO_VIDEO, list -> {
            if (Words.flag(list.value())) {
                builder.video(false);
            } else {
                builder.videoOnlyFrom(streamIds(list.value()));
            }
        });
        with(Parameter.NO_AUDIO, list -> {
            if (Words.flag(list.value())) {
                builder.audio(false);
            } else {
                builder.audioOnlyFrom(streamIds(list.value()));
            }
        });
        with(Parameter.DATA_MODE, flag -> builder.dataOnly(true));
        with(Parameter.CLEAN_OUTPUT, flag -> builder.cleanOutput(true));
        number(Parameter.SCALE, Range.SCALE, builder::scale);
        number(Parameter.VIEW_WIDTH, Range.VIEW_WIDTH, builder::viewWidth);
        number(Parameter.VIEW_HEIGHT, Range.VIEW_HEIGHT, builder::viewHeight);
        with(Parameter.MUTE, flag -> builder.audioMuted(true));
        with(Parameter.VIDEO_MUTE, flag -> builder.videoMuted(true));
    }

    private void encoding() {
        List<Parameter> mine = List.of(
                Parameter.WIDTH,
                Parameter.HEIGHT,
                Parameter.QUALITY,
                Parameter.FRAME_RATE,
                Parameter.STEREO,
                Parameter.AUDIO_CODEC,
                Parameter.OUTBOUND_VIDEO_BITRATE,
                Parameter.OUTBOUND_AUDIO_BITRATE,
                Parameter.ONLY_CODECS,
                Parameter.CONTENT_HINT,
                Parameter.DEGRADE);
        if (mine.stream().noneMatch(given::containsKey)) {
            return;
        }
        Encoding.Builder encoding = Encoding.builder();
        with(Parameter.QUALITY, quality -> {
            EncodingWords.Quality size = EncodingWords.Quality.of(quality.value());
            size.width().ifPresent(encoding::width);
            size.height().ifPresent(encoding::height);
            size.kbps().ifPresent(encoding::videoKbps);
        });
        number(Parameter.WIDTH, Range.WIDTH, encoding::width);
        number(Parameter.HEIGHT, Range.HEIGHT, encoding::height);
        number(Parameter.FRAME_RATE, Range.FRAME_RATE, encoding::frameRate);
        number(Parameter.OUTBOUND_VIDEO_BITRATE, Range.OUTBOUND_VIDEO_BITRATE, encoding::videoKbps);
        number(Parameter.OUTBOUND_AUDIO_BITRATE, Range.OUTBOUND_AUDIO_BITRATE, encoding::audioKbps);
        with(Parameter.STEREO, way -> encoding.stereo(EncodingWords.stereo(way.value())));
        with(Parameter.AUDIO_CODEC, codec -> encoding.audioCodec(EncodingWords.audioCodec(codec.value())));
        with(Parameter.ONLY_CODECS, flag -> encoding.onlyCodecs(true));
        with(Parameter.CONTENT_HINT, hint -> encoding.contentHint(EncodingWords.contentHint(hint.value())));
        with(Parameter.DEGRADE, what -> encoding.degrade(EncodingWords.degrade(what.value())));
        builder.encoding(encoding.build());
    }

    private void number(Parameter parameter, Range range, IntConsumer use) {
        with(parameter, written -> number(written, range, use));
    }

    private void number(Parameter parameter, Range range, int whenEmpty, IntConsumer use) {
        with(parameter, written -> {
            if (written.value().isEmpty()) {
                use.accept(whenEmpty);
            } else {
                number(written, range, use);
            }
        });
    }

    private void number(Given written, Range range, IntConsumer use) {
        String text = written.value().strip();
        if (!INTEGER.matcher(text).matches()) {
            throw new OptionsException("", "is not one whole number", range.allowed());
        }
        long number = Long.parseLong(text);
        range.problem(written.name(), number).ifPresentOrElse(problems::add, () -> use.accept((int) number));
    }

    /** Uses a parameter if it is there; what is wrong with it is told under the name that was written. */
    private void with(Parameter parameter, Consumer<Given> use) {
        Given written = given.get(parameter);
        if (written != null) {
            try {
                use.accept(written);
            } catch (OptionsException bad) {
                bad.problems().forEach(p -> problems.add(new Problem(written.name(), p.message(), p.allowed())));
            }
        }
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (OptionsException bad) {
            problems.addAll(bad.problems());
        }
    }
}
