package dev.drawbridge.internal.options;

import dev.drawbridge.Dialect;
import dev.drawbridge.Encoding;
import dev.drawbridge.HandshakeEndpoint;
import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.Password;
import dev.drawbridge.Secret;
import dev.drawbridge.SecurityPolicy;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.crypto.WebText;
import dev.drawbridge.spi.IceServer;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** From options to URL-style text; whatever is at its default is left out. Pure. */
public final class OptionsWriter {
    private final StringJoiner query = new StringJoiner("&");

    private OptionsWriter() {}

    /** All options as a bare query, secrets included. */
    public static String query(SessionOptions options) {
        OptionsWriter writer = new OptionsWriter();
        options.push().ifPresent(push -> writer.add(Parameter.PUSH, push.value()));
        if (!options.view().isEmpty()) {
            writer.add(Parameter.VIEW, joined(options.view()));
        }
        options.room().ifPresent(room -> writer.add(Parameter.ROOM, room));
        options.scene().ifPresent(scene -> writer.add(Parameter.SCENE, scene));
        if (!options.include().isEmpty()) {
            writer.add(Parameter.INCLUDE, joined(options.include()));
        }
        if (!options.exclude().isEmpty()) {
            writer.add(Parameter.EXCLUDE, joined(options.exclude()));
        }
        options.maxPublishers().ifPresent(n -> writer.add(Parameter.MAX_PUBLISHERS, Integer.toString(n)));
        writer.password(options.password());
        writer.unlessDefault(Parameter.SALT, options.salt(), Endpoints.DEFAULT_SALT);
        writer.security(options.security());
        writer.network(options.network());
        writer.endpoint(options.endpoint());
        writer.media(options);
        options.unrecognized().forEach(writer::addUnrecognized);
        return writer.query.toString();
    }

    /** The link that lets somebody watch what these options publish. */
    public static URI viewLink(SessionOptions options, StreamId stream, URI base) {
        OptionsWriter writer = new OptionsWriter();
        writer.add(Parameter.VIEW, stream.value());
        options.room().ifPresent(room -> {
            writer.add(Parameter.ROOM, room);
            writer.flag(Parameter.SCENE); // without it the web page would take the viewer for a guest who wants to join
        });
        writer.password(options.password());
        String host = base.getHost().toLowerCase(Locale.ROOT);
        if (!options.salt().equals(Endpoints.salt(host)) || !options.salt().equals(Endpoints.DEFAULT_SALT)) {
            writer.add(Parameter.SALT, options.salt());
        }
        boolean implied = Endpoints.publicPage(host) && options.endpoint().equals(HandshakeEndpoint.publicService());
        if (!implied) {
            writer.endpoint(options.endpoint());
        }
        String text = base.toString();
        int hash = text.indexOf('#');
        String address = hash < 0 ? text : text.substring(0, hash);
        String fragment = hash < 0 ? "" : text.substring(hash);
        String path = base.getRawPath() == null || base.getRawPath().isEmpty() ? "/" : "";
        String mark =
                base.getRawQuery() == null ? path + "?" : base.getRawQuery().isEmpty() ? "" : "&";
        return URI.create(address + mark + writer.query + fragment);
    }

    private void password(Password password) {
        if (password.disabled()) {
            add(Parameter.PASSWORD, "false");
        }
        // Readers decode a password twice, so a percent sign needs to be encoded twice.
        password.text()
                .map(Secret::reveal)
                .ifPresent(
                        text -> add(Parameter.PASSWORD, text.indexOf('%') >= 0 ? WebText.encodeComponent(text) : text));
    }

    private void security(SecurityPolicy policy) {
        if (policy.sealing()) {
            flag(Parameter.SECURE);
        } else {
            policy.viewerLimit().ifPresent(n -> add(Parameter.MAX_VIEWERS, Integer.toString(n)));
        }
        if (policy.approval() == SecurityPolicy.Approval.ASK) {
            flag(Parameter.PROMPT);
        }
        policy.encryption()
                .ifPresent(rule -> flag(
                        rule == SecurityPolicy.Encryption.REQUIRE ? Parameter.REQUIRE_ENCRYPTION : Parameter.UNSAFE));
    }

    private void network(NetworkPolicy network) {
        if (network.relayOnly()) {
            network.relayCode().ifPresentOrElse(code -> add(Parameter.PRIVACY, code), () -> flag(Parameter.PRIVACY));
        }
        network.iceFilter().ifPresent(filter -> add(Parameter.ICE_FILTER, filter.text()));
        if (network.lanOnly()) {
            flag(Parameter.LAN_ONLY);
        }
        if (network.tcpOnly()) {
            flag(Parameter.TCP);
        }
        stun(network.stunServers().stream().map(IceServer::url).toList());
        if (!network.turnServers().isEmpty()) {
            add(Parameter.TURN, IceUrls.turn(network.turnServers()));
        }
        network.turnList().ifPresent(list -> add(Parameter.TURN_LIST, list.toString()));
        network.timeZone().ifPresent(minutes -> add(Parameter.TIME_ZONE, Integer.toString(minutes)));
    }

    private void stun(List<String> urls) {
        if (urls.isEmpty()) {
            add(Parameter.STUN, "false");
        } else if (!urls.equals(NetworkPolicy.DEFAULT_STUN)) {
            // The web page reads one address in each of the two, so two servers are written in its own form.
            List<String> first = urls.size() == 1 ? urls : urls.subList(0, urls.size() - 1);
            if (urls.size() == 1 || !first.equals(NetworkPolicy.DEFAULT_STUN)) {
                add(Parameter.STUN, String.join(";", first));
            }
            if (urls.size() > 1) {
                add(Parameter.ADD_STUN, urls.get(urls.size() - 1));
            }
        }
    }

    private void endpoint(HandshakeEndpoint endpoint) {
        add(
                endpoint.dialect() == Dialect.CUSTOM ? Parameter.WSS : Parameter.WSS2,
                endpoint.uri().toString());
    }

    private void media(SessionOptions options) {
        options.label().ifPresent(label -> add(Parameter.LABEL, label));
        if (!options.retry().equals(SessionOptions.DEFAULT_RETRY)) {
            add(Parameter.RETRY, Long.toString(options.retry().toSeconds()));
        }
        if (!options.retryTimeout().equals(SessionOptions.DEFAULT_RETRY_TIMEOUT)) {
            add(Parameter.RETRY_TIMEOUT, Long.toString(options.retryTimeout().toMillis()));
        }
        options.videoBitrate().ifPresent(kbps -> add(Parameter.VIDEO_BITRATE, Integer.toString(kbps)));
        options.audioBitrate().ifPresent(kbps -> add(Parameter.AUDIO_BITRATE, Integer.toString(kbps)));
        options.maxVideoBitrate().ifPresent(kbps -> add(Parameter.MAX_VIDEO_BITRATE, Integer.toString(kbps)));
        if (!options.codecs().isEmpty()) {
            add(Parameter.CODEC, String.join(",", options.codecs()).toLowerCase(Locale.ROOT));
        }
        if (!options.camera()) {
            add(Parameter.VIDEO_DEVICE, "0");
        }
        options.videoDevice().ifPresent(device -> add(Parameter.VIDEO_DEVICE, device));
        if (!options.microphone()) {
            add(Parameter.AUDIO_DEVICE, "0");
        }
        options.audioDevice().ifPresent(device -> add(Parameter.AUDIO_DEVICE, device));
        options.screen().ifPresent(which -> {
            if (which.isEmpty()) {
                flag(Parameter.SCREEN_SHARE);
            } else {
                add(Parameter.SCREEN_SHARE, which);
            }
        });
        options.videoOnlyFrom().ifPresent(ids -> onlyFrom(Parameter.NO_VIDEO, ids));
        options.audioOnlyFrom().ifPresent(ids -> onlyFrom(Parameter.NO_AUDIO, ids));
        if (options.dataOnly()) {
            flag(Parameter.DATA_MODE);
        }
        if (options.cleanOutput()) {
            flag(Parameter.CLEAN_OUTPUT);
        }
        options.scale().ifPresent(percent -> add(Parameter.SCALE, Integer.toString(percent)));
        options.viewWidth().ifPresent(pixels -> add(Parameter.VIEW_WIDTH, Integer.toString(pixels)));
        options.viewHeight().ifPresent(pixels -> add(Parameter.VIEW_HEIGHT, Integer.toString(pixels)));
        if (options.audioMuted()) {
            flag(Parameter.MUTE);
        }
        if (options.videoMuted()) {
            flag(Parameter.VIDEO_MUTE);
        }
        if (!options.pictureTimeout().equals(SessionOptions.DEFAULT_PICTURE_TIMEOUT)) {
            add(
                    Parameter.PICTURE_TIMEOUT,
                    Long.toString(options.pictureTimeout().toMillis()));
        }
        encoding(options.encoding());
    }

    private void encoding(Encoding encoding) {
        encoding.width().ifPresent(pixels -> add(Parameter.WIDTH, Integer.toString(pixels)));
        encoding.height().ifPresent(pixels -> add(Parameter.HEIGHT, Integer.toString(pixels)));
        encoding.frameRate().ifPresent(rate -> add(Parameter.FRAME_RATE, Integer.toString(rate)));
        encoding.videoKbps().ifPresent(kbps -> add(Parameter.OUTBOUND_VIDEO_BITRATE, Integer.toString(kbps)));
        encoding.audioKbps().ifPresent(kbps -> add(Parameter.OUTBOUND_AUDIO_BITRATE, Integer.toString(kbps)));
        if (encoding.stereo() != Encoding.Stereo.OFF) {
            add(Parameter.STEREO, EncodingWords.text(encoding.stereo()));
        }
        encoding.audioCodec().ifPresent(codec -> add(Parameter.AUDIO_CODEC, EncodingWords.text(codec)));
        if (encoding.onlyCodecs()) {
            flag(Parameter.ONLY_CODECS);
        }
        encoding.contentHint().ifPresent(hint -> add(Parameter.CONTENT_HINT, EncodingWords.text(hint)));
        encoding.degrade().ifPresent(what -> add(Parameter.DEGRADE, EncodingWords.text(what)));
    }

    private void onlyFrom(Parameter parameter, List<StreamId> ids) {
        if (ids.isEmpty()) {
            flag(parameter);
        } else {
            String list = joined(ids);
            add(parameter, Words.flag(list) ? list + "," : list); // a stream may be called "off"
        }
    }

    private static String joined(List<StreamId> ids) {
        return ids.stream().map(StreamId::value).collect(Collectors.joining(","));
    }

    private void unlessDefault(Parameter parameter, String value, String usual) {
        Optional.of(value).filter(v -> !v.equals(usual)).ifPresent(v -> add(parameter, v));
    }

    private void flag(Parameter parameter) {
        query.add(parameter.text());
    }

    private void add(Parameter parameter, String value) {
        query.add(parameter.text() + "=" + escaped(value));
    }

    private void addUnrecognized(String name, String value) {
        String text = WebText.encodeComponent(name);
        query.add(value.isEmpty() && !text.isEmpty() ? text : text + "=" + escaped(value));
    }

    /** Percent-encoded but for what is harmless and keeps addresses and lists readable. */
    private static String escaped(String value) {
        return WebText.encodeComponent(value)
                .replace("%3A", ":")
                .replace("%2F", "/")
                .replace("%2C", ",");
    }
}
