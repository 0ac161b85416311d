package dev.drawbridge.internal.runtime;

import dev.drawbridge.FileException;
import dev.drawbridge.FileException.Reason;
import dev.drawbridge.internal.wire.FileFields;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One file of ours on its way to a peer (protocol section 4.1). It is read as fast as it leaves. On the session's thread, but for what the
 * channel says, which is posted.
 */
final class FileSending implements SideChannelListener {
    /** What is read and has not left. */
    static final int HIGH_WATER = 1 << 20;
    /** What is read at once: a sixteenth of a megabyte is a hop between threads too often, a whole one a jerk in what leaves. */
    static final int BLOCK = 256 * 1024;

    static final int LEAST_WINDOW = 64 * 1024;
    /** Nothing has left, or nothing was acknowledged. */
    static final Duration STALL = Duration.ofMinutes(1);
    /** What an end that is only said takes to leave. */
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    private static final Duration VERDICT = Duration.ofMillis(500);

    private final OwnFile file;
    private final FileOrigin origin;
    private final int window;
    private final FileWork work;
    private final Backlog unread = new Backlog(() -> post(() -> fail(Reason.DAMAGED, "more is said than can be read")));
    private final Told told;
    private @Nullable SideChannel channel;
    private Scheduler.@Nullable Cancellable timer;
    private long read;
    private long left;
    private long acknowledged;
    private boolean reading;
    private boolean ended;
    private boolean over;

    /** Hears its end, once, on the session's thread. */
    interface Told {
        /**
         * It is over.
         *
         * @param why it did not get there; empty if it did
         */
        void over(FileSending sending, Optional<Reason> why);
    }

    /** @param window of the request; empty for those who acknowledge nothing */
    FileSending(OwnFile file, OptionalInt window, FileWork work, Told told) {
        this.file = file;
        this.window = window.isPresent() ? Math.max(LEAST_WINDOW, Math.min(HIGH_WATER, window.getAsInt())) : 0;
        this.work = work;
        this.told = told;
        origin = new FileOrigin(file.path(), file.size());
    }

    OwnFile file() {
        return file;
    }

    private boolean paced() {
        return window > 0;
    }

    private void post(Runnable task) {
        work.session().execute(task);
    }

    // ---- life

    /** @param opening makes a channel that this hears */
    void start(Function<SideChannelListener, CompletionStage<SideChannel>> opening) {
        alive();
        var unused = opening.apply(this).whenComplete((opened, thrown) -> post(() -> opened(opened)));
    }

    private void opened(@Nullable SideChannel opened) {
        if (opened == null) {
            fail(Reason.PEER_GONE, "no channel could be opened");
        } else if (over) {
            opened.close();
        } else {
            channel = opened;
            var unused = opened.send(FileFields.head(file.id(), file.name(), file.size(), paced()));
            // Only now, so that there is a channel on which to say that it cannot be read.
            work.run(
                    () -> {
                        origin.begin();
                        return origin;
                    },
                    ready -> pump(),
                    this::fail);
        }
    }

    private void alive() {
        if (timer != null) {
            timer.cancel();
        }
        timer = work.session().schedule(STALL, () -> fail(Reason.TIMEOUT, "nothing is taken any more"));
    }

    private void pump() {
        SideChannel to = channel;
        if (over || reading || ended || to == null) {
            return;
        }
        if (read == file.size()) {
            reading = true;
            work.run(origin::finish, sha256 -> finish(to, sha256), this::fail);
            return;
        }
        int next = next();
        if (next > 0) {
            reading = true;
            work.run(() -> origin.read(next), chunks -> send(to, chunks, next), this::fail);
        }
    }

    /** How much may be read now; 0 if something has to leave first, or to be acknowledged. */
    private int next() {
        long most = Math.min(BLOCK, file.size() - read);
        if (read - left + most > HIGH_WATER) {
            return 0;
        }
        if (!paced()) {
            return (int) most;
        }
        long room = Math.min(most, window - (read - acknowledged));
        // Not the crumbs of a window, but for the last of the file.
        return room == most || room >= FileOrigin.CHUNK ? (int) Math.max(room, 0) : 0;
    }

    private void send(SideChannel to, List<byte[]> chunks, int bytes) {
        reading = false;
        if (over) {
            return;
        }
        read += bytes;
        for (int i = 0; i < chunks.size(); i++) {
            CompletionStage<Void> sent = to.send(chunks.get(i));
            if (i == chunks.size() - 1) {
                var unused = sent.whenComplete((some, thrown) -> post(() -> {
                    if (thrown == null) {
                        left += bytes;
                        alive();
                        pump();
                    } // or else its channel is closed, which is told by itself
                }));
            }
        }
        pump();
    }

    private void finish(SideChannel to, String sha256) {
        reading = false;
        if (over) {
            return;
        }
        ended = true;
        if (paced()) {
            var unused = to.send(FileFields.digest(sha256));
        }
        var unused = to.send("EOF1")
                .whenComplete((some, thrown) -> post(() -> {
                    if (!paced() && thrown == null) {
                        end(Optional.empty());
                    }
                }));
    }

    void fail(Reason reason, String message) {
        fail(new FileException(reason, message));
    }

    /** The other side is told where it listens. */
    void fail(FileException why) {
        SideChannel to = channel;
        if (over) {
            return;
        }
        channel = null;
        end(Optional.of(why.reason()));
        if (to != null) {
            var unused = to.send("EOF2").whenComplete((some, thrown) -> to.close());
            var unusedTimer = work.session().schedule(LAST_WORD, to::close);
        }
    }

    private void end(Optional<Reason> why) {
        if (over) {
            return;
        }
        over = true;
        if (timer != null) {
            timer.cancel();
        }
        if (channel != null) {
            channel.close();
        }
        work.run(origin::close);
        told.over(this, why);
    }

    /** Read, and not told to be written at the other end, or, where nobody tells, not left. */
    long held() {
        return read - (paced() ? acknowledged : left);
    }

    // ---- from the channel, on a thread of the transport

    @Override
    public void received(String text) {
        if (unread.admits(text.length())) {
            post(() -> {
                unread.read(text.length());
                FileFields.Head head = over ? null : FileFields.head(text);
                if (head != null && head.acknowledged() > acknowledged && head.acknowledged() <= read) {
                    acknowledged = head.acknowledged();
                    alive();
                    pump();
                }
                if (head != null && ended && paced() && head.acknowledged() == file.size()) {
                    end(Optional.empty());
                }
            });
        }
    }

    @Override
    public void received(byte[] bytes) {
        // Nothing is said to a holder in bytes.
    }

    @Override
    public void closed() {
        post(() -> {
            channel = null;
            if (!over) {
                // Its connection may be ending too, and is then the reason.
                var unused = work.session()
                        .schedule(VERDICT, () -> fail(Reason.CANCELLED, "the other side closed the channel"));
            }
        });
    }

    @Override
    public String toString() {
        return "FileSending(" + left + " of " + file.size() + " bytes)";
    }
}
