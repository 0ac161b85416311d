package dev.drawbridge.signaling;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import okio.ByteString;

/**
 * A second reading of HTTP heads and RFC 6455 frames, over all bytes at once. Slow, plain, and without a line in common with the
 * guards that it checks.
 *
 * @param complaint what is wrong; empty when nothing is
 * @param passed how many bytes may be passed on, or the index of the byte with which it goes wrong
 * @param bytes what may leave; empty of what comes in
 */
record PlainFrames(String complaint, int passed, ByteString bytes) {
    private static final BigInteger LIMIT_OF_CONTROL = BigInteger.valueOf(125);

    /** One frame at an index; incomplete ones are none. */
    private record Frame(boolean last, int opcode, int headEnd, BigInteger length) {}

    /** What may come in, with so many pings at most. */
    static PlainFrames received(byte[] all, int limit, int pings) {
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int at = 0;
        for (String status = "1xx"; !status.equals("101"); ) {
            int wrong = firstLine(text, at);
            if (wrong >= 0) {
                return new PlainFrames("what answers there is not a WebSocket server", wrong, ByteString.EMPTY);
            }
            int end = headEnd(text, at);
            if (end < 0) {
                return new PlainFrames("", all.length, ByteString.EMPTY);
            }
            String line = text.substring(at, text.indexOf('\n', at));
            status = line.length() < 12 ? "" : line.substring(9, 12);
            at = end;
            if (!status.startsWith("1")) {
                return new PlainFrames("", at, ByteString.EMPTY);
            }
        }
        return frames(all, at, limit, pings);
    }

    private static PlainFrames frames(byte[] all, int from, int limit, int pings) {
        int pinged = 0;
        BigInteger message = BigInteger.ZERO;
        int at = from;
        for (Frame frame = frame(all, at); frame != null; frame = frame(all, at)) {
            if (frame.opcode() >= 8) {
                if (frame.length().compareTo(LIMIT_OF_CONTROL) > 0) {
                    return new PlainFrames("a control frame above 125 bytes", frame.headEnd() - 1, ByteString.EMPTY);
                }
                pinged += frame.opcode() == 9 ? 1 : 0;
                if (pinged > pings) {
                    return new PlainFrames("more pings than it takes answers", frame.headEnd() - 1, ByteString.EMPTY);
                }
            } else {
                message = message.add(frame.length());
                if (message.compareTo(BigInteger.valueOf(limit)) > 0) {
                    return new PlainFrames(
                            "a message above " + limit + " bytes", frame.headEnd() - 1, ByteString.EMPTY);
                }
                message = frame.last() ? BigInteger.ZERO : message;
            }
            at = end(all, frame);
        }
        return new PlainFrames("", all.length, ByteString.EMPTY);
    }

    /** The index of the first byte that no answer to an upgrade has; -1 if there is none. */
    private static int firstLine(String text, int at) {
        for (int i = 0; i < 12 && at + i < text.length(); i++) {
            char c = text.charAt(at + i);
            boolean right = i < 7 ? c == "HTTP/1.".charAt(i) : i < 9 || (c >= '0' && c <= '9');
            if (!right) {
                return at + i;
            }
            if (c == '\n') {
                return -1;
            }
        }
        return -1;
    }

    /** The index behind the first blank line; -1 without one. */
    private static int headEnd(String text, int from) {
        int at = from;
        for (int feed = text.indexOf('\n', at); feed >= 0; feed = text.indexOf('\n', at)) {
            String line = text.substring(at, feed);
            at = feed + 1;
            if (line.isEmpty() || line.equals("\r")) {
                return at;
            }
        }
        return -1;
    }

    /** Where the frames of who asked for the upgrade begin. */
    private static int askedFor(byte[] all) {
        int blank = new String(all, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
        return blank < 0 ? all.length : blank + 4;
    }

    /** What may leave when the end begins after so many bytes. */
    static PlainFrames sent(byte[] all, int shutAt) {
        int head = askedFor(all);
        if (shutAt < head) {
            return new PlainFrames("closed", shutAt, ByteString.of(all, 0, shutAt));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(all, 0, head);
        boolean closed = false;
        int at = head;
        for (Frame frame = frame(all, at); frame != null; frame = frame(all, at)) {
            int end = end(all, frame);
            boolean close = frame.opcode() == 8;
            if (!closed && (close || frame.headEnd() <= shutAt)) {
                out.write(all, at, end - at);
            }
            closed |= close;
            at = end;
        }
        return new PlainFrames("", at, ByteString.of(out.toByteArray()));
    }

    /** How many pongs begin. */
    static int pongs(byte[] all) {
        int pongs = 0;
        int at = askedFor(all);
        for (Frame frame = frame(all, at); frame != null; frame = frame(all, at)) {
            pongs += frame.opcode() == 10 ? 1 : 0;
            at = end(all, frame);
        }
        return pongs;
    }

    /** Whether a frame claims more than a writer can have: OkHttp writes no such thing. */
    static boolean impossible(byte[] all) {
        int at = askedFor(all);
        for (Frame frame = frame(all, at); frame != null; frame = frame(all, at)) {
            if (frame.length().bitLength() > 63) {
                return true;
            }
            at = end(all, frame);
        }
        return false;
    }

    private static int end(byte[] all, Frame frame) {
        return frame.length()
                .add(BigInteger.valueOf(frame.headEnd()))
                .min(BigInteger.valueOf(all.length))
                .intValue();
    }

    private static Frame frame(byte[] all, int at) {
        if (all.length - at < 2) {
            return null;
        }
        int small = all[at + 1] & 0x7f;
        int more = small == 126 ? 2 : small == 127 ? 8 : 0;
        int headEnd = at + 2 + more + ((all[at + 1] & 0x80) == 0 ? 0 : 4);
        if (headEnd > all.length) {
            return null;
        }
        BigInteger length = more == 0 ? BigInteger.valueOf(small) : new BigInteger(1, all, at + 2, more);
        return new Frame((all[at] & 0x80) != 0, all[at] & 0x0f, headEnd, length);
    }
}
