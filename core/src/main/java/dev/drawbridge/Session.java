package dev.drawbridge;

import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.internal.machine.Input;
import dev.drawbridge.internal.machine.Recipient;
import dev.drawbridge.internal.runtime.SessionCore;
import dev.drawbridge.internal.runtime.SessionSetup;
import dev.drawbridge.internal.runtime.StatsSum;
import dev.drawbridge.internal.runtime.Threads;
import dev.drawbridge.internal.wire.Limits;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.SelectedPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One publisher or one viewer, from its start to its one end.
 *
 * <p><b>Thread:</b> every method may be called from any thread, listeners included. Listeners of one session are called one after
 * the other on a thread of their own; a slow one delays the others and nothing else. <b>After close:</b> {@link #state}, {@link
 * #events} and {@link #stats} still answer, {@link #subscribe} still tells the journal, the rest does nothing. Listeners have 5 s
 * after {@link Closed} to hear the rest in peace; from then on their thread is interrupted in every call, so that one which waits
 * for ever does not keep the thread. Every event is still told.
 */
public abstract sealed class Session implements AutoCloseable permits Publisher, Viewer {
    private static final Duration CLOSE = Duration.ofSeconds(2);
    /** A transport promises 10 s. */
    private static final Duration PREPARE = Duration.ofSeconds(12);

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final SessionCore<?> core;
    private final SessionSetup setup;
    private final StatsSum stats = new StatsSum();

    Session(SessionCore<?> core, SessionSetup setup) {
        this.core = core;
        this.setup = setup;
    }

    /** Connects while the media is prepared, and returns when the session is announced or asking. */
    final void begin(LinkSettings.Role role, MediaTransport.MediaNeeds needs) throws SessionException {
        core.post(new Input.Start());
        setup.media().watchSources(core.sourceListener());
        try {
            prepare(role, needs);
        } catch (SessionException | RuntimeException | Error thrown) {
            close();
            if (core.closed().isDone() && core.closed().join().reason() != CloseReason.CLOSED_BY_APPLICATION) {
                // The session ended first and took its media away: that is the reason, not what the media says of it.
                throw ended(thrown);
            }
            throw thrown;
        }
        setup.mediaReady().complete(null);
        if (setup.realTime()) {
            await(core.announced());
            if (core.closed().isDone()) {
                throw ended(null);
            }
        }
    }

    /** A transport may be somebody's own and hang, so it is waited for, not run here; with a clock that somebody moves it is run. */
    private void prepare(LinkSettings.Role role, MediaTransport.MediaNeeds needs) throws SessionException {
        if (!setup.realTime()) {
            setup.media().prepare(role, needs);
            return;
        }
        CompletableFuture<@Nullable Void> prepared = new CompletableFuture<>();
        Thread preparing = Threads.daemon("drawbridge-prepare").newThread(() -> {
            try {
                setup.media().prepare(role, needs);
                prepared.complete(null);
            } catch (Throwable thrown) { // whatever it is, it belongs to the one who starts
                prepared.completeExceptionally(thrown);
            }
        });
        preparing.start();
        try {
            // A session that has ended needs no media any more.
            CompletableFuture.anyOf(prepared, core.closed()).get(PREPARE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new SessionException(
                    CloseReason.INTERNAL_ERROR,
                    "the media transport was not prepared within " + PREPARE
                            + "; a device may hang: choose others with videodevice and audiodevice, and see what bin/doctor says",
                    late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SessionException(
                    CloseReason.CLOSED_BY_APPLICATION,
                    "interrupted while starting; start again on a thread that may wait",
                    interrupted);
        } catch (ExecutionException failed) {
            throw thrown(failed.getCause());
        } finally {
            if (!prepared.isDone()) {
                preparing.interrupt();
            }
        }
    }

    private static SessionException thrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException defect) {
            throw defect;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof SessionException known
                ? known
                : new SessionException(
                        CloseReason.INTERNAL_ERROR,
                        "the media could not be prepared; the cause says why, and bin/doctor what is missing",
                        cause);
    }

    private SessionException ended(@Nullable Throwable cause) {
        Closed end = core.closed().join();
        String detail = end.detail().isEmpty() ? "" : " (" + end.detail() + ")";
        return new SessionException(end.reason(), end.reason().text() + detail, cause);
    }

    private void await(CompletionStage<Void> announced) throws SessionException {
        try {
            announced.toCompletableFuture().get();
        } catch (InterruptedException interrupted) {
            close();
            Thread.currentThread().interrupt();
            throw new SessionException(
                    CloseReason.CLOSED_BY_APPLICATION,
                    "interrupted while starting; start again on a thread that may wait",
                    interrupted);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    final MediaTransport.SourceCounters counters() {
        return setup.media().sourceCounters();
    }

    final MediaTransport media() {
        return setup.media();
    }

    final SessionCore<?> core() {
        return core;
    }

    final void post(Input input) {
        core.post(input);
    }

    /** How the session stands now. */
    public SessionState state() {
        return core.phase();
    }

    /** Calls the listener for every event of one kind, past ones first, in order. */
    public <E extends SessionEvent> Subscription on(Class<E> kind, Consumer<? super E> listener) {
        return subscribe(event -> {
            if (kind.isInstance(event)) {
                listener.accept(kind.cast(event));
            }
        });
    }

    /** Calls the listener for every event, past ones first, in order, each once. What it throws is logged. */
    public Subscription subscribe(Consumer<SessionEvent> listener) {
        return core.events().subscribe(listener);
    }

    /**
     * Every event so far, without {@link SessionEvent.DataReceived}, {@link SessionEvent.ChatReceived} and {@link SessionEvent.RemoteStats};
     * the newest 4,096.
     */
    public List<SessionEvent> events() {
        return core.events().journal();
    }

    /**
     * Every host that this session has talked to or may talk to, and why. What is over stays in it; after the seal that is everything of
     * the handshake. The media goes to TURN servers and peers, never through the proxy.
     */
    public List<NetworkContact> network() {
        return core.network();
    }

    /**
     * The figures now, from the media library. <b>Blocking:</b> up to 2 s. After close, or if the library does not answer, the
     * figures of the links are missing.
     */
    public SessionStats stats() {
        return core.figures(stats, ask(PeerLink::stats));
    }

    /**
     * Calls the listener with the figures again and again, on the thread of the listeners, until the session ends. A listener that is
     * slow misses figures, never gets them late one after the other. Bitrates are those since its previous call.
     *
     * @param interval at least 100 ms
     * @throws IllegalArgumentException if the interval is shorter
     */
    public Subscription onStats(Duration interval, Consumer<? super SessionStats> listener) {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "interval is " + interval + ", but figures come at most every " + SHORTEST.toMillis() + " ms");
        }
        return core.sample(interval, listener);
    }

    /**
     * The paths that the connections take now, with the addresses of both ends, which no other figure, event or log line has: a
     * publisher's by viewer (candidates included), a viewer's by stream id. A connection without a path is left out. Empty where only
     * relays are allowed ({@code privacy}, {@code icefilter=relay}), after close, and if the library does not answer.
     * <b>Blocking:</b> up to 2 s.
     */
    public Map<String, SelectedPath> paths() {
        if (setup.needsRelay()) {
            return Map.of();
        }
        Map<String, SelectedPath> found = new LinkedHashMap<>();
        ask(PeerLink::path).forEach((name, path) -> path.ifPresent(taken -> found.put(name, taken)));
        return Collections.unmodifiableMap(found);
    }

    private <T> Map<String, T> ask(Function<PeerLink, CompletionStage<T>> question) {
        try {
            return core.ask(question).get(core.closed().isDone() ? 0 : ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            // told by the empty map
        }
        return Map.of();
    }

    /**
     * To be called when the program hears that this machine's network is another one: an address or an interface has come or gone.
     * Java has no word for that, but Android, desktops and NetworkManager do. A session also goes on without it, only slower: a dead
     * connection to the handshake server is then noticed after 10 to 20 s, and a pause between two attempts lasts up to 30 s.
     *
     * <p>It tries the server again, if it waits to do so: at once in the first pause after a loss, otherwise after half a second; ends a
     * connection to it whose address this machine has no more, to make a new one half a second later; has each peer told by an ICE
     * restart, over the data channel, which addresses there are now, as long as the old path carries it; and, as a viewer, asks again
     * for streams that were lost. A sealed publisher does the ICE restart and nothing else: not a byte goes to the handshake server.
     * Calls in a row do no harm: each pause is shortened once. <b>Blocking:</b> no.
     */
    public void networkChanged() {
        core.post(new Input.NetworkChanged());
    }

    // ---- data -------------------------------------------------------------------------------------------------------

    /**
     * Sends a text to everybody, over the data channels: to whoever is connected when the session takes it, in the order of the calls.
     * The other side sees it as a JSON string ({@link SessionEvent.DataReceived#text}).
     *
     * <p>The stage completes when the data has left for each of them: the media library has handed all of it to the network, and
     * nothing of it waits on this side any more. So a program that waits for its stages, or for some of them, is as fast as the network
     * and no faster. At most 1 MiB a peer is with the media library at a time. What is above waits here: as much as 8 Mi characters
     * for each peer, and another 8 Mi until the session has taken it, each message counted 256 longer.
     *
     * <p><b>Result:</b> to how many peers it has left. 0 if nobody was connected, which is no failure. Who goes away before it left
     * is none of everybody any more, so that is no failure either: it is not counted. <b>Failures</b> are {@link SendException}s:
     * {@code TOO_BIG} above 256 KiB as the message on the wire (JSON in UTF-8); {@code TOO_MUCH_WAITING} when above that for some
     * peer, which {@link SendException#peers} names, while all others have it; {@code SESSION_CLOSED}. Every failure leaves the
     * channel alive and what was sent before and after as it is.
     *
     * <p><b>Thread:</b> any; the stage completes on a thread of its own, {@code drawbridge-sent-N}, in the order in which data left. A
     * listener may wait for it; what hangs on such a stage should not wait for another one. <b>Blocking:</b> no. <b>After close:</b>
     * {@code SESSION_CLOSED}; every stage is completed by the end of the session.
     *
     * @param text any text, half surrogate pairs included
     */
    public CompletionStage<Integer> send(String text) {
        return text(Recipient.everybody(), text);
    }

    /**
     * Like {@link #send(String)} with a JSON value, which arrives as it is ({@link SessionEvent.DataReceived#json}).
     *
     * @param json one JSON value of any kind, nested at most 31 deep. Clients on the JavaScript SDK hear nothing of {@code false},
     *     {@code 0}, {@code ""} and {@code null}
     * @throws IllegalArgumentException if it is no JSON, more than one value or nested deeper
     */
    public CompletionStage<Integer> sendJson(String json) {
        return json(Recipient.everybody(), json);
    }

    /**
     * Like {@link #send(String)} with bytes, which arrive exactly ({@link SessionEvent.DataReceived#bytes}). They travel in an envelope
     * of JSON, because other clients take binary messages for something else; those see <code>{"drawbridgeBytes":"…"}</code> with
     * base64. {@code TOO_BIG} above 196,584 bytes.
     *
     * @param bytes copied before the return
     */
    public CompletionStage<Integer> send(byte[] bytes) {
        return bytes(Recipient.everybody(), bytes);
    }

    /**
     * Like {@link #send(String)} with a line for the chat, which all clients of the family show to people. Here it arrives as {@link
     * SessionEvent.ChatReceived}.
     *
     * @param text plain; receivers take tags out. {@code TOO_BIG} above 500 characters, where receivers would cut it
     * @throws IllegalArgumentException if there is nothing to see in it
     */
    public CompletionStage<Integer> chat(String text) {
        return chat(Recipient.everybody(), text);
    }

    final CompletionStage<Integer> text(Recipient to, String text) {
        return text.length() > Limits.CHANNEL_BYTES ? SessionCore.tooBig() : core.send(to, Message.Pipe.ofText(text));
    }

    final CompletionStage<Integer> json(Recipient to, String json) {
        return json.length() > Limits.CHANNEL_BYTES ? SessionCore.tooBig() : core.send(to, Message.Pipe.ofJson(json));
    }

    final CompletionStage<Integer> bytes(Recipient to, byte[] bytes) {
        return bytes.length > Limits.DATA_BYTES ? SessionCore.tooBig() : core.send(to, Message.Pipe.ofBytes(bytes));
    }

    final CompletionStage<Integer> chat(Recipient to, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a line of chat without a character");
        }
        return text.length() > Limits.CHAT ? SessionCore.tooBig() : core.send(to, new Message.Chat(text));
    }

    // ---- files ------------------------------------------------------------------------------------------------------

    /**
     * Offers a file to everybody who is connected and wants files, and to those who will be. Whoever asks gets it over a data channel of
     * its own, read as fast as it leaves: at most 1 MiB of it is in memory for each who fetches it, and at most four files go to one of
     * them at a time. {@link SessionEvent.FileSent} and {@link SessionEvent.FileNotSent} tell what became of it. Works after the seal. The
     * web page offers and fetches files in the same way, but its publishers do not take offers of viewers.
     *
     * <p><b>Thread:</b> any. <b>Blocking:</b> for a look at the file.
     *
     * @param file not to be changed while it is offered: what has another size when somebody asks is not sent. Its name, not its path, is
     *     told
     * @throws FileException {@code IO} if it is no file that can be read, {@code TOO_MANY} when 256 are offered, {@code SESSION_CLOSED}
     *     after close
     */
    public OfferedFile offerFile(Path file) throws FileException {
        return core.offerFile(file);
    }

    /** Files that others offer now; see {@link SessionEvent.FileOffered}. At most 256 of each. Empty after close. */
    public List<RemoteFile> files() {
        return core.files();
    }

    /**
     * Fetches a file into a directory. It grows under its name with {@code .part} and gets its name when it is whole: its size is what
     * was told and, from another Drawbridge, its SHA-256 is that of what was read there. No file that is there is touched: where there
     * is one of the name, this one is called {@code name (1)}, or the next number up to 99. If it fails nothing is left behind.
     *
     * <p>At most four come from one peer at a time, the others wait. From another Drawbridge at most 1 MiB is on its way or waits for the
     * disk. Other clients do not wait for us: {@code TOO_FAST} when 16 MiB wait for the disk. {@code TIMEOUT} after 30 s without a word
     * and a minute without a byte.
     *
     * <p><b>Thread:</b> any. <b>Blocking:</b> no; a thread of the session's own, {@code drawbridge-files-N}, writes. <b>After close:</b>
     * {@link FileTransfer#done} fails with {@code SESSION_CLOSED}.
     *
     * @param file as {@link SessionEvent.FileOffered} or {@link #files} told it
     * @param directory that exists
     */
    public FileTransfer fetch(RemoteFile file, Path directory) {
        return core.fetch(file, directory);
    }

    /**
     * Ends the session and everything of it. <b>Blocking:</b> at most 2 s, until {@link Closed} was emitted. Idempotent; may be
     * called by a listener. An interrupt does not cut it short and is kept.
     */
    @Override
    public void close() {
        core.post(new Input.CloseAsked());
        if (setup.realTime()) {
            boolean interrupted = Thread.interrupted();
            long deadline = System.nanoTime() + CLOSE.toNanos();
            while (awaitClosed(Duration.ofNanos(deadline - System.nanoTime())).isEmpty()
                    && System.nanoTime() < deadline) {
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Waits for the end. <b>Blocking:</b> until it comes.
     *
     * @throws InterruptedException if the thread is interrupted; the session goes on
     */
    public CloseReason awaitClosed() throws InterruptedException {
        try {
            return core.closed().get().reason();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Waits for the end for a limited time; empty if it has not come by then, or when interrupted (the thread's flag is then set).
     * <b>Blocking:</b> up to the limit.
     */
    public Optional<CloseReason> awaitClosed(Duration limit) {
        try {
            return Optional.of(
                    core.closed().get(limit.toNanos(), TimeUnit.NANOSECONDS).reason());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Completes with the last event, on the session's thread: do not block there. */
    public CompletionStage<Closed> closed() {
        return core.closed().copy();
    }
}
