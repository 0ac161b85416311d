package dev.drawbridge.testing;

import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/** Text about threads, whole stacks with the locks they hold and wait for. */
final class ThreadDump {
    private ThreadDump() {}

    /** Every thread of this process. */
    static String all() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return format(threads.dumpAllThreads(true, true));
    }

    /** The threads that wait for each other; empty if there are none. */
    static String deadlocked() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] ids = threads.findDeadlockedThreads();
        return ids == null ? "" : format(threads.getThreadInfo(ids, true, true));
    }

    /** One thread. */
    static String of(Thread thread) {
        StringBuilder text = new StringBuilder("\"" + thread.getName() + "\" " + thread.getState() + "\n");
        for (StackTraceElement element : thread.getStackTrace()) {
            text.append("    at ").append(element).append('\n');
        }
        return text.toString();
    }

    private static String format(ThreadInfo[] infos) {
        StringBuilder text = new StringBuilder();
        for (ThreadInfo info : infos) {
            if (info != null) {
                append(text, info);
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, ThreadInfo info) {
        text.append('"').append(info.getThreadName()).append("\" ").append(info.getThreadState());
        if (info.getLockName() != null) {
            text.append(" on ").append(info.getLockName());
        }
        if (info.getLockOwnerName() != null) {
            text.append(" held by \"").append(info.getLockOwnerName()).append('"');
        }
        text.append('\n');
        StackTraceElement[] stack = info.getStackTrace();
        for (int depth = 0; depth < stack.length; depth++) {
            text.append("    at ").append(stack[depth]).append('\n');
            for (MonitorInfo monitor : info.getLockedMonitors()) {
                if (monitor.getLockedStackDepth() == depth) {
                    text.append("      locked ").append(monitor).append('\n');
                }
            }
        }
    }
}
