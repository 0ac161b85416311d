package dev.drawbridge.media;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Pictures and sound in Matroska as {@link FfmpegReader} is told to write it: one track of raw I420, one of 16-bit PCM. One stream that
 * carries both with their times is what keeps them in step. No reader for files of others: it knows only the few elements that matter.
 */
final class MatroskaReel implements Reel {
    private static final long SEGMENT = 0x18538067;
    private static final long TRACKS = 0x1654AE6B;
    private static final long TRACK = 0xAE;
    private static final long TRACK_NUMBER = 0xD7;
    private static final long TRACK_TYPE = 0x83;
    private static final long VIDEO = 0xE0;
    private static final long WIDTH = 0xB0;
    private static final long HEIGHT = 0xBA;
    private static final long CLUSTER = 0x1F43B675;
    private static final long TIMESTAMP = 0xE7;
    private static final long SIMPLE_BLOCK = 0xA3;
    private static final long BLOCK_GROUP = 0xA0;
    private static final long BLOCK = 0xA1;

    private static final int PICTURES = 1;
    private static final int SOUND = 2;
    private static final long TICK = 1_000_000;
    private static final long FIRST_LENGTH = 40_000_000;
    /** A picture of 8K. */
    private static final long MAX_ELEMENT = 7680L * 4320 * 3 / 2 + 64;

    private static final int MAX_TRACKS = 1 << 16;

    private final Bytes bytes;
    private @Nullable InputStream in;
    private int pictures;
    private int sound;
    private int width;
    private int height;
    private long cluster;
    private long lastPicture = -1;

    MatroskaReel(Bytes bytes) {
        this.bytes = bytes;
    }

    @Override
    public void open() throws IOException {
        in = bytes.stream();
        boolean known = false;
        while (!known) {
            long id = id();
            if (id < 0) {
                bytes.check();
                throw new IOException("there is neither a picture nor sound in it");
            }
            long size = size();
            if (id == TRACKS) {
                tracks(ByteBuffer.wrap(read(size, MAX_TRACKS)));
                known = true;
            } else if (id != SEGMENT) {
                opened().skipNBytes(size);
            }
        }
    }

    private void tracks(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            long id = id(in);
            ByteBuffer element = part(in, size(in));
            if (id == TRACK) {
                track(element);
            }
        }
    }

    private void track(ByteBuffer in) throws IOException {
        int number = 0;
        int type = 0;
        while (in.hasRemaining()) {
            long id = id(in);
            ByteBuffer element = part(in, size(in));
            if (id == TRACK_NUMBER) {
                number = (int) unsigned(element);
            } else if (id == TRACK_TYPE) {
                type = (int) unsigned(element);
            } else if (id == VIDEO) {
                area(element);
            }
        }
        if (type == PICTURES && pictures == 0) {
            pictures = number;
        } else if (type == SOUND && sound == 0) {
            sound = number;
        }
    }

    private void area(ByteBuffer in) throws IOException {
        while (in.hasRemaining()) {
            long id = id(in);
            ByteBuffer element = part(in, size(in));
            if (id == WIDTH) {
                width = (int) unsigned(element);
            } else if (id == HEIGHT) {
                height = (int) unsigned(element);
            }
        }
    }

    @Override
    public boolean hasPictures() {
        return pictures != 0;
    }

    @Override
    public boolean hasSound() {
        return sound != 0;
    }

    @Override
    public @Nullable Piece next() throws IOException {
        while (true) {
            long id = id();
            if (id < 0) {
                bytes.check();
                return null;
            }
            long size = size();
            if (id == TIMESTAMP) {
                cluster = unsigned(ByteBuffer.wrap(read(size, Long.BYTES)));
            } else if (id == SIMPLE_BLOCK || id == BLOCK) {
                Piece piece = block(ByteBuffer.wrap(read(size, MAX_ELEMENT)));
                if (piece != null) {
                    return piece;
                }
            } else if (id != CLUSTER && id != BLOCK_GROUP) { // whose content follows
                opened().skipNBytes(size);
            }
        }
    }

    private @Nullable Piece block(ByteBuffer in) throws IOException {
        long track = size(in);
        if (in.remaining() < 3) {
            throw damaged();
        }
        long at = Math.max(0, (cluster + in.getShort()) * TICK);
        in.get(); // flags
        if (track == pictures) {
            long length = lastPicture < 0 ? FIRST_LENGTH : Math.max(0, at - lastPicture);
            lastPicture = at;
            byte[] planes = new byte[in.remaining()];
            in.get(planes);
            return Piece.of(Pixels.wrapI420(planes, width, height, 0), at, length);
        }
        if (track == sound) {
            short[] samples = new short[in.remaining() / 2];
            in.order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
            AudioFrame block = new AudioFrame(samples, FfmpegReader.RATE, FfmpegReader.CHANNELS);
            return Piece.of(block, at, samples.length / FfmpegReader.CHANNELS * 1_000_000_000L / FfmpegReader.RATE);
        }
        return null;
    }

    // ---- EBML

    private InputStream opened() {
        InputStream opened = in;
        if (opened == null) {
            throw new IllegalStateException("not open");
        }
        return opened;
    }

    /** -1 at the end. */
    private long id() throws IOException {
        int first = opened().read();
        return first < 0 ? -1 : rest(lengthOf(first), first);
    }

    /** Of an element; anything huge for one that does not say. */
    private long size() throws IOException {
        int first = opened().read();
        if (first < 0) {
            throw new EOFException("it ends within an element");
        }
        int length = lengthOf(first);
        return rest(length, first & (0xff >> length));
    }

    private long rest(int length, long value) throws IOException {
        long all = value;
        for (int i = 1; i < length; i++) {
            int next = opened().read();
            if (next < 0) {
                throw new EOFException("it ends within an element");
            }
            all = all << 8 | next;
        }
        return all;
    }

    private static long id(ByteBuffer in) throws IOException {
        return number(in, false);
    }

    private static long size(ByteBuffer in) throws IOException {
        return number(in, true);
    }

    private static long number(ByteBuffer in, boolean withoutMark) throws IOException {
        if (!in.hasRemaining()) {
            throw damaged();
        }
        int first = in.get() & 0xff;
        int length = lengthOf(first);
        if (in.remaining() < length - 1) {
            throw damaged();
        }
        long value = withoutMark ? first & (0xff >> length) : first;
        for (int i = 1; i < length; i++) {
            value = (value << 8) | (in.get() & 0xff);
        }
        return value;
    }

    private static int lengthOf(int first) throws IOException {
        if (first == 0) {
            throw damaged();
        }
        return Integer.numberOfLeadingZeros(first) - 23;
    }

    private static ByteBuffer part(ByteBuffer in, long size) throws IOException {
        if (size > in.remaining()) {
            throw damaged();
        }
        ByteBuffer part = in.slice(in.position(), (int) size);
        in.position(in.position() + (int) size);
        return part;
    }

    private static long unsigned(ByteBuffer in) {
        long value = 0;
        while (in.hasRemaining()) {
            value = (value << 8) | (in.get() & 0xff);
        }
        return value;
    }

    private byte[] read(long size, long most) throws IOException {
        if (size > most) {
            throw damaged();
        }
        byte[] read = opened().readNBytes((int) size);
        if (read.length < size) {
            throw new EOFException("it ends within an element");
        }
        return read;
    }

    private static IOException damaged() {
        return new IOException("what ffmpeg wrote is not what it was told to write; try another version of it");
    }

    @Override
    public void close() {
        bytes.close();
    }
}
