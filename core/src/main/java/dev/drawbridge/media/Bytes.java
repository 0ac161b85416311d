package dev.drawbridge.media;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Where the bytes of a {@link Reel} come from. */
abstract class Bytes {
    private static final int BUFFER = 1 << 16;

    private @Nullable InputStream open; // guarded by this
    private boolean closed; // guarded by this

    /** Opens them. May block. */
    abstract InputStream begin() throws IOException;

    /** Closes them. Must not block. */
    void end(InputStream opened) {
        closeQuietly(opened);
    }

    /** After the last byte: whether that was an end in order. */
    void check() throws IOException {}

    final InputStream stream() throws IOException {
        InputStream opened = begin();
        boolean late;
        synchronized (this) {
            late = closed;
            if (!late) {
                open = opened;
            }
        }
        if (late) {
            end(opened);
            throw new IOException("it was closed while it was being opened");
        }
        return new BufferedInputStream(opened, BUFFER);
    }

    final void close() {
        InputStream ending;
        synchronized (this) {
            closed = true;
            ending = open;
            open = null;
        }
        if (ending != null) {
            end(ending);
        }
    }

    static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // It is not read any more, whatever it says.
        }
    }

    /** A file. */
    static Bytes of(Path file) {
        return new Bytes() {
            @Override
            InputStream begin() throws IOException {
                if (Files.isDirectory(file)) {
                    throw new IOException("it is a directory; name a file in it");
                }
                return Files.newInputStream(file);
            }
        };
    }

    /** Where a stream is read that somebody else opened. There is no second time: it has no beginning to go back to. */
    static final class Pipe {
        private final InputStream stream;
        private final AtomicBoolean used = new AtomicBoolean();

        Pipe(InputStream stream) {
            this.stream = stream;
        }

        Bytes bytes() {
            return new Bytes() {
                @Override
                InputStream begin() {
                    if (used.getAndSet(true)) {
                        throw new IllegalStateException(
                                "a pipe is read once; make another source, or use a file to play it again");
                    }
                    return stream;
                }

                /** A read that waits may hold up whoever closes the stream; nobody waits for this thread. */
                @Override
                void end(InputStream opened) {
                    Thread closing = new Thread(() -> closeQuietly(opened), "drawbridge-file-close");
                    closing.setDaemon(true);
                    closing.start();
                }
            };
        }
    }
}
