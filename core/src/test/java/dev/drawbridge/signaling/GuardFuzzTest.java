package dev.drawbridge.signaling;

import static dev.drawbridge.fuzz.FuzzInput.holds;
import static dev.drawbridge.fuzz.FuzzInput.same;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import okio.ByteString;

/**
 * The guards of the socket against {@link PlainFrames}, which reads all bytes at once. In whatever pieces the bytes come, the verdict is
 * the same, and it comes before memory could be taken for what it forbids.
 */
class GuardFuzzTest {
    private static final byte[] UPGRADED = "HTTP/1.1 101 Welcome\r\nA: b\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] ASKED = "GET / HTTP/1.1\r\nA: b\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final int[] LIMITS = {125, 1024, 65_536, 1 << 20};

    /** The first byte chooses direction, limit and whether the heads are given, the second one the pieces, the third the end. */
    @FuzzTest
    void bytes(byte[] bytes) throws IOException {
        if (bytes.length < 3) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(bytes, 3, bytes.length);
        boolean headGiven = (bytes[0] & 8) == 0;
        if ((bytes[0] & 1) == 0) {
            input(headGiven ? joined(UPGRADED, rest) : rest, LIMITS[bytes[0] >> 1 & 3], bytes[1]);
        } else {
            output(headGiven ? joined(ASKED, rest) : rest, bytes[1], bytes[2] & 0xff);
        }
    }

    private static void input(byte[] all, int limit, int seed) {
        PlainFrames expected = PlainFrames.received(all, limit, 10);
        Pieces source = new Pieces(all, seed);
        InputGuard guard = new InputGuard(source, limit, new AtomicInteger(990));
        Random random = new Random(seed);
        int passed = 0;
        try {
            while (true) {
                int before = passed;
                byte[] buffer = new byte[1 + random.nextInt(64)];
                int count;
                if (random.nextInt(4) == 0) {
                    int one = guard.read();
                    buffer[0] = (byte) one;
                    count = one < 0 ? -1 : 1;
                } else {
                    count = guard.read(buffer, 0, buffer.length);
                }
                if (count < 0) {
                    break;
                }
                passed += count;
                holds(Arrays.equals(buffer, 0, count, all, before, passed), "other bytes than came");
            }
            holds(expected.complaint().isEmpty(), "not found: " + expected.complaint());
            same(passed, expected.passed(), "bytes passed on");
        } catch (BrokenProtocolException e) {
            same(e.detail(), expected.complaint(), "complaint");
            holds(source.begun <= expected.passed() && expected.passed() < source.position, "too early or too late");
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
    }

    private static void output(byte[] all, int seed, int shutAt) throws IOException {
        if (PlainFrames.impossible(all)) {
            return;
        }
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        AtomicInteger unanswered = new AtomicInteger();
        OutputGuard guard = new OutputGuard(sent, unanswered);
        Random random = new Random(seed);
        int at = 0;
        int end = Integer.MAX_VALUE;
        boolean refused = false;
        while (at < all.length && !refused) {
            if (at >= shutAt && end == Integer.MAX_VALUE) {
                guard.shut();
                end = at;
            }
            int count = Math.min(all.length - at, 1 + random.nextInt(40));
            try {
                guard.write(all, at, count);
                at += count;
            } catch (IOException closed) {
                refused = true;
            }
        }
        PlainFrames expected = PlainFrames.sent(all, end);
        same(refused, !expected.complaint().isEmpty(), "refused");
        same(-unanswered.get(), refused ? 0 : PlainFrames.pongs(all), "pongs");
        same(ByteString.of(sent.toByteArray()), expected.bytes(), "sent otherwise");
    }

    private static byte[] joined(byte[] head, byte[] rest) {
        byte[] all = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, all, head.length, rest.length);
        return all;
    }

    /** A stream that comes in pieces, and remembers where the last one began. */
    private static final class Pieces extends FilterInputStream {
        private final Random random;
        private int begun;
        private int position;

        Pieces(byte[] all, int seed) {
            super(new ByteArrayInputStream(all));
            random = new Random(~seed);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            begun = position;
            int count = super.read(bytes, offset, Math.min(length, 1 + random.nextInt(20)));
            position += Math.max(0, count);
            return count;
        }
    }
}
