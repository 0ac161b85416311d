package dev.drawbridge.signaling;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What we send, read along frame by frame. OkHttp first sends what is still in its queue, and answers pings, after it was told
 * to close. Once {@link #shut}, nothing leaves but one Close frame, and nothing at all behind a Close.
 */
final class OutputGuard extends FilterOutputStream {
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
    /** A frame that is on its way is short; if the network takes nothing any more, waiting longer would not help. */
    private static final long PATIENCE_MILLIS = 50;

    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean shut;
    // The rest under the lock:
    private int headEnd;
    private final FrameHeader header = new FrameHeader();
    private long payload;
    private boolean passing;
    private boolean closed;
    private final AtomicInteger unanswered;

    /** @param unanswered counted down by the pongs that leave */
    OutputGuard(OutputStream out, AtomicInteger unanswered) {
        super(out);
        this.unanswered = unanswered;
    }

    /**
     * From the return of this on, no frame begins but a Close. A frame of which a part has left is completed, or the Close
     * could not be read.
     */
    void shut() {
        shut = true;
        if (writing.isHeldByCurrentThread()) {
            return;
        }
        // A writer may have looked at the flag just before: let it finish.
        try {
            if (writing.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                writing.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void write(int next) throws IOException {
        write(new byte[] {(byte) next}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        writing.lock();
        try {
            // One write for one write: pieces would become packets of their own.
            ByteArrayOutputStream pass = new ByteArrayOutputStream(length + 14);
            int end = offset + length;
            int at = offset;
            while (at < end && headEnd < HEAD_END.length) {
                if (shut) {
                    throw new IOException("closed before the connection stood");
                }
                byte next = bytes[at++];
                headEnd = next == HEAD_END[headEnd] ? headEnd + 1 : next == '\r' ? 1 : 0;
                pass.write(next);
            }
            while (at < end) {
                at = frames(bytes, at, end, pass);
            }
            if (pass.size() > 0) {
                out.write(pass.toByteArray());
            }
        } finally {
            writing.unlock();
        }
    }

    private int frames(byte[] bytes, int at, int end, ByteArrayOutputStream pass) throws IOException {
        if (payload > 0) {
            int count = (int) Math.min(payload, end - at);
            if (passing) {
                pass.write(bytes, at, count);
            }
            payload -= count;
            return at + count;
        }
        if (header.add(bytes[at])) {
            boolean close = header.opcode() == FrameHeader.CLOSE;
            passing = !closed && (close || !shut);
            closed |= close;
            if (header.opcode() == FrameHeader.PONG) {
                unanswered.decrementAndGet();
            }
            if (passing) {
                pass.write(header.bytes());
            }
            payload = header.payload();
            header.clear();
        }
        return at + 1;
    }
}
