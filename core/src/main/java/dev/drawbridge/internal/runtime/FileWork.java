package dev.drawbridge.internal.runtime;

import dev.drawbridge.FileException;
import dev.drawbridge.FileException.Reason;
import dev.drawbridge.spi.Scheduler;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Lets the disk do what takes its time, and the session hear of it. */
final class FileWork {
    private final Executor disk;
    private final Scheduler session;

    FileWork(Executor disk, Scheduler session) {
        this.disk = disk;
        this.session = session;
    }

    /** Something that the disk does. */
    interface Job<T> {
        T run() throws FileException;
    }

    /** One of the two is called, later and on the session's thread. */
    <T> void run(Job<T> job, Consumer<T> then, Consumer<FileException> failed) {
        disk.execute(() -> {
            T result;
            try {
                result = job.run();
            } catch (FileException e) {
                session.execute(() -> failed.accept(e));
                return;
            } catch (Throwable thrown) { // whatever it is, a file must not end the session
                session.execute(() -> failed.accept(
                        new FileException(Reason.IO, thrown.getClass().getSimpleName())));
                return;
            }
            session.execute(() -> then.accept(result));
        });
    }

    /** Nobody waits for it. */
    void run(Runnable job) {
        disk.execute(job);
    }

    Scheduler session() {
        return session;
    }
}
