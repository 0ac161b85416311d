package dev.drawbridge.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Turns the bytes of one client into whole messages and control frames (RFC 6455, server side, no extensions).
 *
 * <p>It is our own instead of Jetty's because the log of a test server must show what was on the wire: Jetty's session
 * hides every frame that follows a Close, and does not notice the end of a connection whose Close is left unanswered.
 *
 * <p>Memory grows with what really arrived, never with what a header announces.
 */
final class FrameReader {
    private static final int CONTINUATION = 0x0;
    private static final int MAX_CONTROL = 125;
    private static final int FIRST_CHUNK = 4096;

    private final int maxMessage;
    private final Consumer<Packet> sink;

    private final byte[] header = new byte[14];
    private int headerFilled;
    private int headerLength = 2;

    private boolean inPayload;
    private boolean fin;
    private int opcode;
    private int length;
    private int maskAt;
    private byte[] payload = new byte[0];
    private int payloadFilled;

    /** The opcode of a fragmented message under way; {@link #CONTINUATION} when there is none. */
    private int messageOpcode = CONTINUATION;

    /** The earlier fragments of it. */
    private ByteArrayOutputStream fragments = new ByteArrayOutputStream(0);

    FrameReader(int maxMessage, Consumer<Packet> sink) {
        this.maxMessage = maxMessage;
        this.sink = sink;
    }

    /** Takes all of {@code in}; what is complete goes to the sink. */
    void read(ByteBuffer in) throws ProtocolError {
        while (in.hasRemaining() || (inPayload && payloadFilled == length)) {
            if (!inPayload) {
                readHeader(in);
            } else if (readPayload(in)) {
                frameComplete();
            }
        }
    }

    private void readHeader(ByteBuffer in) throws ProtocolError {
        while (headerFilled < headerLength && in.hasRemaining()) {
            header[headerFilled++] = in.get();
            if (headerFilled == 2) {
                headerLength = lengthOfHeader();
            }
        }
        if (headerFilled == headerLength) {
            openPayload();
        }
    }

    private int lengthOfHeader() throws ProtocolError {
        fin = (header[0] & 0x80) != 0;
        opcode = header[0] & 0x0F;
        int small = header[1] & 0x7F;
        require((header[0] & 0x70) == 0, "a reserved bit is set");
        require((header[1] & 0x80) != 0, "a frame without mask");
        switch (opcode) {
            case CONTINUATION -> require(messageOpcode != CONTINUATION, "a continuation of nothing");
            case Packet.TEXT, Packet.BINARY -> require(messageOpcode == CONTINUATION, "a message inside a message");
            case Packet.CLOSE, Packet.PING, Packet.PONG -> {
                require(fin, "a fragmented control frame");
                require(small <= MAX_CONTROL, "a control frame that is too long");
            }
            default -> throw new ProtocolError(ProtocolError.PROTOCOL, "an unknown opcode");
        }
        return 2 + 4 + (small == 126 ? 2 : small == 127 ? 8 : 0);
    }

    private void openPayload() throws ProtocolError {
        int small = header[1] & 0x7F;
        ByteBuffer bytes = ByteBuffer.wrap(header);
        long announced = small < 126 ? small : small == 126 ? bytes.getShort(2) & 0xFFFF : bytes.getLong(2);
        require(announced >= 0, "a negative length");
        if (announced + fragments.size() > maxMessage) {
            throw new ProtocolError(ProtocolError.TOO_BIG, "message over " + maxMessage + " bytes");
        }
        length = (int) announced;
        maskAt = headerLength - 4;
        payload = new byte[Math.min(length, FIRST_CHUNK)];
        payloadFilled = 0;
        inPayload = true;
    }

    private boolean readPayload(ByteBuffer in) {
        int count = Math.min(length - payloadFilled, in.remaining());
        if (payloadFilled + count > payload.length) {
            int doubled = Math.min(length, Math.max(payload.length * 2, payloadFilled + count));
            payload = Arrays.copyOf(payload, doubled);
        }
        in.get(payload, payloadFilled, count);
        for (int i = payloadFilled; i < payloadFilled + count; i++) {
            payload[i] ^= header[maskAt + (i & 3)];
        }
        payloadFilled += count;
        return payloadFilled == length;
    }

    private void frameComplete() throws ProtocolError {
        inPayload = false;
        headerFilled = 0;
        headerLength = 2;
        byte[] whole = payload;
        payload = new byte[0];
        if (opcode >= Packet.CLOSE) {
            Packet control = new Packet(opcode, whole);
            if (opcode == Packet.CLOSE) {
                checkClose(control);
            }
            sink.accept(control);
            return;
        }
        if (opcode != CONTINUATION) {
            messageOpcode = opcode;
        }
        if (!fin) {
            fragments.writeBytes(whole);
            return;
        }
        if (fragments.size() > 0) {
            fragments.writeBytes(whole);
            whole = fragments.toByteArray();
            fragments = new ByteArrayOutputStream(0);
        }
        Packet complete = new Packet(messageOpcode, whole);
        messageOpcode = CONTINUATION;
        if (complete.opcode() == Packet.TEXT) {
            checkUtf8(complete.payload(), 0);
        }
        sink.accept(complete);
    }

    private static void checkClose(Packet close) throws ProtocolError {
        require(close.payload().length != 1, "half a status code");
        int code = close.closeCode();
        boolean known = close.payload().length == 0
                || (code >= 1000 && code <= 1003)
                || (code >= 1007 && code <= 1014)
                || (code >= 3000 && code <= 4999);
        require(known, "a status code that must not be sent");
        checkUtf8(close.payload(), Math.min(2, close.payload().length));
    }

    private static void checkUtf8(byte[] bytes, int from) throws ProtocolError {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, bytes.length - from));
        } catch (CharacterCodingException e) {
            throw new ProtocolError(ProtocolError.NOT_UTF8, "text that is not UTF-8");
        }
    }

    private static void require(boolean holds, String otherwise) throws ProtocolError {
        if (!holds) {
            throw new ProtocolError(ProtocolError.PROTOCOL, otherwise);
        }
    }
}
