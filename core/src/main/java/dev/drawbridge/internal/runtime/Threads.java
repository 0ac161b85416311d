package dev.drawbridge.internal.runtime;

import java.util.concurrent.ThreadFactory;

/** Threads of ours: daemons, with names that begin with {@code drawbridge-}. */
public final class Threads {
    private Threads() {}

    public static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
