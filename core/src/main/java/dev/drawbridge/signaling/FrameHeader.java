package dev.drawbridge.signaling;

import java.util.Arrays;

/** The head of one WebSocket frame (RFC 6455, section 5.2), gathered byte by byte. */
final class FrameHeader {
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xa;
    private static final int LONGEST = 14;

    private final byte[] bytes = new byte[LONGEST];
    private int size;

    /** Takes one byte; true when the head is complete. */
    boolean add(byte next) {
        bytes[size++] = next;
        return size >= 2 && size == 2 + lengthBytes() + (masked() ? 4 : 0);
    }

    void clear() {
        size = 0;
    }

    /** The head as it came. */
    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    int opcode() {
        return bytes[0] & 0x0f;
    }

    /** Close, ping and pong: never in fragments, and allowed between those of others. */
    boolean control() {
        return opcode() >= CLOSE;
    }

    boolean last() {
        return (bytes[0] & 0x80) != 0;
    }

    /** Bytes that follow; negative when a sender claims more than 2^63. */
    long payload() {
        int count = lengthBytes();
        if (count == 0) {
            return bytes[1] & 0x7f;
        }
        long length = 0;
        for (int i = 2; i < 2 + count; i++) {
            length = length << 8 | (bytes[i] & 0xff);
        }
        return length;
    }

    private int lengthBytes() {
        return switch (bytes[1] & 0x7f) {
            case 126 -> 2;
            case 127 -> 8;
            default -> 0;
        };
    }

    private boolean masked() {
        return (bytes[1] & 0x80) != 0;
    }
}
