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
    private final Runnable nothingYet;
    // Guarded by this.
    private @Nullable Source<T> current;
    private @Nullable Feed<T> feeding;
    private long droppedBefore;
    private boolean exchanging;

    /**
     * @param what for messages
     * @param media where everything goes
     * @param nothingYet told when a source takes over that has delivered nothing so far
     */
    SourceLine(String what, Consumer<T> media, Runnable nothingYet) {
        this.what = what;
        this.media = media;
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

    /** Lets this source's content through from now on, and no other's. @return the one before */
    synchronized @Nullable Source<T> use(Source<T> source, Feed<T> feed) {
        Source<T> before = current;
        if (feeding != null) {
            feeding.end();
        }
        if (before != null) {
            droppedBefore += before.dropped();
        }
        current = source;
        feeding = feed;
        if (!feed.open() && before != null) {
            nothingYet.run();
        }
        return before;
    }

    synchronized boolean uses(Source<T> source) {
        return current == source;
    }

    synchronized boolean empty() {
        return current == null;
    }

    /** Of all sources so far. */
    synchronized long dropped() {
        return droppedBefore + (current == null ? 0 : current.dropped());
    }

    /** A foreign source may hang, so not under the lock. */
    void stop() {
        Source<T> last;
        synchronized (this) {
            last = current;
        }
        if (last != null) {
            last.stop();
        }
    }
}
