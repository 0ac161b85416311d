package dev.drawbridge;

import dev.drawbridge.internal.options.Identifiers;
import dev.drawbridge.internal.options.OptionsChecks;
import dev.drawbridge.internal.options.OptionsReader;
import dev.drawbridge.internal.options.OptionsWriter;
import dev.drawbridge.internal.options.Words;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * Everything that a session is told before it starts, in the words of VDO.Ninja links: from text with {@link #parse}, or from a
 * {@link #builder()}. All parameters are in {@code docs/options.md}.
 *
 * <pre>{@code
 * SessionOptions options = SessionOptions.parse("?push=camera1&secure&password=correct-horse&wss=ws://127.0.0.1:8080");
 * }</pre>
 *
 * <p>Immutable; any thread. {@link #toString} is safe for logs: no password, no credential, no whole stream id.
 */
public final class SessionOptions {
    /** How often a viewer asks again for streams that are not there. */
    public static final Duration DEFAULT_RETRY = Duration.ofMinutes(15);

    /** How long a viewer waits before it asks again for a stream that it lost. */
    public static final Duration DEFAULT_RETRY_TIMEOUT = Duration.ofSeconds(5);

    /** How long a viewer waits for a first picture before it tells that there is none. */
    public static final Duration DEFAULT_PICTURE_TIMEOUT = Duration.ofSeconds(5);

    private final Optional<StreamId> push;
    private final List<StreamId> view;
    private final Optional<String> room;
    private final Optional<String> scene;
    private final Password password;
    private final String salt;
    private final SecurityPolicy security;
    private final NetworkPolicy network;
    private final HandshakeEndpoint endpoint;
    private final boolean allowPlainWebSocket;
    private final Optional<String> label;
    private final Duration retry;
    private final Duration retryTimeout;
    private final OptionalInt videoBitrate;
    private final OptionalInt audioBitrate;
    private final OptionalInt maxVideoBitrate;
    private final List<String> codecs;
    private final boolean camera;
    private final Optional<String> videoDevice;
    private final boolean microphone;
    private final Optional<List<StreamId>> videoOnlyFrom;
    private final Optional<List<StreamId>> audioOnlyFrom;
    private final boolean dataOnly;
    private final boolean cleanOutput;
    private final List<StreamId> include;
    private final List<StreamId> exclude;
    private final OptionalInt maxPublishers;
    private final OptionalInt scale;
    private final OptionalInt viewWidth;
    private final OptionalInt viewHeight;
    private final boolean audioMuted;
    private final boolean videoMuted;
    private final Optional<String> audioDevice;
    private final Optional<String> screen;
    private final Duration pictureTimeout;
    private final Encoding encoding;
    private final Map<String, String> unrecognized;

    private SessionOptions(Builder from, HandshakeEndpoint endpoint) {
        push = from.push;
        view = from.view;
        room = from.room;
        scene = from.scene;
        password = from.password;
        salt = from.salt;
        security = from.security;
        network = from.network;
        this.endpoint = endpoint;
        allowPlainWebSocket = from.allowPlainWebSocket;
        label = from.label;
        retry = from.retry;
        retryTimeout = from.retryTimeout;
        videoBitrate = from.videoBitrate;
        audioBitrate = from.audioBitrate;
        maxVideoBitrate = from.maxVideoBitrate;
        codecs = from.codecs;
        camera = from.camera;
        videoDevice = from.camera ? from.videoDevice : Optional.empty();
        microphone = from.microphone;
        videoOnlyFrom = from.videoOnlyFrom;
        audioOnlyFrom = from.audioOnlyFrom;
        dataOnly = from.dataOnly;
        cleanOutput = from.cleanOutput;
        include = from.include;
        exclude = from.exclude;
        maxPublishers = from.maxPublishers;
        scale = from.scale;
        viewWidth = from.viewWidth;
        viewHeight = from.viewHeight;
        audioMuted = from.audioMuted;
        videoMuted = from.videoMuted;
        audioDevice = from.microphone ? from.audioDevice : Optional.empty();
        screen = from.screen;
        pictureTimeout = from.pictureTimeout;
        encoding = from.encoding;
        unrecognized = Collections.unmodifiableMap(new LinkedHashMap<>(from.unrecognized));
    }

    /**
     * Reads a bare query ({@code push=x&secure}), one with a question mark, or a whole link, as the web page does: names are
     * case-sensitive, where a name comes twice the first counts, later question marks count as {@code &}. An empty {@code push}
     * gets a new random id. A link whose host is vdo.ninja implies the public handshake server; everything else has to name one.
     *
     * @throws OptionsException with every problem that was found
     */
    public static SessionOptions parse(String text) {
        return builder().query(text).build();
    }

    /** Starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds what is set here. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /**
     * These options as text that {@link #parse} reads back to an equal value. It contains the password and TURN credentials. If
     * the handshake server needs {@link Builder#allowPlainWebSocket}, reading needs it too: text alone never lowers that guard.
     */
    public String toQuery() {
        return OptionsWriter.query(this);
    }

    /**
     * The link for the other side: it opens this stream in a page or in another Drawbridge. It holds the stream id and the
     * password, so whoever has it can watch.
     *
     * @param base the page, such as {@code https://vdo.ninja/}; its own query is kept
     * @throws OptionsException if {@code base} is not an {@code http} or {@code https} address
     * @throws IllegalStateException if nothing is published
     */
    public URI viewLink(URI base) {
        StreamId stream = push.orElseThrow(() -> new IllegalStateException("these options publish nothing: no push="));
        OptionsChecks.page(base);
        return OptionsWriter.viewLink(this, stream, base);
    }

    /** The stream to publish ({@code push}). */
    public Optional<StreamId> push() {
        return push;
    }

    /** The streams to watch ({@code view}), each once, in order. */
    public List<StreamId> view() {
        return view;
    }

    /** Streams to watch beside those of {@link #view} or of the whole room ({@code include}), each once, in order. */
    public List<StreamId> include() {
        return include;
    }

    /** Streams of the room that are not watched ({@code exclude}), each once, in order. */
    public List<StreamId> exclude() {
        return exclude;
    }

    /** How many streams are watched at a time ({@code maxpublishers}): 1 to 10000, exactly; empty: 256. */
    public OptionalInt maxPublishers() {
        return maxPublishers;
    }

    /** The room to join ({@code room}): 1 to 30 characters of {@code A-Z a-z 0-9 _}. */
    public Optional<String> room() {
        return room;
    }

    /** The scene as which a viewer joins its room ({@code scene}), such as {@code 0}. */
    public Optional<String> scene() {
        return scene;
    }

    /** The password of the stream and the room ({@code password}). */
    public Password password() {
        return password;
    }

    /** What is mixed into every hash and key ({@code salt}); both sides need the same. */
    public String salt() {
        return salt;
    }

    /** Who may watch ({@code secure}, {@code maxviewers}, {@code prompt}, {@code requireencryption}, {@code unsafe}). */
    public SecurityPolicy security() {
        return security;
    }

    /** What happens to unencrypted offers and answers, with this password and {@link #security}. */
    public SecurityPolicy.Encryption encryption() {
        return security.encryptionFor(password);
    }

    /** Paths and servers of the connections ({@code privacy}, {@code icefilter}, {@code lanonly}, {@code turn}, …). */
    public NetworkPolicy network() {
        return network;
    }

    /** The handshake server ({@code wss}, {@code wss2}). */
    public HandshakeEndpoint endpoint() {
        return endpoint;
    }

    /** The name that the other side shows ({@code label}), at most 100 characters without markup. */
    public Optional<String> label() {
        return label;
    }

    /** How often a viewer asks again for streams that are not there ({@code retry}): 10 s to a day. */
    public Duration retry() {
        return retry;
    }

    /** How long a viewer waits before it asks again for a lost stream ({@code retrytimeout}): 5 s to an hour. */
    public Duration retryTimeout() {
        return retryTimeout;
    }

    /** The video bitrate that a viewer asks for, in kbps ({@code videobitrate}). */
    public OptionalInt videoBitrate() {
        return videoBitrate;
    }

    /** The audio bitrate that a viewer asks for, in kbps ({@code audiobitrate}): 6 to 510. */
    public OptionalInt audioBitrate() {
        return audioBitrate;
    }

    /** The most video that a publisher sends to one viewer, in kbps ({@code maxvideobitrate}). */
    public OptionalInt maxVideoBitrate() {
        return maxVideoBitrate;
    }

    /** Preferred video codecs in order, such as {@code VP8} ({@code codec}); empty: the library's choice. */
    public List<String> codecs() {
        return codecs;
    }

    /**
     * The camera to publish, by its name or a part of it, or by its number from 1, or {@code testpattern} ({@code videodevice}); empty:
     * the one that fits best.
     */
    public Optional<String> videoDevice() {
        return videoDevice;
    }

    /** Whether a publisher may use a camera or other picture source; {@code videodevice=0} says no. */
    public boolean camera() {
        return camera;
    }

    /** Whether a publisher may use a microphone or other sound source; {@code audiodevice=0} says no. */
    public boolean microphone() {
        return microphone;
    }

    /** The microphone to publish, by its name or a part of it, or by its number from 1 ({@code audiodevice}); empty: the default. */
    public Optional<String> audioDevice() {
        return audioDevice;
    }

    /**
     * The screen is published and not a camera ({@code screenshare}): what a window's title contains, or the number of a screen from 1;
     * an empty text is the whole of the first screen.
     */
    public Optional<String> screen() {
        return screen;
    }

    /** How a publisher captures and encodes ({@code width}, {@code quality}, {@code framerate}, {@code stereo}, …). */
    public Encoding encoding() {
        return encoding;
    }

    /** When a viewer tells that a connected stream has no picture yet ({@code picturetimeout}): 1 s to 10 min; zero: never. */
    public Duration pictureTimeout() {
        return pictureTimeout;
    }

    /** Whether a publisher sends video: not with {@code videodevice=0}, {@code novideo} alone, or {@code datamode}. */
    public boolean video() {
        return (camera || screen.isPresent()) && !dataOnly && !nothing(videoOnlyFrom);
    }

    /** Whether a publisher sends audio: not with {@code audiodevice=0}, {@code noaudio} alone, or {@code datamode}. */
    public boolean audio() {
        return microphone && !dataOnly && !nothing(audioOnlyFrom);
    }

    private static boolean nothing(Optional<List<StreamId>> list) {
        return list.isPresent() && list.get().isEmpty();
    }

    /** Whether a viewer wants this stream's video, by {@code novideo} and {@code datamode}. */
    public boolean wantsVideo(StreamId stream) {
        return !dataOnly && videoOnlyFrom.map(list -> list.contains(stream)).orElse(true);
    }

    /** Whether a viewer wants this stream's audio, by {@code noaudio} and {@code datamode}. */
    public boolean wantsAudio(StreamId stream) {
        return !dataOnly && audioOnlyFrom.map(list -> list.contains(stream)).orElse(true);
    }

    /** The only streams of which a viewer wants video ({@code novideo=a,b}); an empty list: none; empty: all. */
    public Optional<List<StreamId>> videoOnlyFrom() {
        return videoOnlyFrom;
    }

    /** The only streams of which a viewer wants audio ({@code noaudio=a,b}); an empty list: none; empty: all. */
    public Optional<List<StreamId>> audioOnlyFrom() {
        return audioOnlyFrom;
    }

    /** Whether there is to be no media at all, only data ({@code datamode}). */
    public boolean dataOnly() {
        return dataOnly;
    }

    /** Whether a person wants no notices ({@code cleanoutput}); events are there all the same. */
    public boolean cleanOutput() {
        return cleanOutput;
    }

    /** The size of the pictures that a viewer asks for, in percent of the source's width and height ({@code scale}). */
    public OptionalInt scale() {
        return scale;
    }

    /** The width that pictures need not exceed for a viewer, in pixels ({@code viewwidth}); {@link #scale} counts more. */
    public OptionalInt viewWidth() {
        return viewWidth;
    }

    /** Likewise the height ({@code viewheight}). */
    public OptionalInt viewHeight() {
        return viewHeight;
    }

    /** Whether a publisher begins without sound ({@code mute}); see {@link Publisher#setAudioMuted}. */
    public boolean audioMuted() {
        return audioMuted;
    }

    /** Whether a publisher begins with black pictures ({@code videomute}); see {@link Publisher#setVideoMuted}. */
    public boolean videoMuted() {
        return videoMuted;
    }

    /** Parameters that Drawbridge does not know, with their values, in order; {@link #toQuery} writes them back. */
    public Map<String, String> unrecognized() {
        return unrecognized;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionOptions that && identity().equals(that.identity());
    }

    @Override
    public int hashCode() {
        return identity().hashCode();
    }

    /** Everything that has a meaning. The consent to plain WebSockets has none beyond the check in the builder. */
    private List<Object> identity() {
        return List.of(
                push,
                view,
                room,
                scene,
                password,
                salt,
                security,
                network,
                endpoint,
                label,
                retry,
                retryTimeout,
                videoBitrate,
                audioBitrate,
                maxVideoBitrate,
                codecs,
                camera,
                videoDevice,
                microphone,
                videoOnlyFrom,
                audioOnlyFrom,
                dataOnly,
                cleanOutput,
                include,
                exclude,
                maxPublishers,
                scale,
                viewWidth,
                viewHeight,
                audioMuted,
                videoMuted,
                audioDevice,
                screen,
                pictureTimeout,
                encoding,
                unrecognized);
    }

    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", "SessionOptions(", ")");
        push.ifPresent(id -> text.add("push " + id));
        if (!view.isEmpty()) {
            text.add("view " + view);
        }
        if (!include.isEmpty()) {
            text.add("include " + include);
        }
        if (!exclude.isEmpty()) {
            text.add("exclude " + exclude);
        }
        if (room.isPresent()) {
            text.add("in a room");
        }
        text.add(password.toString())
                .add(security.toString())
                .add(network.toString())
                .add(endpoint.toString());
        if (!unrecognized.isEmpty()) {
            text.add("unrecognized " + unrecognized.keySet());
        }
        return text.toString();
    }

    /**
     * Collects options; not thread-safe. Every method returns this builder; what is wrong is found by {@link #build}, all at once.
     * Whether a value comes from here or from a link, it means the same.
     */
    public static final class Builder {
        private Optional<StreamId> push = Optional.empty();
        private List<StreamId> view = List.of();
        private Optional<String> room = Optional.empty();
        private Optional<String> scene = Optional.empty();
        private Password password = Password.defaultKey();
        private String salt = OptionsChecks.DEFAULT_SALT;
        private SecurityPolicy security = SecurityPolicy.open();
        private NetworkPolicy network = NetworkPolicy.standard();
        private Optional<HandshakeEndpoint> endpoint = Optional.empty();
        private boolean allowPlainWebSocket;
        private Optional<String> label = Optional.empty();
        private Duration retry = DEFAULT_RETRY;
        private Duration retryTimeout = DEFAULT_RETRY_TIMEOUT;
        private OptionalInt videoBitrate = OptionalInt.empty();
        private OptionalInt audioBitrate = OptionalInt.empty();
        private OptionalInt maxVideoBitrate = OptionalInt.empty();
        private List<String> codecs = List.of();
        private boolean camera = true;
        private Optional<String> videoDevice = Optional.empty();
        private boolean microphone = true;
        private Optional<List<StreamId>> videoOnlyFrom = Optional.empty();
        private Optional<List<StreamId>> audioOnlyFrom = Optional.empty();
        private boolean dataOnly;
        private boolean cleanOutput;
        private List<StreamId> include = List.of();
        private List<StreamId> exclude = List.of();
        private OptionalInt maxPublishers = OptionalInt.empty();
        private OptionalInt scale = OptionalInt.empty();
        private OptionalInt viewWidth = OptionalInt.empty();
        private OptionalInt viewHeight = OptionalInt.empty();
        private boolean audioMuted;
        private boolean videoMuted;
        private Optional<String> audioDevice = Optional.empty();
        private Optional<String> screen = Optional.empty();
        private Duration pictureTimeout = DEFAULT_PICTURE_TIMEOUT;
        private Encoding encoding = Encoding.STANDARD;
        private Map<String, String> unrecognized = Map.of();
        private Optional<String> passwordCheck = Optional.empty();
        private final List<OptionsException.Problem> queryProblems = new ArrayList<>();

        private Builder() {}

        private Builder(SessionOptions from) {
            push = from.push;
            view = from.view;
            room = from.room;
            scene = from.scene;
            password = from.password;
            salt = from.salt;
            security = from.security;
            network = from.network;
            endpoint = Optional.of(from.endpoint);
            allowPlainWebSocket = from.allowPlainWebSocket;
            label = from.label;
            retry = from.retry;
            retryTimeout = from.retryTimeout;
            from.videoBitrate.ifPresent(this::videoBitrate);
            from.audioBitrate.ifPresent(this::audioBitrate);
            from.maxVideoBitrate.ifPresent(this::maxVideoBitrate);
            codecs = from.codecs;
            camera = from.camera;
            videoDevice = from.videoDevice;
            microphone = from.microphone;
            videoOnlyFrom = from.videoOnlyFrom;
            audioOnlyFrom = from.audioOnlyFrom;
            dataOnly = from.dataOnly;
            cleanOutput = from.cleanOutput;
            include = from.include;
            exclude = from.exclude;
            from.maxPublishers.ifPresent(this::maxPublishers);
            from.scale.ifPresent(this::scale);
            from.viewWidth.ifPresent(this::viewWidth);
            from.viewHeight.ifPresent(this::viewHeight);
            audioMuted = from.audioMuted;
            videoMuted = from.videoMuted;
            audioDevice = from.audioDevice;
            screen = from.screen;
            pictureTimeout = from.pictureTimeout;
            encoding = from.encoding;
            unrecognized = from.unrecognized;
        }

        /**
         * Takes over what a text says, in the forms of {@link SessionOptions#parse}. If it says anything about security, about the
         * network or about the encoding, it replaces that value as a whole.
         */
        public Builder query(String text) {
            queryProblems.addAll(OptionsReader.read(text, this));
            return this;
        }

        /** Publishes under this id. */
        public Builder push(StreamId id) {
            push = Optional.of(id);
            return this;
        }

        /** Watches these streams. */
        public Builder view(List<StreamId> ids) {
            view = ids.stream().distinct().toList();
            return this;
        }

        /** Watches these streams. */
        public Builder view(StreamId... ids) {
            return view(List.of(ids));
        }

        /** Watches these streams, too: beside those of {@link #view(List)}, or beside the whole room. */
        public Builder include(List<StreamId> ids) {
            include = ids.stream().distinct().toList();
            return this;
        }

        /** Watches these streams, too. */
        public Builder include(StreamId... ids) {
            return include(List.of(ids));
        }

        /** Watches the whole room but for these streams. */
        public Builder exclude(List<StreamId> ids) {
            exclude = ids.stream().distinct().toList();
            return this;
        }

        /** Watches the whole room but for these streams. */
        public Builder exclude(StreamId... ids) {
            return exclude(List.of(ids));
        }

        /** Watches so many streams at a time, exactly: 1 to 10000, and no fewer than are named. */
        public Builder maxPublishers(int most) {
            maxPublishers = OptionalInt.of(most);
            return this;
        }

        /** Joins a room; runs of characters outside {@code A-Z a-z 0-9 _} become one {@code _}, and it is cut at 30. */
        public Builder room(String name) {
            room = Optional.of(Identifiers.room(name));
            return this;
        }

        /** Joins the room as this scene; an empty name is scene 0. */
        public Builder scene(String name) {
            scene = Optional.of(Identifiers.scene(name));
            return this;
        }

        /** The password of stream and room. */
        public Builder password(Password changed) {
            password = Objects.requireNonNull(changed, "password");
            return this;
        }

        /** Refuses to build if the password is not the one with this hash: 1 to 6 hex digits, as in {@code hash=}. */
        public Builder passwordCheck(String hash) {
            passwordCheck = Optional.of(hash);
            return this;
        }

        /** What is mixed into every hash and key: 1 to 255 characters. */
        public Builder salt(String changed) {
            salt = Objects.requireNonNull(changed, "salt");
            return this;
        }

        /** Who may watch. */
        public Builder security(SecurityPolicy changed) {
            security = Objects.requireNonNull(changed, "security");
            return this;
        }

        /** Paths and servers of the connections. */
        public Builder network(NetworkPolicy changed) {
            network = Objects.requireNonNull(changed, "network");
            return this;
        }

        /** The handshake server. */
        public Builder endpoint(HandshakeEndpoint changed) {
            endpoint = Optional.of(changed);
            return this;
        }

        /**
         * Consents to {@code ws://} beyond this machine: everybody on the way can then read and change the handshake, and with the
         * default key also decrypt it. Not part of any link.
         */
        public Builder allowPlainWebSocket(boolean allowed) {
            allowPlainWebSocket = allowed;
            return this;
        }

        /** The name that the other side shows; markup goes, {@code _} becomes a space, cut at 100; empty: none. */
        public Builder label(String text) {
            label = Optional.of(Identifiers.label(text)).filter(plain -> !plain.isEmpty());
            return this;
        }

        /** How often a viewer asks again: whole seconds, 10 to 86400. */
        public Builder retry(Duration changed) {
            retry = Objects.requireNonNull(changed, "retry");
            return this;
        }

        /** How long a viewer waits before it asks again for a lost stream: whole milliseconds, 5000 to 3600000. */
        public Builder retryTimeout(Duration changed) {
            retryTimeout = Objects.requireNonNull(changed, "retryTimeout");
            return this;
        }

        /** The video bitrate that a viewer asks for: 1 to 200000 kbps. */
        public Builder videoBitrate(int kbps) {
            videoBitrate = OptionalInt.of(kbps);
            return this;
        }

        /** The audio bitrate that a viewer asks for: 6 to 510 kbps. */
        public Builder audioBitrate(int kbps) {
            audioBitrate = OptionalInt.of(kbps);
            return this;
        }

        /** The most video that a publisher sends to one viewer: 1 to 200000 kbps. */
        public Builder maxVideoBitrate(int kbps) {
            maxVideoBitrate = OptionalInt.of(kbps);
            return this;
        }

        /** Preferred codecs in order: VP8, VP9, H264, H265, AV1; case does not matter. */
        public Builder codecs(List<String> names) {
            codecs = names.stream().map(OptionsChecks::codec).distinct().toList();
            return this;
        }

        /**
         * The camera, in the words of {@code videodevice}: a name or a part of it, a number from 1, {@code testpattern}, {@code 0} for
         * none, empty for the one that fits best.
         */
        public Builder videoDevice(String name) {
            camera = !Words.off(name);
            videoDevice = Optional.of(name.strip()).filter(text -> camera && !Words.defaultDevice(text));
            return this;
        }

        /** The microphone, in the words of {@code audiodevice}: a name or a part of it, a number from 1, {@code 0} for none, empty for the default. */
        public Builder audioDevice(String name) {
            microphone = !Words.off(name);
            audioDevice = Optional.of(name.strip()).filter(text -> microphone && !Words.defaultDevice(text));
            return this;
        }

        /** The screen and not a camera: what a window's title contains, the number of a screen from 1, or an empty text for the first one. */
        public Builder screen(String which) {
            screen = Optional.of(which.strip()).map(text -> Words.flag(text) ? "" : text);
            return this;
        }

        /** How a publisher captures and encodes. */
        public Builder encoding(Encoding changed) {
            encoding = Objects.requireNonNull(changed, "encoding");
            return this;
        }

        /** When a viewer tells that a connected stream has no picture yet: whole milliseconds, 1000 to 600000; zero: never. */
        public Builder pictureTimeout(Duration changed) {
            pictureTimeout = Objects.requireNonNull(changed, "pictureTimeout");
            return this;
        }

        /** Whether a publisher may use a camera or other picture source. */
        public Builder camera(boolean allowed) {
            camera = allowed;
            return this;
        }

        /** Whether a publisher may use a microphone or other sound source. */
        public Builder microphone(boolean allowed) {
            microphone = allowed;
            return this;
        }

        /** Whether there is video, sent or received. */
        public Builder video(boolean wanted) {
            videoOnlyFrom = wanted ? Optional.empty() : Optional.of(List.of());
            return this;
        }

        /** Whether there is audio, sent or received. */
        public Builder audio(boolean wanted) {
            audioOnlyFrom = wanted ? Optional.empty() : Optional.of(List.of());
            return this;
        }

        /** A viewer takes video of these streams only. */
        public Builder videoOnlyFrom(List<StreamId> ids) {
            videoOnlyFrom = Optional.of(ids.stream().distinct().toList());
            return this;
        }

        /** A viewer takes audio of these streams only. */
        public Builder audioOnlyFrom(List<StreamId> ids) {
            audioOnlyFrom = Optional.of(ids.stream().distinct().toList());
            return this;
        }

        /** No media at all, only data. */
        public Builder dataOnly(boolean only) {
            dataOnly = only;
            return this;
        }

        /** No notices for a person. */
        public Builder cleanOutput(boolean clean) {
            cleanOutput = clean;
            return this;
        }

        /** The size of the pictures that a viewer asks for: 1 to 100 percent. */
        public Builder scale(int percent) {
            scale = OptionalInt.of(percent);
            return this;
        }

        /** The width that pictures need not exceed for a viewer: 1 to 16384 pixels. */
        public Builder viewWidth(int pixels) {
            viewWidth = OptionalInt.of(pixels);
            return this;
        }

        /** Likewise the height. */
        public Builder viewHeight(int pixels) {
            viewHeight = OptionalInt.of(pixels);
            return this;
        }

        /** Whether a publisher begins without sound. */
        public Builder audioMuted(boolean muted) {
            audioMuted = muted;
            return this;
        }

        /** Whether a publisher begins with black pictures. */
        public Builder videoMuted(boolean muted) {
            videoMuted = muted;
            return this;
        }

        /** Parameters to carry along that Drawbridge does not know; names that it knows are refused. */
        public Builder unrecognized(Map<String, String> parameters) {
            unrecognized = new LinkedHashMap<>(parameters);
            return this;
        }

        private List<StreamId> named() {
            return Stream.concat(view.stream(), include.stream()).distinct().toList();
        }

        /**
         * Checks everything and makes the options.
         *
         * @throws OptionsException with every problem, also those of {@link #query}
         */
        public SessionOptions build() {
            OptionsChecks checks = new OptionsChecks(queryProblems);
            checks.endpoint(endpoint, allowPlainWebSocket);
            room.ifPresent(checks::room);
            checks.salt(salt);
            passwordCheck.ifPresent(hash -> checks.passwordCheck(hash, password, salt));
            checks.retry(retry);
            checks.retryTimeout(retryTimeout);
            checks.bitrates(videoBitrate, audioBitrate, maxVideoBitrate);
            checks.size(scale, viewWidth, viewHeight);
            checks.codecs(codecs);
            checks.watched(named(), exclude, maxPublishers);
            videoDevice.ifPresent(checks::videoDevice);
            audioDevice.ifPresent(checks::audioDevice);
            screen.ifPresent(checks::screen);
            checks.encoding(encoding, codecs);
            checks.pictureTimeout(pictureTimeout);
            checks.unrecognized(unrecognized);
            checks.throwProblems();
            return new SessionOptions(this, endpoint.orElseThrow());
        }
    }
}
