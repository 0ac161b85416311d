package dev.drawbridge.examples.demo;

import dev.drawbridge.CloseReason;
import java.util.LinkedHashMap;
import java.util.Map;

/** The exit statuses of the demo: 0 for an end that was meant, and one of its own for every other way a session closes. */
final class ExitStatus {
    static final int FAILED = 1;
    static final int USAGE = 2;

    private ExitStatus() {}

    static int of(CloseReason reason) {
        return switch (reason) {
            case CLOSED_BY_APPLICATION, VIEWER_LEFT, STREAM_ENDED -> 0;
            case STREAM_ID_IN_USE -> 10;
            case SERVER_UNREACHABLE -> 11;
            case TLS_FAILED -> 12;
            case SERVER_REFUSED -> 13;
            case SERVER_PROTOCOL -> 14;
            case REFUSED_BY_SERVER -> 15;
            case NO_MEDIA -> 16;
            case NATIVE_LIBRARY -> 17;
            case NO_RELAY -> 18;
            case NO_PATH -> 19;
            case SECURITY_VIOLATION -> 20;
            case INTERNAL_ERROR -> 21;
            case NO_COMMON_CODEC -> 22;
        };
    }

    /** For the help of the commands that run a session. */
    static Map<String, String> ofSessions() {
        Map<String, String> list = new LinkedHashMap<>();
        list.put("0", "the time was up, the one viewer of a secure session left, or the stream ended");
        list.put("1", "something unexpected, told on standard error");
        list.put("2", "bad arguments or options");
        for (CloseReason reason : CloseReason.values()) {
            if (of(reason) != 0) {
                list.put(String.valueOf(of(reason)), reason + ": " + reason.text());
            }
        }
        list.put("130", "ended by Ctrl-C (143: by SIGTERM)");
        return list;
    }

    /** For the help of the demo as a whole. */
    static Map<String, String> ofDemo() {
        Map<String, String> list = new LinkedHashMap<>();
        list.put("0", "the one viewer left, or the time was up");
        list.put("1", "something unexpected, told on standard error");
        list.put("2", "bad arguments or options");
        list.put("10-22", "the session failed; bin/demo publish --help has the list");
        list.put("130", "ended by Ctrl-C (143: by SIGTERM)");
        return list;
    }

    /** For the help of a command without a session of its own. */
    static Map<String, String> of(String good, String bad) {
        Map<String, String> list = new LinkedHashMap<>();
        list.put("0", good);
        list.put("1", bad);
        list.put("2", "bad arguments or options");
        list.put("130", "ended by Ctrl-C (143: by SIGTERM)");
        return list;
    }
}
