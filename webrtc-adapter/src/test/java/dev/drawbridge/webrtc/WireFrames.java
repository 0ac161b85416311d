package dev.drawbridge.webrtc;

import dev.drawbridge.testing.RecordingRelay;
import dev.drawbridge.testing.RecordingRelay.Piece;
import dev.drawbridge.testing.RecordingRelay.Way;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The WebSocket frames among the bytes that a relay saw, read after RFC 6455 alone. */
final class WireFrames {
    static final int CLOSE = 8;

    /** One frame; {@code at} is when its last byte passed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(Instant at, int opcode, boolean masked, byte[] payload) {
        /** Of a Close. */
        int code() {
            return (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        }

        /** Of a text frame. */
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private WireFrames() {}

    /** Everything behind the HTTP head; fails if the bytes end inside of a frame. */
    static List<Frame> of(RecordingRelay.Connection connection, Way way) {
        byte[] all = connection.bytes(way);
        List<Frame> frames = new ArrayList<>();
        int at = new String(all, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        while (at < all.length) {
            int opcode = all[at] & 0xf;
            boolean masked = (all[at + 1] & 0x80) != 0;
            int length = all[at + 1] & 0x7f;
            at += 2;
            if (length >= 126) {
                int bytes = length == 126 ? 2 : 8;
                length = 0;
                for (int i = 0; i < bytes; i++) {
                    length = length << 8 | (all[at++] & 0xff);
                }
            }
            int mask = at;
            at += masked ? 4 : 0;
            byte[] payload = new byte[length];
            for (int i = 0; i < length; i++) {
                payload[i] = (byte) (all[at + i] ^ (masked ? all[mask + i % 4] : 0));
            }
            at += length;
            frames.add(new Frame(passed(connection, way, at), opcode, masked, payload));
        }
        return frames;
    }

    /** Bytes that passed later than this. */
    static int bytesAfter(RecordingRelay.Connection connection, Way way, Instant moment) {
        return connection.pieces().stream()
                .filter(piece -> piece.way() == way && piece.at().isAfter(moment))
                .mapToInt(piece -> piece.bytes().length)
                .sum();
    }

    private static Instant passed(RecordingRelay.Connection connection, Way way, int count) {
        int sum = 0;
        for (Piece piece : connection.pieces()) {
            if (piece.way() == way) {
                sum += piece.bytes().length;
                if (sum >= count) {
                    return piece.at();
                }
            }
        }
        throw new AssertionError("a frame is cut off");
    }
}
