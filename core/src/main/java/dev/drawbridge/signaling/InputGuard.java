package dev.drawbridge.signaling;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the server sends, read along: first the answer to the upgrade, then WebSocket frames. OkHttp takes any length that a
 * frame announces, so a message above the limit has to end here, before memory is taken for it.
 */
final class InputGuard extends FilterInputStream {
    private static final String START = "HTTP/1.";
    /** Where the status stands in {@code HTTP/1.1 101 …}. */
    private static final int STATUS = 9;

    /** More than any server sends, and less than 300 KiB of pongs. */
    private static final int MAX_UNANSWERED = 1_000;

    private final int maxMessage;
    private final AtomicInteger unanswered;
    private Phase phase = Phase.HEAD;
    // Of the answer's head:
    private int column;
    private int status;
    private boolean firstLine = true;
    private boolean blank = true;
    // Of the frames:
    private final FrameHeader header = new FrameHeader();
    private long payload;
    private long message;

    private enum Phase {
        HEAD,
        FRAMES,
        /** The upgrade was refused: nothing behind the head is of interest. */
        OVER
    }

    /** @param unanswered pings that came, counted down by the pongs that leave */
    InputGuard(InputStream in, int maxMessage, AtomicInteger unanswered) {
        super(in);
        this.unanswered = unanswered;
        this.maxMessage = maxMessage;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (phase == Phase.OVER) {
            return -1;
        }
        int count = super.read(bytes, offset, length);
        int end = offset + Math.max(0, count);
        int at = offset;
        while (at < end && phase == Phase.HEAD) {
            head(bytes[at++]);
        }
        if (phase == Phase.OVER) {
            return at - offset;
        }
        while (at < end) {
            if (payload > 0) {
                long passed = Math.min(payload, end - at);
                payload -= passed;
                at += (int) passed;
            } else if (header.add(bytes[at++])) {
                frame();
                header.clear();
            }
        }
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.max(0, Math.min(count, 8192))];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** A line ends at LF, and a line of nothing but CR is blank: exactly as OkHttp sees it. */
    private void head(byte next) throws IOException {
        char c = (char) (next & 0xff);
        if (firstLine) {
            boolean inStatus = column >= STATUS && column < STATUS + 3;
            if (column < START.length() ? c != START.charAt(column) : inStatus && (c < '0' || c > '9')) {
                throw new BrokenProtocolException("what answers there is not a WebSocket server");
            }
            if (inStatus) {
                status = status * 10 + (c - '0');
            }
        }
        column++;
        if (c == '\n') {
            if (blank) {
                headEnds();
            }
            firstLine &= blank;
            blank = true;
            column = 0;
        } else if (c != '\r' || column > 1) {
            blank = false;
        }
    }

    private void headEnds() {
        if (status == 101) {
            phase = Phase.FRAMES;
        } else if (status >= 200 || status < 100) {
            phase = Phase.OVER;
        }
        status = 0; // after another 1xx the real answer begins
        firstLine = true;
    }

    private void frame() throws IOException {
        payload = header.payload();
        if (header.control()) {
            if (payload < 0 || payload > 125) {
                throw new BrokenProtocolException("a control frame above 125 bytes");
            }
            if (header.opcode() == FrameHeader.PING && unanswered.incrementAndGet() > MAX_UNANSWERED) {
                throw new BrokenProtocolException("more pings than it takes answers");
            }
            return;
        }
        // Both compared on their own: the sum could overflow.
        if (payload < 0 || payload > maxMessage || message + payload > maxMessage) {
            throw new BrokenProtocolException("a message above " + maxMessage + " bytes");
        }
        message = header.last() ? 0 : message + payload;
    }
}
