package dev.drawbridge.media;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plays what is read from somewhere, as two sources that keep in step. One thread reads a little ahead, one for each source delivers
 * what is due. It runs while one of the two is started.
 */
final class Player {
    private static final int MOST_PICTURES = 8;
    private static final long MOST_BYTES = 64L << 20;
    private static final int MOST_SOUNDS = 100;
    private static final long LATE_PICTURE = 50_000_000;
    private static final long LATE_SOUND = 200_000_000;
    /** A program that reads a file has to begin within this; whoever prepares the media waits for 10 s at most. */
    private static final long OPEN_MILLIS = 8_000;

    private static final long PIPE_MILLIS = 200;
    /** How long one round of a single picture lasts in a loop; each round begins with a process or the opening of a file. */
    private static final long STILL = 1_000_000_000;

    private final String name;
    private final Supplier<Reel> reels;
    private final boolean loop;
    private final boolean pipe;
    private final Track<VideoFrame> video = new Track<>("pictures", LATE_PICTURE) {
        @Override
        Lane<VideoFrame> lane(Run run) {
            return run.pictures;
        }

        @Override
        VideoFrame stamped(VideoFrame frame, long due) {
            return frame.withTimestamp(due);
        }

        @Override
        boolean in(Reel reel) {
            return reel.hasPictures();
        }
    };
    private final Track<AudioFrame> audio = new Track<>("sound", LATE_SOUND) {
        @Override
        Lane<AudioFrame> lane(Run run) {
            return run.sounds;
        }

        @Override
        AudioFrame stamped(AudioFrame block, long due) {
            return new AudioFrame(block.samples(), block.sampleRate(), block.channels(), due);
        }

        @Override
        boolean in(Reel reel) {
            return reel.hasSound();
        }
    };
    // Guarded by this.
    private @Nullable Run current;
    private CompletableFuture<Void> ended = new CompletableFuture<>();
    /** Whether {@link #ended} is, or will be in a moment, complete: that is done outside, since anybody may hang on it. */
    private boolean through;

    /**
     * @param name for messages
     * @param reels makes what is read, for each time it is played
     * @param pipe whether it may take for ever until something comes
     */
    Player(String name, Supplier<Reel> reels, boolean loop, boolean pipe) {
        this.name = name;
        this.reels = reels;
        this.loop = loop;
        this.pipe = pipe;
    }

    String name() {
        return name;
    }

    Track<VideoFrame> video() {
        return video;
    }

    Track<AudioFrame> audio() {
        return audio;
    }

    /** A copy: whoever gets it cannot complete ours. */
    synchronized CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    /** Begins anew where it began; nothing unless it runs. */
    void rewind() {
        if (pipe) {
            throw new IllegalStateException("a pipe has no beginning to go back to; play a file instead");
        }
        Reel left;
        synchronized (this) {
            Run run = current;
            if (run == null) {
                return;
            }
            left = run.beginAgain();
            video.finished = false;
            audio.finished = false;
            freshEnd();
        }
        if (left != null) {
            left.close();
        }
    }

    /** With the lock held: what begins anew has another end. */
    private void freshEnd() {
        if (through) {
            through = false;
            ended = new CompletableFuture<>();
        }
    }

    /** Pictures, or sound. */
    abstract class Track<T> {
        private final String what;
        private final long late;
        private final AtomicLong dropped = new AtomicLong();
        private @Nullable Delivery<T> delivery; // guarded by the player
        private boolean finished; // guarded by the player

        private Track(String what, long late) {
            this.what = what;
            this.late = late;
        }

        abstract Lane<T> lane(Run run);

        abstract T stamped(T content, long due);

        abstract boolean in(Reel reel);

        long dropped() {
            return dropped.get();
        }

        void start(Consumer<T> output) throws IOException {
            Run run;
            synchronized (Player.this) {
                if (delivery != null) {
                    throw new IllegalStateException(
                            "the " + what + " of " + name + " are already in use: one source feeds one session");
                }
                run = current == null ? new Run() : current;
                // Before anything is read: what nobody wants is passed over.
                lane(run).wanted(true);
                if (current == null) {
                    current = run;
                    freshEnd();
                    run.thread.start();
                }
                finished = false;
                Run running = run;
                delivery = new Delivery<>("file-" + what, output, each -> deliver(each, running));
                delivery.begin();
            }
            try {
                Reel reel = run.opened();
                if (reel != null && !in(reel)) {
                    throw new IOException("there are no " + what + " in " + name);
                }
            } catch (IOException e) {
                stop();
                throw e;
            }
        }

        void stop() {
            Delivery<T> ending;
            Run over = null;
            CompletableFuture<Void> told;
            synchronized (Player.this) {
                ending = delivery;
                delivery = null;
                Run run = current;
                if (ending == null || run == null) {
                    return;
                }
                lane(run).wanted(false);
                told = ended;
                if (video.delivery == null && audio.delivery == null) {
                    current = null;
                    through = true;
                    over = run;
                }
            }
            if (over != null) {
                over.end(told);
            }
            ending.end();
        }

        private void deliver(Delivery<T> to, Run run) {
            Lane<T> lane = lane(run);
            while (to.running()) {
                try {
                    boolean dry = lane.empty();
                    Lane.Item<T> item = lane.take();
                    long due = run.clock.due(item.round(), item.at(), dry);
                    to.sleepUntil(due);
                    T content = item.content();
                    if (content == null) {
                        run.finished(this, item);
                    } else if (System.nanoTime() - due > late) {
                        dropped.incrementAndGet();
                    } else if (lane.current(item)) {
                        to.deliver(stamped(content, due));
                    }
                } catch (InterruptedException stop) {
                    // running() tells whether it was meant for us
                }
            }
        }
    }

    /** From the first start to the last stop. */
    private final class Run {
        final PlayClock clock = new PlayClock(System::nanoTime);
        final Lane<VideoFrame> pictures =
                new Lane<>(MOST_PICTURES, MOST_BYTES, frame -> (long) frame.width() * frame.height() * 3 / 2);
        final Lane<AudioFrame> sounds = new Lane<>(MOST_SOUNDS, MOST_BYTES, block -> 2L * block.samples().length);
        final Thread thread = new Thread(this::read, "drawbridge-file");
        private final CompletableFuture<Reel> opened = new CompletableFuture<>();
        // Guarded by this.
        private @Nullable Reel reel;
        private @Nullable IOException broken;
        private int round;
        private boolean over;

        Run() {
            thread.setDaemon(true);
        }

        /** What it holds; null if a pipe has not told yet. */
        @Nullable
        Reel opened() throws IOException {
            try {
                return opened.get(pipe ? PIPE_MILLIS : OPEN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (pipe) {
                    return null;
                }
                throw new IOException(name + " did not begin within " + OPEN_MILLIS + " ms", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + name + " was opened", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException known ? known : unplayable(e);
            } catch (CancellationException e) {
                throw new IOException(name + " was stopped while it was opened", e);
            }
        }

        private IOException unplayable(Throwable cause) {
            Throwable root = cause instanceof ExecutionException && cause.getCause() != null ? cause.getCause() : cause;
            String why = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
            return new IOException(name + " cannot be played: " + why, root);
        }

        private void read() {
            try {
                for (int mine = begun(-1); mine >= 0; mine = begun(mine)) {
                    playRound(mine);
                }
            } catch (InterruptedException stop) {
                // It is over.
            }
        }

        /** Waits until this round is not the newest any more. @return the newest one; negative when it is over */
        private synchronized int begun(int done) throws InterruptedException {
            while (!over && round == done) {
                wait();
            }
            return over ? -1 : round;
        }

        private void playRound(int mine) throws InterruptedException {
            long base = 0;
            try {
                long played = playOnce(mine, 0);
                base = played;
                while (loop && played > 0 && is(mine)) {
                    played = playOnce(mine, base);
                    base += played;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (
                    Throwable
                            e) { // also no memory for what a file claims to hold: it has to be told like any other end
                fail(mine, unplayable(e));
            }
            pictures.put(new Lane.Item<>(null, base, mine));
            sounds.put(new Lane.Item<>(null, base, mine));
        }

        private synchronized boolean is(int mine) {
            return !over && round == mine;
        }

        private synchronized @Nullable IOException why() {
            return broken;
        }

        private synchronized void fail(int mine, IOException why) {
            if (!over && round == mine) {
                broken = why;
                opened.completeExceptionally(why);
            }
        }

        /** @return how long it was */
        private long playOnce(int mine, long base) throws IOException, InterruptedException {
            Reel opening = reels.get();
            synchronized (this) {
                if (over || round != mine) {
                    return 0;
                }
                reel = opening;
            }
            try {
                opening.open();
                opened.complete(opening);
                long end = 0;
                int pieces = 0;
                boolean still = false;
                for (Reel.Piece piece = opening.next(); piece != null && is(mine); piece = opening.next()) {
                    end = Math.max(end, piece.at() + piece.length());
                    pieces++;
                    still = pieces == 1 && piece.picture() != null;
                    if (piece.picture() != null) {
                        pictures.put(new Lane.Item<>(piece.picture(), base + piece.at(), mine));
                    } else {
                        sounds.put(new Lane.Item<>(piece.sound(), base + piece.at(), mine));
                    }
                }
                return loop && still ? Math.max(end, STILL) : end;
            } finally {
                opening.close();
            }
        }

        /** @return what is not read any further, to be closed */
        synchronized @Nullable Reel beginAgain() {
            Reel left = reel;
            reel = null;
            broken = null;
            round++;
            clock.restart(round);
            pictures.begin(round);
            sounds.begin(round);
            notifyAll();
            return left;
        }

        /** One of the two has nothing more; it is the end when no other is left. */
        private <T> void finished(Track<T> track, Lane.Item<T> end) {
            IOException why;
            boolean last = true;
            CompletableFuture<Void> complete;
            synchronized (Player.this) {
                if (current != this || !is(end.round())) {
                    return;
                }
                why = why();
                track.finished = true;
                for (Track<?> each : List.of(video, audio)) {
                    last &= each.delivery == null || each.finished;
                }
                complete = ended;
                through |= last;
            }
            if (last) {
                if (why == null) {
                    complete.complete(null);
                } else {
                    complete.completeExceptionally(why);
                }
            }
        }

        void end(CompletableFuture<Void> told) {
            Reel left;
            synchronized (this) {
                over = true;
                left = reel;
                reel = null;
                notifyAll();
            }
            pictures.end();
            sounds.end();
            opened.cancel(false);
            thread.interrupt();
            if (left != null) {
                left.close();
            }
            told.completeExceptionally(new CancellationException(name + " was stopped"));
        }
    }
}
