package dev.drawbridge.internal.sinks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Pictures and samples as they are, each with its time, in one stream that {@code ffmpeg} reads from a pipe: Matroska, of which only a
 * dozen elements are needed. With one pipe nothing can wait for the other, which two of them do as soon as one is full.
 */
final class Matroska {
    private static final int VIDEO = 1;
    private static final int AUDIO = 2;
    private static final long UNIT_NANOS = 1_000;

    private static final int HEAD = 0x1A45DFA3;
    private static final int SEGMENT = 0x18538067;
    private static final int INFO = 0x1549A966;
    private static final int TRACKS = 0x1654AE6B;
    private static final int TRACK = 0xAE;
    private static final int CLUSTER = 0x1F43B675;
    private static final int TIME = 0xE7;
    private static final int BLOCK = 0xA3;
    private static final byte KEY_FRAME = (byte) 0x80;

    private final OutputStream out;

    Matroska(OutputStream out) {
        this.out = out;
    }

    /** @param width 0 without pictures */
    void begin(int width, int height, long periodNanos, boolean sound) throws IOException {
        Element head = new Element();
        head.number(0x4286, 1).number(0x42F7, 1).number(0x42F2, 4).number(0x42F3, 8);
        head.text(0x4282, "matroska").number(0x4287, 4).number(0x4285, 2);
        Element info = new Element().number(0x2AD7B1, UNIT_NANOS);
        info.text(0x4D80, "drawbridge").text(0x5741, "drawbridge");
        Element tracks = new Element();
        if (width > 0) {
            Element size =
                    new Element().number(0xB0, width).number(0xBA, height).text(0x2EB524, "I420");
            tracks.child(
                    TRACK,
                    track(VIDEO, 1, "V_UNCOMPRESSED")
                            .number(0x23E383, periodNanos)
                            .child(0xE0, size));
        }
        if (sound) {
            Element form = new Element()
                    .bytes(
                            0xB5,
                            ByteBuffer.allocate(8).putDouble(SoundTrack.RATE).array())
                    .number(0x9F, SoundTrack.CHANNELS)
                    .number(0x6264, 16);
            tracks.child(TRACK, track(AUDIO, 2, "A_PCM/INT/LIT").child(0xE1, form));
        }
        Element start = new Element();
        start.child(HEAD, head);
        start.id(SEGMENT);
        start.bytes.write(1); // of a length that nobody knows: seven bytes of ones
        for (int i = 0; i < 7; i++) {
            start.bytes.write(0xff);
        }
        start.child(INFO, info);
        start.child(TRACKS, tracks);
        start.bytes.writeTo(out);
    }

    private static Element track(int number, int type, String codec) {
        return new Element()
                .number(0xD7, number)
                .number(0x73C5, number)
                .number(0x83, type)
                .number(0x9C, 0)
                .text(0x86, codec);
    }

    void picture(byte[] i420, long nanos) throws IOException {
        block(VIDEO, i420, i420.length, nanos);
    }

    void sound(byte[] pcm, int length, long nanos) throws IOException {
        block(AUDIO, pcm, length, nanos);
    }

    /** In a cluster of its own, so that its time can be any. */
    private void block(int track, byte[] content, int length, long nanos) throws IOException {
        Element time = new Element().number(TIME, nanos / UNIT_NANOS);
        byte[] blockHead = {(byte) (0x80 | track), 0, 0, KEY_FRAME};
        Element block = new Element();
        block.id(BLOCK);
        block.length(blockHead.length + length);
        Element cluster = new Element();
        cluster.id(CLUSTER);
        cluster.length(time.bytes.size() + block.bytes.size() + blockHead.length + (long) length);
        time.bytes.writeTo(cluster.bytes);
        block.bytes.writeTo(cluster.bytes);
        cluster.bytes.write(blockHead);
        cluster.bytes.writeTo(out);
        out.write(content, 0, length);
    }

    /** What an element holds. */
    private static final class Element {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Element number(int id, long value) {
            return bytes(id, ByteBuffer.allocate(8).putLong(value).array());
        }

        Element text(int id, String value) {
            return bytes(id, value.getBytes(StandardCharsets.US_ASCII));
        }

        Element child(int id, Element content) {
            return bytes(id, content.bytes.toByteArray());
        }

        Element bytes(int id, byte[] content) {
            id(id);
            length(content.length);
            bytes.writeBytes(content);
            return this;
        }

        /** Its own first bits say how long it is. */
        void id(int id) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                if (id >>> shift != 0) {
                    bytes.write(id >>> shift);
                }
            }
        }

        /** Always in eight bytes. */
        void length(long length) {
            bytes.writeBytes(ByteBuffer.allocate(8).putLong(1L << 56 | length).array());
        }
    }
}
