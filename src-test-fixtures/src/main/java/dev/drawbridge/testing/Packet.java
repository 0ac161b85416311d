package dev.drawbridge.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One whole WebSocket message or control frame. What it says never changes once it is made, so one packet can go to many connections. */
final class Packet {
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    /** Not an opcode: bytes that are put on the wire as they are, to show a client what a broken server looks like. */
    static final int RAW = -1;

    static final int NO_CODE = 1005;

    private final int opcode;
    private final byte[] header;
    private final byte[] payload;
    /** Of a text; made when it is asked for, by whichever thread. */
    private @Nullable String words;

    Packet(int opcode, byte[] payload) {
        this.opcode = opcode;
        this.header = header(opcode, payload.length);
        this.payload = payload;
    }

    static Packet text(String text) {
        return new Packet(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static Packet close(int code, String reason) {
        if (code == NO_CODE) {
            return new Packet(CLOSE, new byte[0]);
        }
        byte[] words = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = Arrays.copyOf(new byte[] {(byte) (code >> 8), (byte) code}, 2 + words.length);
        System.arraycopy(words, 0, payload, 2, words.length);
        return new Packet(CLOSE, payload);
    }

    int opcode() {
        return opcode;
    }

    /** The bytes inside. Nobody may change them. */
    byte[] payload() {
        return payload;
    }

    /** Header and payload for one write. */
    ByteBuffer[] buffers() {
        return new ByteBuffer[] {ByteBuffer.wrap(header), ByteBuffer.wrap(payload)};
    }

    boolean isMessage() {
        return opcode == TEXT || opcode == BINARY;
    }

    int closeCode() {
        if (opcode != CLOSE) {
            return 0;
        }
        return payload.length < 2 ? NO_CODE : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
    }

    String words() {
        String known = words;
        if (known == null) {
            known = read();
            words = known;
        }
        return known;
    }

    private String read() {
        return switch (opcode) {
            case TEXT -> new String(payload, StandardCharsets.UTF_8);
            case CLOSE -> payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
            default -> "";
        };
    }

    LogEntry.Kind kind() {
        return switch (opcode) {
            case TEXT -> LogEntry.Kind.TEXT;
            case CLOSE -> LogEntry.Kind.CLOSE;
            case PING -> LogEntry.Kind.PING;
            case PONG -> LogEntry.Kind.PONG;
            default -> LogEntry.Kind.BINARY;
        };
    }

    private static byte[] header(int opcode, int length) {
        if (opcode == RAW) {
            return new byte[0];
        }
        byte first = (byte) (0x80 | opcode);
        if (length < 126) {
            return new byte[] {first, (byte) length};
        }
        if (length <= 0xFFFF) {
            return new byte[] {first, 126, (byte) (length >> 8), (byte) length};
        }
        return ByteBuffer.allocate(10)
                .put(first)
                .put((byte) 127)
                .putLong(length)
                .array();
    }
}
