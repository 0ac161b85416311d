package dev.drawbridge;

import dev.drawbridge.internal.machine.Following;
import dev.drawbridge.internal.machine.Recipient;
import dev.drawbridge.internal.machine.ViewerMachine;
import dev.drawbridge.internal.machine.ViewerRules;
import dev.drawbridge.internal.runtime.FrameDispatcher;
import dev.drawbridge.internal.runtime.SessionCore;
import dev.drawbridge.internal.runtime.SessionSetup;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.spi.LinkSettings.Role;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Watches one or more streams, or everything that is published in a room.
 *
 * <pre>{@code
 * try (Viewer viewer = Viewer.start(SessionOptions.parse("?view=camera1&wss=ws://127.0.0.1:8080"))) {
 *   viewer.onVideo(frame -> show(frame));
 *   viewer.awaitClosed();
 * }
 * }</pre>
 *
 * <p>With a room and no {@code view}, every stream of the room is watched as its members come and go, but for those of {@code exclude}
 * and the one that the same options publish, and no more than {@code maxpublishers} at a time. Such a session goes on when all streams have ended.
 *
 * <p>A stream that is not there yet, or was lost, is asked for again by itself. One whose publisher was in secure mode is not: it
 * cannot come back, and the session closes with {@link CloseReason#STREAM_ENDED}.
 */
public final class Viewer extends Session {
    private final FrameDispatcher frames;

    private Viewer(SessionCore<?> core, SessionSetup setup, FrameDispatcher frames) {
        super(core, setup);
        this.frames = frames;
    }

    /**
     * Starts with the media transport on the class path and returns once the streams are asked for, or the room is entered. <b>Blocking:</b> until
     * then, at most about 15 s; in a room of a hosted server about 20 s, because up to 5 s are spent on waiting for its listing.
     *
     * @throws SessionException if the session could not start; its code and message say what to do
     * @throws OptionsException if the options name no stream ({@code view}, {@code include}) and no {@code room}
     */
    public static Viewer start(SessionOptions options) throws SessionException {
        return builder(options).start();
    }

    /**
     * Like {@link #start(SessionOptions)} with an explicit media transport, which the session closes at its end.
     *
     * @throws SessionException if the session could not start
     * @throws OptionsException if the options name no stream ({@code view}, {@code include}) and no {@code room}
     */
    public static Viewer start(SessionOptions options, MediaTransport media) throws SessionException {
        return builder(options).media(media).start();
    }

    /** For everything beyond options and media. */
    public static Builder builder(SessionOptions options) {
        return new Builder(options);
    }

    /**
     * Hands every decoded picture of any stream to the sink. <b>Thread:</b> one thread for all sinks of the session. A slow sink
     * misses pictures, which {@link SessionStats#framesDropped} counts; what it throws is logged.
     */
    public Subscription onVideo(Consumer<VideoFrame> sink) {
        return frames.onVideo((stream, frame) -> sink.accept(frame));
    }

    /** Like {@link #onVideo(Consumer)}, with the stream that the picture belongs to. */
    public Subscription onVideo(BiConsumer<StreamId, VideoFrame> sink) {
        return frames.onVideo(sink);
    }

    /** Hands decoded sound in blocks of 10 ms to the sink; otherwise like {@link #onVideo(Consumer)}. */
    public Subscription onAudio(Consumer<AudioFrame> sink) {
        return frames.onAudio((stream, frame) -> sink.accept(frame));
    }

    /** Like {@link #onAudio(Consumer)}, with the stream that the sound belongs to. */
    public Subscription onAudio(BiConsumer<StreamId, AudioFrame> sink) {
        return frames.onAudio(sink);
    }

    /**
     * Sends a text to one stream's publisher alone; otherwise like {@link #send(String)}. The stage fails with {@code NO_SUCH_PEER} if that is not connected, and with
     * {@code PEER_GONE} if it goes away before the data has left for sure.
     */
    public CompletionStage<Void> send(StreamId stream, String text) {
        return text(new Recipient.OneStream(stream), text).thenAccept(sent -> {});
    }

    /**
     * Like {@link #sendJson(String)}, to one stream's publisher alone, and fails like {@link #send(StreamId, String)}.
     *
     * @throws IllegalArgumentException if it is no JSON, more than one value or nested deeper
     */
    public CompletionStage<Void> sendJson(StreamId stream, String json) {
        return json(new Recipient.OneStream(stream), json).thenAccept(sent -> {});
    }

    /**
     * Like {@link #send(byte[])}, to one stream's publisher alone, and fails like {@link #send(StreamId, String)}.
     */
    public CompletionStage<Void> send(StreamId stream, byte[] bytes) {
        return bytes(new Recipient.OneStream(stream), bytes).thenAccept(sent -> {});
    }

    /**
     * Like {@link #chat(String)}, to one stream's publisher alone, and fails like {@link #send(StreamId, String)}.
     *
     * @throws IllegalArgumentException if there is nothing to see in it
     */
    public CompletionStage<Void> chat(StreamId stream, String text) {
        return chat(new Recipient.OneStream(stream), text).thenAccept(sent -> {});
    }

    /** Builds one viewer. Not thread-safe. */
    public static final class Builder extends SessionBuilder<Builder> {

        private Builder(SessionOptions options) {
            super(options);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Starts; see {@link Viewer#start(SessionOptions)}.
         *
         * @throws SessionException if the session could not start
         * @throws OptionsException if the options name no stream ({@code view}, {@code include}) and no {@code room}
         */
        public Viewer start() throws SessionException {
            List<StreamId> named = Stream.concat(options.view().stream(), options.include().stream())
                    .distinct()
                    .toList();
            boolean wholeRoom = options.room().isPresent() && options.view().isEmpty();
            if (named.isEmpty() && !wholeRoom) {
                throw new OptionsException(
                        "view", "no stream to watch is named", "view=name, or room=name for all that are in a room");
            }
            Set<StreamId> except = Stream.concat(options.exclude().stream(), options.push().stream())
                    .collect(Collectors.toSet());
            FrameDispatcher frames = new FrameDispatcher();
            SessionSetup setup = setup(Role.VIEWER, Optional.empty(), frames::forStream);
            ViewerRules rules = new ViewerRules(
                    named,
                    options.endpoint().dialect(),
                    options.security().sealing(),
                    !options.password().disabled(),
                    options.security().encryptionFor(options.password()) == SecurityPolicy.Encryption.REQUIRE,
                    options.room().isPresent(),
                    setup.needsRelay(),
                    named.stream().anyMatch(options::wantsVideo) || wholeRoom && wants(options.videoOnlyFrom()),
                    named.stream().anyMatch(options::wantsAudio) || wholeRoom && wants(options.audioOnlyFrom()),
                    options.label().orElse(""),
                    options.scene(),
                    setup.videoKbps(options.videoBitrate()),
                    options.audioBitrate(),
                    options.retry(),
                    options.retryTimeout(),
                    new Following(wholeRoom, except, options.maxPublishers().orElse(Math.max(Following.MOST, named.size()))),
                    setup.takesFiles());
            Viewer viewer = new Viewer(new SessionCore<>(new ViewerMachine(rules), setup), setup, frames);
            viewer.closed().thenRun(frames::close);
            viewer.begin(Role.VIEWER, new MediaNeeds(rules.video(), rules.audio(), ""));
            return viewer;
        }

        /** Of whoever may come. */
        private boolean wants(Optional<List<StreamId>> onlyFrom) {
            return !options.dataOnly() && onlyFrom.map(list -> !list.isEmpty()).orElse(true);
        }
    }
}
