package dev.drawbridge.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A WebSocket client that can do everything wrong. */
final class RawClient implements AutoCloseable {
    static final String UPGRADE = String.join(
            "\r\n",
            "GET / HTTP/1.1",
            "Host: x",
            "Connection: Upgrade",
            "Upgrade: WebSocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");

    final Socket socket;
    final String response;
    private final DataInputStream in;
    private final OutputStream out;

    RawClient(URI server) throws IOException {
        this(server, UPGRADE);
    }

    /** With these lines of request. */
    RawClient(URI server, String request) throws IOException {
        this(server, request, 5000);
    }

    /** With a patience of so many milliseconds for everything that the server sends. */
    RawClient(URI server, String request, int patience) throws IOException {
        socket = new Socket(InetAddress.getByName(server.getHost()), server.getPort());
        socket.setSoTimeout(patience);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write((request + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        response = readHead();
    }

    RawClient text(String text) throws IOException {
        return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    RawClient close(int code) throws IOException {
        return frame(0x88, new byte[] {(byte) (code >> 8), (byte) code});
    }

    RawClient frame(int first, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.write(0x80 | 127);
            frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        byte[] mask = {1, 2, 3, 4};
        frame.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask[i & 3]);
        }
        return bytes(frame.toByteArray());
    }

    RawClient bytes(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    /** The next frame as the number of its opcode and its payload, such as {@code 1:hello} or {@code 8:1002}. */
    String next() throws IOException {
        int opcode = in.readUnsignedByte() & 0x0F;
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        if (opcode == 8) {
            return "8:"
                    + (payload.length < 2
                            ? ""
                            : String.valueOf(ByteBuffer.wrap(payload).getShort() & 0xFFFF));
        }
        return opcode + ":" + new String(payload, StandardCharsets.UTF_8);
    }

    /** Whether the server has ended its direction. */
    boolean ended() throws IOException {
        try {
            in.readByte();
            return false;
        } catch (EOFException e) {
            return true;
        }
    }

    private String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
