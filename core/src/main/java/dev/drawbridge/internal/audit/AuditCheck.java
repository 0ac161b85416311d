package dev.drawbridge.internal.audit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at the lines of an audit log, one after the other, until one is not as it was written. Not thread-safe. */
public final class AuditCheck {
    /** Longer than any line. */
    public static final int MAX_LINE = 2048;

    private static final Pattern LINE = Pattern.compile("(([1-9][0-9]{0,8}) \\S+Z (.+) ([0-9a-f]{64}) )([0-9a-f]{8})");

    private int lines;
    private String head = AuditChain.START;
    private String headBefore = AuditChain.START;
    private boolean ended;
    private String problem = "";

    /** Takes the next line, byte for character, without its end; nothing more after a problem. */
    public void take(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches() || !AuditChain.check(parts.group(1)).equals(parts.group(5))) {
            problem = "the line is not as it was written";
        } else if (ended) {
            problem = "the line stands behind the end";
        } else if (Integer.parseInt(parts.group(2)) != lines + 1) {
            problem = "line " + parts.group(2) + " stands here";
        } else if (!parts.group(4).equals(head)) {
            // A changed line with a new check fits the line before it, so it is the line after it that tells.
            lines = Math.max(0, lines - 1);
            head = headBefore;
            problem = "the next line was written behind another one";
        } else {
            lines++;
            headBefore = head;
            head = AuditChain.sha256(line);
            ended = parts.group(3).startsWith(AuditChain.END);
        }
    }

    /** What is wrong with the line behind the good ones; empty for nothing. */
    public String problem() {
        return problem;
    }

    /** How many lines from the first on are good. */
    public int lines() {
        return lines;
    }

    /** The SHA-256 of the last good line. */
    public String head() {
        return head;
    }

    /** Whether the last good line is the end of the session. */
    public boolean ended() {
        return ended;
    }
}
