package dev.drawbridge.webrtc;

import dev.drawbridge.SourceException;
import dev.drawbridge.SourceException.Reason;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.media.VideoSource;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The source of one kind that a transport sends, and its exchange for another one. Any thread. */
final class SourceLine<T> {
    private final String what;
    private final Consumer<T> media;
    private final Runnable takesOver;
    private final Runnable nothingYet;
    /** Changed under this; read by the native thread, which must wait for no source. */
    private volatile @Nullable Source<T> current;
    // Guarded by this.
    private @Nullable Feed<T> feeding;
    private long droppedBefore;
    private boolean exchanging;

    /**
     * @param what for messages
     * @param media where everything goes
     * @param takesOver told before the first of another source passes
     * @param nothingYet told when a source takes over that has delivered nothing so far
     */
    SourceLine(String what, Consumer<T> media, Runnable takesOver, Runnable nothingYet) {
        this.what = what;
        this.media = media;
        this.takesOver = takesOver;
        this.nothingYet = nothingYet;
    }

    /** What pictures and sound have in common. */
    interface Source<T> {
        String name();

        void start(Consumer<T> output) throws IOException;

        void stop();

        long dropped();

        static Source<VideoFrame> of(VideoSource source) {
            return new Source<>() {
                @Override
                public String name() {
                    return source.name();
                }

                @Override
                public void start(Consumer<VideoFrame> output) throws IOException {
                    source.start(output);
                }

                @Override
                public void stop() {
                    source.stop();
                }

                @Override
                public long dropped() {
                    return source.dropped();
                }
            };
        }

        static Source<AudioFrame> of(AudioSource source) {
            return new Source<>() {
                @Override
                public String name() {
                    return source.name();
                }

                @Override
                public void start(Consumer<AudioFrame> output) throws IOException {
                    source.start(output);
                }

                @Override
                public void stop() {
                    source.stop();
                }

                @Override
                public long dropped() {
                    return source.dropped();
                }
            };
        }
    }

    /**
     * The way of one source to the media. Before its turn the newest waits: a source that stands still might deliver nothing else. After it
     * nothing passes.
     */
    static final class Feed<T> implements Consumer<T> {
        private final Consumer<T> media;
        // Guarded by this.
        private @Nullable T newest;
        private boolean open;
        private boolean over;

        private Feed(Consumer<T> media) {
            this.media = media;
        }

        /** Under the lock, so that nothing of a source comes after the first of the next one. */
        @Override
        public synchronized void accept(T content) {
            if (open) {
                media.accept(content);
            } else if (!over) {
                newest = content;
            }
        }

        /** @return whether something has waited */
        private synchronized boolean open() {
            T waited = newest;
            newest = null;
            open = true;
            if (waited != null) {
                media.accept(waited);
            }
            return waited != null;
        }

        private synchronized void end() {
            newest = null;
            open = false;
            over = true;
        }
    }

    Feed<T> feed() {
        return new Feed<>(media);
    }

    /** @throws SourceException if there is nothing that could be exchanged, or it is being done */
    synchronized void beginExchange() throws SourceException {
        if (current == null) {
            throw new SourceException(
                    Reason.NOT_PUBLISHED,
                    "the session was started without " + what
                            + ", so nobody could get them: name a source at the start",
                    null);
        }
        if (exchanging) {
            throw new SourceException(Reason.BUSY, "another exchange is under way: wait for its stage", null);
        }
        exchanging = true;
    }

    synchronized void endExchange() {
        exchanging = false;
    }

    /** Lets this source's content through from now on, and no other's; one call at a time. @return the one before */
    @Nullable
    Source<T> use(Source<T> source, Feed<T> feed) {
        Source<T> before = current;
        long dropped = before == null ? 0 : before.dropped(); // foreign, so not under the lock
        synchronized (this) {
            if (feeding != null) {
                feeding.end();
            }
            droppedBefore += dropped;
            current = source;
            feeding = feed;
            takesOver.run();
            if (!feed.open() && before != null) {
                nothingYet.run();
            }
        }
        return before;
    }

    boolean uses(Source<T> source) {
        return current == source;
    }

    boolean empty() {
        return current == null;
    }

    /** Of all sources so far. A foreign source may hang, so it is asked outside of the lock. */
    long dropped() {
        Source<T> now;
        long before;
        synchronized (this) {
            now = current;
            before = droppedBefore;
        }
        return before + (now == null ? 0 : now.dropped());
    }

    /** A foreign source may hang, so not under the lock. */
    void stop() {
        Source<T> last = current;
        if (last != null) {
            last.stop();
        }
    }
}
