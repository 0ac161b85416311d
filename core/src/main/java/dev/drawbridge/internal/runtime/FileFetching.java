package dev.drawbridge.internal.runtime;

import dev.drawbridge.FileException;
import dev.drawbridge.FileException.Reason;
import dev.drawbridge.FileTransfer;
import dev.drawbridge.RemoteFile;
import dev.drawbridge.Subscription;
import dev.drawbridge.internal.wire.FileFields;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file on its way to us (protocol section 4.1). On the session's thread, but for what {@link FileTransfer} offers and for what the
 * channel says, which is posted.
 */
final class FileFetching implements FileTransfer, SideChannelListener {
    private static final Logger log = LoggerFactory.getLogger(FileFetching.class);
    /** What may be on its way to us or wait for the disk, between two of us. */
    static final int WINDOW = 1 << 20;
    /** What may wait for the disk when the holder does not wait for us; a browser does not. */
    static final long UNPACED = 16L << 20;
    /** From the request to the first word about the file. */
    static final Duration START = Duration.ofSeconds(30);
    /** Without a byte. */
    static final Duration STALL = Duration.ofMinutes(1);
    /** How often somebody is asked whose channel was gone before a word came through it. */
    static final int ATTEMPTS = 5;
    /** A channel and its connection end in any order. */
    private static final Duration VERDICT = Duration.ofMillis(500);

    private static final Duration PROGRESS = Duration.ofMillis(100);
    private static final int EACH = 256;

    /** What it needs of the session. */
    interface Desk {
        /** Has the file asked for; the channel that is opened for it goes to this. */
        void ask(FileFetching fetching);

        /** It is over. */
        void over(FileFetching fetching);

        /** Calls the program, on the thread of its listeners; may drop the call. */
        boolean call(Runnable task);
    }

    private final RemoteFile file;
    private final FileTarget target;
    private final FileWork work;
    private final Desk desk;
    private final CompletableFuture<Path> done = new CompletableFuture<>();
    private final List<Consumer<? super FileTransfer>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean threw = new AtomicBoolean();
    private final AtomicBoolean telling = new AtomicBoolean();
    /** What has come and is not written, in bytes, each message counted {@link #EACH} longer; added to on the transport's thread. */
    private final AtomicLong held = new AtomicLong();

    private volatile long most = UNPACED;
    private volatile long written;
    private volatile boolean overflown;
    private List<byte[]> pending = new ArrayList<>();
    private @Nullable SideChannel channel;
    private Scheduler.@Nullable Cancellable timer;
    private Instant lastProgress = Instant.MIN;
    private int attempts;
    private long arrived;
    private long acknowledged;
    private String sha256 = "";
    private boolean headed;
    private boolean paced;
    private boolean writing;
    private boolean ended;
    private boolean over;

    FileFetching(RemoteFile file, Path directory, FileWork work, Desk desk) {
        this.file = file;
        this.work = work;
        this.desk = desk;
        target = new FileTarget(directory, file.name());
    }

    // ---- life

    /** Its turn has come. */
    void start() {
        work.run(
                () -> {
                    target.begin(file.size());
                    return target;
                },
                ready -> {
                    if (!over) {
                        ask();
                    }
                },
                this::fail);
    }

    private void ask() {
        attempts++;
        desk.ask(this);
        deadline(START);
    }

    private void deadline(Duration time) {
        if (timer != null) {
            timer.cancel();
        }
        timer = work.session().schedule(time, () -> fail(Reason.TIMEOUT, "nothing has come for too long"));
    }

    /** The channel is there; called on a thread of the transport, before anything comes through it. */
    SideChannelListener through(SideChannel opened) {
        work.session().execute(() -> {
            channel = opened;
            if (over) {
                opened.close();
            }
        });
        return this;
    }

    void fail(Reason reason, String message) {
        fail(new FileException(reason, message));
    }

    /** It never began, and nothing of it is anywhere. Any thread. */
    void refuse(FileException why) {
        done.completeExceptionally(why);
    }

    /** Its file is deleted before the program hears of it. */
    void fail(FileException why) {
        if (!over) {
            end();
            work.run(() -> {
                target.discard();
                done.completeExceptionally(why);
            });
        }
    }

    private void end() {
        over = true;
        pending = List.of();
        if (timer != null) {
            timer.cancel();
        }
        if (channel != null) {
            channel.close();
        }
        desk.over(this);
    }

    // ---- from the channel, on a thread of the transport

    @Override
    public void received(String text) {
        if (holds(text.length())) {
            work.session().execute(() -> {
                held.addAndGet(-text.length() - EACH);
                if (!over) {
                    said(text);
                }
            });
        }
    }

    @Override
    public void received(byte[] bytes) {
        if (holds(bytes.length)) {
            work.session().execute(() -> came(bytes));
        }
    }

    private boolean holds(int length) {
        if (overflown) {
            return false;
        }
        overflown = held.addAndGet(length + EACH) > most;
        if (overflown) {
            work.session().execute(() -> fail(Reason.TOO_FAST, "it comes faster than it can be written"));
        }
        return !overflown;
    }

    @Override
    public void closed() {
        work.session().execute(() -> {
            channel = null;
            if (over || ended) {
                return;
            }
            if (arrived == 0 && attempts < ATTEMPTS) {
                // What is sent at once and closed at once may be gone before the library has shown it to us.
                headed = false;
                paced = false;
                most = UNPACED;
                ask();
                return;
            }
            var unused = work.session()
                    .schedule(
                            VERDICT, () -> fail(Reason.CANCELLED, "the other side closed the channel before the end"));
        });
    }

    // ---- what came

    private void said(String text) {
        if (text.equals("EOF1")) {
            ended = true;
            finishIfWritten();
        } else if (text.equals("EOF2")) {
            fail(Reason.CANCELLED, "the other side called it off");
        } else {
            FileFields.Head head = FileFields.head(text);
            if (head == null) {
                fail(Reason.DAMAGED, "the other side said what nobody understands");
            } else if (!headed) {
                headed(head);
            } else if (!head.sha256().isEmpty()) {
                sha256 = head.sha256();
            }
        }
    }

    private void headed(FileFields.Head head) {
        if (!head.type().equals(FileFields.TRANSFER) || !head.id().equals(file.id())) {
            fail(Reason.DAMAGED, "the channel is not of this file");
        } else if (head.size() != file.size()) {
            fail(Reason.SIZE_MISMATCH, "the file has another size than was told");
        } else {
            headed = true;
            paced = head.paced();
            most = paced ? 2 * WINDOW : UNPACED;
            deadline(STALL);
        }
    }

    private void came(byte[] bytes) {
        if (over) {
            return;
        }
        arrived += bytes.length;
        if (!headed || ended) {
            fail(Reason.DAMAGED, "bytes before the beginning or after the end");
        } else if (arrived > file.size()) {
            fail(Reason.SIZE_MISMATCH, "more came than was told");
        } else {
            pending.add(bytes);
            write();
        }
    }

    private void write() {
        if (writing || pending.isEmpty()) {
            return;
        }
        List<byte[]> batch = pending;
        pending = new ArrayList<>();
        writing = true;
        work.run(
                () -> {
                    target.write(batch);
                    return batch;
                },
                this::written,
                this::fail);
    }

    private void written(List<byte[]> batch) {
        writing = false;
        long bytes = 0;
        for (byte[] piece : batch) {
            bytes += piece.length;
        }
        held.addAndGet(-bytes - (long) EACH * batch.size());
        long sum = written + bytes; // nobody else adds to it
        written = sum;
        if (over) {
            return;
        }
        deadline(STALL);
        tellProgress();
        // The last word is not said before the file is in its place.
        if (written - acknowledged >= WINDOW / 4 && written < file.size()) {
            acknowledge();
        }
        write();
        finishIfWritten();
    }

    private void acknowledge() {
        acknowledged = written;
        if (paced && channel != null) {
            var unused = channel.send(FileFields.acknowledgement(written));
        }
    }

    private void finishIfWritten() {
        if (over || !ended || writing || !pending.isEmpty()) {
            return;
        }
        if (arrived != file.size()) {
            fail(Reason.SIZE_MISMATCH, "less came than was told");
            return;
        }
        if (paced && sha256.isEmpty()) {
            fail(Reason.DAMAGED, "the end came without the digest");
            return;
        }
        work.run(
                () -> target.finish(sha256),
                path -> {
                    if (!over) {
                        // First, since the program may end the session as soon as it hears.
                        closeWithThanks();
                        end();
                        work.run(() -> {
                            target.keep();
                            done.complete(path);
                        });
                    }
                },
                this::fail);
    }

    /** The holder takes a channel that closes without the last word for one that was called off. */
    private void closeWithThanks() {
        SideChannel last = channel;
        if (paced && last != null) {
            channel = null;
            var unused = last.send(FileFields.acknowledgement(written)).whenComplete((sent, gone) -> last.close());
        }
    }

    // ---- progress

    private void tellProgress() {
        Instant now = work.session().now();
        if (listeners.isEmpty() || now.isBefore(lastProgress.plus(PROGRESS)) || !telling.compareAndSet(false, true)) {
            return;
        }
        lastProgress = now;
        if (!desk.call(this::callListeners)) {
            telling.set(false);
        }
    }

    private void callListeners() {
        telling.set(false);
        for (Consumer<? super FileTransfer> listener : listeners) {
            try {
                listener.accept(this);
            } catch (Throwable thrown) { // the program's defect, once told
                if (!threw.getAndSet(true)) {
                    log.warn("A listener of a file's progress threw; from now on this is not told", thrown);
                }
            }
        }
    }

    // ---- FileTransfer

    @Override
    public RemoteFile file() {
        return file;
    }

    @Override
    public long bytes() {
        return written;
    }

    @Override
    public CompletionStage<Path> done() {
        return done.minimalCompletionStage();
    }

    @Override
    public Subscription onProgress(Consumer<? super FileTransfer> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void cancel() {
        work.session().execute(() -> fail(Reason.CANCELLED, "called off"));
    }

    /** What is held in memory now. */
    long held() {
        return held.get();
    }

    @Override
    public String toString() {
        return "FileTransfer(" + written + " of " + file.size() + " bytes)";
    }
}
