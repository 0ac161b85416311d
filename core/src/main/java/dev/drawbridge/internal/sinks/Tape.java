package dev.drawbridge.internal.sinks;

import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.Recording;
import dev.drawbridge.media.SinkException;
import dev.drawbridge.media.SinkException.Reason;
import dev.drawbridge.media.VideoFrame;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One recording: takes pictures and sound when they come and writes them by a clock, a little later, so that each finds its tick. Where
 * no new picture came, the one before is written again. A slow target costs pictures, never memory.
 *
 * <p><b>Thread:</b> every method from any thread; one of its own, {@code drawbridge-record-N}, writes. <b>Blocking:</b> none.
 */
public final class Tape {
    private static final Logger LOG = LoggerFactory.getLogger(Tape.class);
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    /** How much later it is written: long enough for what is on its way through the threads. */
    private static final long LAG = TimeUnit.MILLISECONDS.toNanos(150);
    /** Behind by so much, a target that takes gaps gets one. */
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(500);
    /** Behind by so much, one that takes none has to end. */
    private static final long TOO_LATE = TimeUnit.SECONDS.toNanos(10);
    /** The end of a file takes some seconds at most; after that nobody waits for a process or a disk that hangs. */
    private static final long CLOSE_SECONDS = 30;

    /**
     * How much later than its moment sound may come: a jitter buffer that has grown keeps it back longer than pictures. Only what is
     * missing after that is silence.
     */
    private static final long SOUND_LATE = TimeUnit.MILLISECONDS.toNanos(1_500);
    /** What is further from our time has been stamped by another clock. */
    private static final long OTHER_CLOCK = TimeUnit.SECONDS.toNanos(5);

    private static final long SOUND_STEP = TimeUnit.MILLISECONDS.toNanos(100);
    static final int MOST_PICTURES = 32;
    static final long MOST_BYTES = 128L << 20;
    /** Blocks of 10 ms. */
    static final int MOST_BLOCKS = 500;

    /** What is recorded. */
    public record Plan(Path file, boolean pictures, boolean sound, Optional<Size> size, int framesPerSecond) {}

    /** Of a picture; even numbers. */
    public record Size(int width, int height) {}

    /** Opens the file, or whatever writes it, when the size of its pictures is known. */
    public interface Opening {
        Target open(int width, int height) throws IOException, SinkException;
    }

    private final Plan plan;
    private final Opening opening;
    private final LongSupplier clock;
    private final CompletableFuture<Recording> done = new CompletableFuture<>();
    private final Object lock = new Object();
    // Guarded by the lock:
    private final ArrayDeque<VideoFrame> pictures = new ArrayDeque<>();
    private final ArrayDeque<AudioFrame> sounds = new ArrayDeque<>();
    private long waitingBytes;
    private long dropped;
    private long soundDropped;
    private boolean closing;
    private long closedAt;
    private boolean over;

    private volatile @Nullable Target target;

    // Of the one thread:
    private long origin;
    private long tick;
    private long written;
    private long repeated;
    private Size size = new Size(0, 0);

    public Tape(Plan plan, Opening opening) {
        this(plan, opening, System::nanoTime);
    }

    /** @param clock what times are read from; what is waited for is real time all the same */
    Tape(Plan plan, Opening opening, LongSupplier clock) {
        this.plan = plan;
        this.opening = opening;
        this.clock = clock;
        Thread thread = new Thread(this::run, "drawbridge-record-" + NUMBERS.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
    }

    /** One that was stamped by another clock, more than 5 s away from ours, counts as one of this moment. */
    public void picture(VideoFrame given) {
        long now = clock.getAsLong();
        VideoFrame frame = byOurClock(given.timestampNanos(), now) ? given : given.withTimestamp(now);
        synchronized (lock) {
            if (over || closing || !plan.pictures) {
                return;
            }
            pictures.add(frame);
            waitingBytes += bytes(frame);
            while (pictures.size() > 1 && (pictures.size() > MOST_PICTURES || waitingBytes > MOST_BYTES)) {
                waitingBytes -= bytes(pictures.remove());
                dropped++;
            }
            lock.notifyAll();
        }
    }

    private static boolean byOurClock(long time, long now) {
        return Math.abs(time - now) <= OTHER_CLOCK;
    }

    private static long bytes(VideoFrame frame) {
        return (long) frame.strideY() * frame.height() * 3 / 2;
    }

    /** Likewise. */
    public void sound(AudioFrame given) {
        long now = clock.getAsLong();
        AudioFrame block = byOurClock(given.timestampNanos(), now)
                ? given
                : new AudioFrame(given.samples(), given.sampleRate(), given.channels(), now);
        synchronized (lock) {
            if (over || closing || !plan.sound) {
                return;
            }
            sounds.add(block);
            if (sounds.size() > MOST_BLOCKS) {
                sounds.remove();
                soundDropped += begun() ? 1 : 0;
            }
            lock.notifyAll();
        }
    }

    private boolean begun() {
        return target != null;
    }

    /** Ends it; idempotent. */
    public CompletionStage<Recording> close() {
        synchronized (lock) {
            if (!closing) {
                closing = true;
                closedAt = clock.getAsLong();
                lock.notifyAll();
                if (!done.isDone()) {
                    CompletableFuture.delayedExecutor(CLOSE_SECONDS, TimeUnit.SECONDS)
                            .execute(this::giveUp);
                }
            }
        }
        return done();
    }

    /** A write that hangs fails when its target is gone. */
    private void giveUp() {
        Target hanging = target;
        if (!done.isDone() && hanging != null) {
            hanging.abort();
        }
    }

    public CompletionStage<Recording> done() {
        return done.copy();
    }

    private void run() {
        try {
            done.complete(recorded());
        } catch (SinkException e) {
            done.completeExceptionally(e);
        }
    }

    /** Lets go of everything before anybody hears how it went. */
    private Recording recorded() throws SinkException {
        try {
            return record();
        } catch (SinkException e) {
            throw e;
        } catch (FileAlreadyExistsException e) {
            throw exists(plan.file);
        } catch (IOException e) {
            Target failed = target;
            if (failed != null) {
                throw failed.explained(e);
            }
            throw new SinkException(
                    Reason.IO, "the file cannot be written: " + e + "; look at its folder and its rights", e);
        } catch (Throwable e) { // such as no memory for pictures of this size
            LOG.warn("A recording failed", e);
            throw new SinkException(Reason.IO, "the recording failed: " + e, e);
        } finally {
            synchronized (lock) {
                over = true;
                pictures.clear();
                sounds.clear();
            }
            Target open = target;
            if (open != null) {
                open.abort();
            }
        }
    }

    /** What is said of a file that is in the way. */
    public static SinkException exists(Path file) {
        return new SinkException(
                Reason.FILE_EXISTS,
                file
                        + " exists already; choose another name, or ask for it with"
                        + " RecorderOptions.builder().overwrite()");
    }

    private Recording record() throws IOException, SinkException, InterruptedException {
        awaitBeginning();
        Target open = opening.open(size.width, size.height);
        target = open;
        Fitting fitting = new Fitting(size.width, size.height);
        SoundTrack track = new SoundTrack(open, origin);
        boolean last = false;
        while (!last) {
            long horizon = awaitNext();
            last = closingAt(horizon);
            if (plan.pictures) {
                catchUp(open, horizon);
                do {
                    if (at(tick) - horizon > 0) {
                        break;
                    }
                    picture(open, fitting);
                    soundUntil(track, earlier(horizon, at(tick)), last);
                } while (last);
            }
            if (plan.sound) {
                soundUntil(track, plan.pictures && !last ? earlier(horizon, at(tick)) : horizon, last);
                if (last) {
                    track.end(plan.pictures ? at(tick) : horizon);
                }
            }
        }
        open.finish();
        synchronized (lock) {
            Duration length = plan.pictures
                    ? Duration.ofNanos(at(tick) - origin)
                    : Duration.ofNanos(track.written() * 1_000_000_000L / SoundTrack.RATE);
            return new Recording(plan.file, length, written, repeated, dropped, soundDropped, size.width, size.height);
        }
    }

    /** Until there is something that tells when it begins, and how large it is. */
    private void awaitBeginning() throws SinkException, InterruptedException {
        synchronized (lock) {
            boolean sizeKnown = plan.size.isPresent() || !plan.pictures;
            while (pictures.isEmpty() && (!sizeKnown || sounds.isEmpty())) {
                if (closing) {
                    throw new SinkException(
                            Reason.NOTHING_CAME,
                            plan.pictures
                                    ? "no picture came, so there is no file; look whether the stream has pictures, or"
                                            + " record soundOnly()"
                                    : "no sound came, so there is no file; look whether the stream has sound");
                }
                lock.wait();
            }
            VideoFrame first = pictures.peek();
            AudioFrame sound = sounds.peek();
            if (first != null && (sound == null || !sizeKnown || first.timestampNanos() - sound.timestampNanos() < 0)) {
                origin = first.timestampNanos();
            } else if (sound != null) {
                origin = sound.timestampNanos();
            }
            if (plan.size.isPresent()) {
                size = plan.size.get();
            } else if (first != null) {
                boolean upright = first.rotation() % 180 == 0;
                size = new Size(
                        even(upright ? first.width() : first.height()), even(upright ? first.height() : first.width()));
            }
        }
    }

    private static int even(int length) {
        return Math.max(2, length & ~1);
    }

    /** When this tick is. */
    private long at(long number) {
        return origin
                + number / plan.framesPerSecond * 1_000_000_000L
                + number % plan.framesPerSecond * 1_000_000_000L / plan.framesPerSecond;
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }

    /** Waits until the next tick is due, and returns up to when everything can be written. */
    private long awaitNext() throws InterruptedException {
        synchronized (lock) {
            long due = (plan.pictures ? at(tick) : clock.getAsLong() - LAG + SOUND_STEP) + LAG;
            for (long left = due - clock.getAsLong(); left > 0 && !closing; left = due - clock.getAsLong()) {
                // Not longer than it takes, and not by chance a little shorter: waits are in whole milliseconds.
                lock.wait(left / 1_000_000 + 1);
            }
            return closing ? closedAt : clock.getAsLong() - LAG;
        }
    }

    private boolean closingAt(long horizon) {
        synchronized (lock) {
            return closing && horizon == closedAt;
        }
    }

    /** Deals with a target that has been slow. */
    private void catchUp(Target open, long horizon) throws SinkException {
        long late = horizon - at(tick);
        if (late < LATE) {
            return;
        }
        if (open.takesGaps()) {
            // On with what waits, and no picture twice: that would make it later still.
            tick = Math.max(tick, tickOf(oldestWaiting(horizon)));
        } else if (late > TOO_LATE) {
            throw new SinkException(
                    Reason.TOO_SLOW,
                    "the disk is " + TOO_LATE / 1_000_000_000L
                            + " s behind, so the recording was ended; what is there can be played. Choose a smaller"
                            + " size or frame rate, or .webm or .mp4, which are compressed");
        }
    }

    private long oldestWaiting(long horizon) {
        synchronized (lock) {
            VideoFrame oldest = pictures.peek();
            return oldest == null ? horizon : earlier(oldest.timestampNanos(), horizon);
        }
    }

    /** The one at that moment, or the last before it. */
    private long tickOf(long moment) {
        long since = moment - origin;
        return since / 1_000_000_000L * plan.framesPerSecond
                + since % 1_000_000_000L * plan.framesPerSecond / 1_000_000_000L;
    }

    private void picture(Target open, Fitting fitting) throws IOException {
        VideoFrame newest = takeUntil(at(tick) + (at(tick + 1) - at(tick)) / 2);
        if (newest == null) {
            repeated++;
        } else {
            fitting.draw(newest);
        }
        open.picture(fitting.i420(), tick);
        written++;
        tick++;
    }

    /** The newest picture up to that moment; those before it are of no use any more. */
    private @Nullable VideoFrame takeUntil(long moment) {
        synchronized (lock) {
            VideoFrame newest = null;
            for (VideoFrame next = pictures.peek();
                    next != null && next.timestampNanos() - moment <= 0;
                    next = pictures.peek()) {
                dropped += newest == null ? 0 : 1;
                newest = next;
                waitingBytes -= bytes(next);
                pictures.remove();
            }
            return newest;
        }
    }

    private void soundUntil(SoundTrack track, long moment, boolean last) throws IOException {
        if (!plan.sound) {
            return;
        }
        for (AudioFrame block = takeSound(moment); block != null; block = takeSound(moment)) {
            track.add(block);
        }
        track.waitedUntil(last ? moment : moment - SOUND_LATE);
        track.flush();
    }

    private @Nullable AudioFrame takeSound(long moment) {
        synchronized (lock) {
            AudioFrame next = sounds.peek();
            return next != null && next.timestampNanos() - moment <= 0 ? sounds.remove() : null;
        }
    }
}
