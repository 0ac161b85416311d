package dev.drawbridge.media;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sound of a WAV file: PCM of 8, 16, 24 or 32 bits or floating point, in blocks of about 10 ms. */
final class WavReel implements Reel {
    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int EXTENSIBLE = 0xfffe;
    private static final int MAX_FORMAT = 1024;
    private static final long SECOND = 1_000_000_000L;
    /** What a program writes that did not know the length when it began. */
    private static final long ENDLESS = 0xffff_ffffL;

    /** What of a ds64 chunk comes first: the sizes of the file, of the sound, and how many samples. */
    private static final int LARGE_SIZES = 24;

    /** Those that programs put behind the sound. */
    private static final Set<String> CHUNKS = Set.of(
            "LIST", "id3 ", "ID3 ", "JUNK", "PAD ", "FLLR", "bext", "iXML", "_PMX", "cue ", "smpl", "inst", "fact",
            "PEAK");

    private static final String INSTEAD = "; convert it with: ffmpeg -i FILE -c:a pcm_s16le -ac 2 NEW.wav";

    private final Bytes bytes;
    private final Duration from;
    private @Nullable InputStream in;
    private int coding;
    private int channels;
    private int rate;
    private int bits;
    private long left;
    private long at;

    WavReel(Bytes bytes, Duration from) {
        this.bytes = bytes;
        this.from = from;
    }

    @Override
    public void open() throws IOException {
        InputStream opened = bytes.stream();
        in = opened;
        try {
            ByteBuffer riff = read(opened, 12);
            String container = word(riff, 0);
            boolean large = container.equals("RF64") || container.equals("BW64");
            if (!(container.equals("RIFF") || large) || !word(riff, 8).equals("WAVE")) {
                throw new IOException("it is no WAV, which begins with RIFF; play it with MediaFile");
            }
            String chunk = "";
            long largeSize = 0;
            while (!chunk.equals("data")) {
                ByteBuffer head = read(opened, 8);
                chunk = word(head, 0);
                long size = head.getInt(4) & 0xffff_ffffL;
                if (chunk.equals("fmt ")) {
                    format(read(opened, (int) Math.min(size, MAX_FORMAT)));
                    opened.skipNBytes(Math.max(0, size - MAX_FORMAT) + size % 2);
                } else if (chunk.equals("data")) {
                    long told = large && size == ENDLESS ? largeSize : size;
                    left = told == 0 && another(opened) ? 0 : told == 0 || told == ENDLESS ? Long.MAX_VALUE : told;
                } else if (chunk.equals("ds64") && large && size >= LARGE_SIZES) {
                    largeSize = read(opened, LARGE_SIZES).getLong(8);
                    if (largeSize < 0) {
                        throw new IOException("its length is beyond any file: the file is damaged");
                    }
                    opened.skipNBytes(size - LARGE_SIZES + size % 2);
                } else {
                    opened.skipNBytes(size + size % 2);
                }
            }
            if (rate == 0) {
                throw new IOException("it does not say what its samples are: the file is damaged");
            }
            long skipped = (from.getSeconds() * rate + from.getNano() * (long) rate / SECOND) * sampleBytes();
            if (skipped > 0 && skipped >= left) {
                throw new IOException("it ends before " + from + ", where it is to begin");
            }
            opened.skipNBytes(skipped);
            left -= left == Long.MAX_VALUE ? 0 : skipped;
        } catch (EOFException e) {
            throw new IOException("it ends before its sound begins", e);
        }
    }

    /** Whether there is no sound, since the next chunk follows at once: a length of 0 may also mean that nobody knew it. */
    private static boolean another(InputStream in) throws IOException {
        in.mark(4);
        String next = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
        in.reset();
        return CHUNKS.contains(next);
    }

    private void format(ByteBuffer format) throws IOException {
        if (format.remaining() < 16) {
            throw new IOException("its format is cut off: the file is damaged");
        }
        coding = format.getShort(0) & 0xffff;
        channels = format.getShort(2) & 0xffff;
        rate = format.getInt(4);
        bits = format.getShort(14) & 0xffff;
        if (coding == EXTENSIBLE && format.remaining() >= 26) {
            coding = format.getShort(24) & 0xffff;
        }
        boolean known =
                switch (coding) {
                    case PCM -> bits == 8 || bits == 16 || bits == 24 || bits == 32;
                    case FLOAT -> bits == 32 || bits == 64;
                    default -> false;
                };
        if (!known) {
            throw new IOException("sound of coding " + coding + " with " + bits
                    + " bits: only PCM of 8, 16, 24 and 32 bits and floating point are read" + INSTEAD);
        }
        if (channels < 1 || channels > 2) {
            throw new IOException(channels + " channels: only one and two are read" + INSTEAD);
        }
        if (rate < 8000 || rate > 192_000) {
            throw new IOException("a rate of " + rate + " Hz: must be 8000 to 192000" + INSTEAD);
        }
    }

    private int sampleBytes() {
        return bits / 8 * channels;
    }

    @Override
    public boolean hasPictures() {
        return false;
    }

    @Override
    public boolean hasSound() {
        return true;
    }

    @Override
    public @Nullable Piece next() throws IOException {
        InputStream opened = in;
        int wanted = (int) Math.min(left, (long) rate / 100 * sampleBytes());
        byte[] block = opened == null ? new byte[0] : opened.readNBytes(wanted);
        int samples = block.length / sampleBytes();
        if (samples == 0) {
            bytes.check();
            return null;
        }
        left -= left == Long.MAX_VALUE ? 0 : block.length;
        ByteBuffer data = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        short[] sound = new short[samples * channels];
        for (int i = 0; i < sound.length; i++) {
            sound[i] = sample(data, i * bits / 8);
        }
        long begin = time(at);
        at += samples;
        return Piece.of(new AudioFrame(sound, rate, channels), begin, time(at) - begin);
    }

    private short sample(ByteBuffer data, int position) {
        return switch (bits) {
            case 8 -> (short) (((data.get(position) & 0xff) - 128) << 8);
            case 16 -> data.getShort(position);
            case 24 -> data.getShort(position + 1); // the lower byte is less than we can send
            case 32 -> coding == FLOAT ? clamp(data.getFloat(position)) : data.getShort(position + 2);
            default -> clamp(data.getDouble(position));
        };
    }

    private static short clamp(double value) {
        return (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(value * 32768)));
    }

    private long time(long sample) {
        return sample / rate * SECOND + sample % rate * SECOND / rate;
    }

    private static ByteBuffer read(InputStream in, int size) throws IOException {
        byte[] read = in.readNBytes(size);
        if (read.length < size) {
            throw new EOFException();
        }
        return ByteBuffer.wrap(read).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String word(ByteBuffer in, int position) {
        byte[] letters = new byte[4];
        in.get(position, letters);
        return new String(letters, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        bytes.close();
    }
}
