package dev.drawbridge;

import dev.drawbridge.internal.machine.Following;
import dev.drawbridge.internal.machine.Input;
import dev.drawbridge.internal.machine.Pictures;
import dev.drawbridge.internal.machine.Recipient;
import dev.drawbridge.internal.machine.ViewerMachine;
import dev.drawbridge.internal.machine.ViewerRules;
import dev.drawbridge.internal.options.Range;
import dev.drawbridge.internal.runtime.FrameDispatcher;
import dev.drawbridge.internal.runtime.SessionCore;
import dev.drawbridge.internal.runtime.SessionSetup;
import dev.drawbridge.internal.runtime.Threads;
import dev.drawbridge.internal.wire.Limits;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.StatsRequest.Often;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.Png;
import dev.drawbridge.media.Recorder;
import dev.drawbridge.media.RecorderOptions;
import dev.drawbridge.media.SinkException;
import dev.drawbridge.media.SinkException.Reason;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.spi.LinkSettings.Role;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
     * Hands every decoded picture of any stream to the sink. It was copied once, out of the library's memory, and is shared by all sinks:
     * nobody ever writes into it, so a sink may keep it as long as it likes, on any thread, and has nothing to give back.
     *
     * <p><b>Thread:</b> one thread for all sinks of the session, {@code drawbridge-frames-N}; one call at a time. A slow sink makes the
     * others wait, so work that takes longer than a few milliseconds belongs on another thread. Four pictures wait, and no more than 64
     * MiB of them; what comes above that is not even copied, and {@link SessionStats#framesDropped} counts it. What a sink throws is logged.
     * <b>After close:</b> no call begins, and what waited is gone.
     */
    public Subscription onVideo(Consumer<VideoFrame> sink) {
        return frames.onVideo((stream, frame) -> sink.accept(frame));
    }

    /** Like {@link #onVideo(Consumer)}, with the stream that the picture belongs to. */
    public Subscription onVideo(BiConsumer<StreamId, VideoFrame> sink) {
        return frames.onVideo(sink);
    }

    /**
     * Hands decoded sound in blocks of 10 ms to the sink, before pictures that wait, too; otherwise like {@link #onVideo(Consumer)}. Half a
     * second waits. A muted publisher's sound is silence, of which blocks come as well.
     */
    public Subscription onAudio(Consumer<AudioFrame> sink) {
        return frames.onAudio((stream, frame) -> sink.accept(frame));
    }

    /** Like {@link #onAudio(Consumer)}, with the stream that the sound belongs to. */
    public Subscription onAudio(BiConsumer<StreamId, AudioFrame> sink) {
        return frames.onAudio(sink);
    }

    // ---- to keep what arrives

    /**
     * Records the first stream that delivers, until {@link Recorder#close} or the end of the session; {@link Recorder} tells what comes of it.
     *
     * @throws SinkException if that cannot begin; its message says what to do
     */
    public Recorder record(Path file) throws SinkException {
        return record(file, RecorderOptions.defaults());
    }

    /** Like {@link #record(Path)}, in another way. @throws SinkException likewise */
    public Recorder record(Path file, RecorderOptions options) throws SinkException {
        AtomicReference<@Nullable StreamId> first = new AtomicReference<>();
        return record(
                stream -> stream.equals(first.updateAndGet(known -> known == null ? stream : known)), file, options);
    }

    /** Like {@link #record(Path)}, one stream of several. @throws SinkException likewise */
    public Recorder record(StreamId stream, Path file, RecorderOptions options) throws SinkException {
        return record(stream::equals, file, options);
    }

    private Recorder record(Predicate<StreamId> wanted, Path file, RecorderOptions options) throws SinkException {
        Recorder recorder = Recorder.to(file, options);
        Subscription pictures = frames.onVideo((stream, frame) -> {
            if (wanted.test(stream)) {
                recorder.picture(frame);
            }
        });
        Subscription sound = frames.onAudio((stream, block) -> {
            if (wanted.test(stream)) {
                recorder.sound(block);
            }
        });
        var unusedEnd = closed().thenRun(recorder::close);
        var unusedDone = recorder.done().whenComplete((recording, failure) -> {
            pictures.close();
            sound.close();
        });
        return recorder;
    }

    /**
     * The next picture of any stream. Fails with a {@link SinkException} {@code NOTHING_CAME} if the session ends before. Completes on the
     * thread of the sinks: do not block there.
     */
    public CompletionStage<VideoFrame> snapshot() {
        return snapshot(stream -> true);
    }

    /** Like {@link #snapshot()}, of one stream of several. */
    public CompletionStage<VideoFrame> snapshot(StreamId stream) {
        return snapshot(stream::equals);
    }

    /**
     * Writes the next picture of any stream into a PNG file; one of that name is overwritten.
     *
     * @return the same path, when the file is whole. Fails like {@link #snapshot()}, or with {@code IO}; on a thread of its own
     */
    public CompletionStage<Path> snapshot(Path png) {
        return snapshot()
                .thenApplyAsync(
                        frame -> {
                            try {
                                Png.write(frame, png);
                                return png;
                            } catch (IOException e) {
                                throw new CompletionException(new SinkException(
                                        Reason.IO, png + " cannot be written; look at its folder and its rights", e));
                            }
                        },
                        task -> Threads.daemon("drawbridge-snapshot")
                                .newThread(task)
                                .start());
    }

    private CompletionStage<VideoFrame> snapshot(Predicate<StreamId> wanted) {
        CompletableFuture<VideoFrame> taken = new CompletableFuture<>();
        Subscription sink = frames.onVideo((stream, frame) -> {
            if (wanted.test(stream)) {
                taken.complete(frame);
            }
        });
        var unusedEnd = closed().thenRun(() -> taken.completeExceptionally(new SinkException(
                Reason.NOTHING_CAME, "the session ended before a picture came; its Closed event says why")));
        var unusedDone = taken.whenComplete((frame, failure) -> sink.close());
        return taken.copy();
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

    // ---- what a viewer may ask of a publisher

    /**
     * Asks a stream's publisher for a key frame, from which on pictures can be decoded whatever was lost before. A request like all the
     * following: it returns at once, and goes to a publisher that is connected at the moment in which the session takes it. Otherwise
     * nobody is asked, now or later, and nothing tells so; a program that wants it said to every connection asks on {@link
     * SessionEvent.StreamStarted}. Whether and how a publisher follows is its own business. Does nothing after close.
     */
    public void requestKeyFrame(StreamId stream) {
        ask(stream, new Message.KeyFrameRequest());
    }

    /**
     * Asks for this much video; as {@link #requestKeyFrame} says.
     *
     * @param kbps up to 200000; 0: as little as possible; -1: the publisher's default
     * @throws IllegalArgumentException if it is neither
     */
    public void requestBitrate(StreamId stream, int kbps) {
        ask(stream, new Message.BitrateRequest(within(-1, kbps, (int) Range.VIDEO_BITRATE.max(), "kbps")));
    }

    /**
     * Asks for this much sound; as {@link #requestKeyFrame} says.
     *
     * @param kbps up to 510; -1: the publisher's default
     * @throws IllegalArgumentException if it is neither
     */
    public void requestAudioBitrate(StreamId stream, int kbps) {
        ask(stream, new Message.AudioBitrateRequest(within(-1, kbps, (int) Range.AUDIO_BITRATE.max(), "kbps")));
    }

    /**
     * Asks for pictures that fit into this area, such as the one in which they are shown; as {@link #requestKeyFrame} says. Publishers
     * make them smaller, never larger than they are.
     *
     * @param width 1 to 16384 pixels
     * @param height likewise
     * @throws IllegalArgumentException if one is out of that range
     */
    public void requestResolution(StreamId stream, int width, int height) {
        ask(
                stream,
                new Message.ResolutionRequest(
                        within(1, width, Limits.PICTURE, "pixels"),
                        within(1, height, Limits.PICTURE, "pixels"),
                        false));
    }

    /**
     * Asks for pictures of this percentage of their width and height, instead of {@link #requestResolution}; as {@link #requestKeyFrame}
     * says.
     *
     * @param percent 1 to 100
     * @throws IllegalArgumentException if it is out of that range
     */
    public void requestScale(StreamId stream, int percent) {
        ask(stream, new Message.ScaleRequest(within(1, percent, 100, "percent")));
    }

    /** Asks for the publisher's figures, which come as {@link SessionEvent.RemoteStats}; as {@link #requestKeyFrame} says. */
    public void requestStats(StreamId stream) {
        ask(stream, new Message.StatsRequest(Often.ONCE));
    }

    private void ask(StreamId stream, Message request) {
        post(new Input.TellAsked(new Recipient.OneStream(stream), request));
    }

    private static int within(int min, int value, int max, String unit) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(value + " " + unit + "; allowed is " + min + " to " + max);
        }
        return value;
    }

    /** As on the page, a fixed scale counts more than the size of a window. */
    private static Optional<Message.SizeRequest> size(SessionOptions options) {
        if (options.scale().isPresent()) {
            return Optional.of(new Message.ScaleRequest(options.scale().getAsInt()));
        }
        return options.viewWidth().isPresent() || options.viewHeight().isPresent()
                ? Optional.of(new Message.ResolutionRequest(
                        options.viewWidth().orElse(Limits.PICTURE),
                        options.viewHeight().orElse(Limits.PICTURE),
                        false))
                : Optional.empty();
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
            SessionSetup setup = setup(Role.VIEWER, Optional.empty(), Optional.empty(), frames::forStream);
            ViewerRules rules = new ViewerRules(
                    named,
                    options.endpoint().dialect(),
                    options.security().sealing(),
                    !options.password().disabled(),
                    options.security().encryptionFor(options.password()) == SecurityPolicy.Encryption.REQUIRE,
                    options.room().isPresent(),
                    setup.needsRelay(),
                    named.stream().anyMatch(options::wantsVideo) || (wholeRoom && wants(options.videoOnlyFrom())),
                    named.stream().anyMatch(options::wantsAudio) || (wholeRoom && wants(options.audioOnlyFrom())),
                    options.label().orElse(""),
                    options.scene(),
                    setup.videoKbps(options.videoBitrate()),
                    options.audioBitrate(),
                    size(options),
                    options.retry(),
                    options.retryTimeout(),
                    new Following(
                            wholeRoom, except, options.maxPublishers().orElse(Math.max(Following.MOST, named.size()))),
                    setup.takesFiles(),
                    new Pictures(
                            options.dataOnly() ? Duration.ZERO : options.pictureTimeout(), options.videoOnlyFrom()),
                    options.encoding().degrade());
            Viewer viewer = new Viewer(new SessionCore<>(new ViewerMachine(rules), setup), setup, frames);
            viewer.closed().thenRun(frames::close);
            viewer.begin(
                    Role.VIEWER,
                    new MediaNeeds(
                            rules.video(),
                            rules.audio(),
                            "",
                            "",
                            Optional.empty(),
                            options.codecs(),
                            options.encoding()));
            return viewer;
        }

        /** Of whoever may come. */
        private boolean wants(Optional<List<StreamId>> onlyFrom) {
            return !options.dataOnly() && onlyFrom.map(list -> !list.isEmpty()).orElse(true);
        }
    }
}
