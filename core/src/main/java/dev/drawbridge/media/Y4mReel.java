package dev.drawbridge.media;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pictures in YUV4MPEG2: a line that says the size and the rate, then for each picture a line and its planes. Only 8 bits with halved
 * colours, or without colours, since the rest would have to be converted; interlaced pictures are taken as they are.
 */
final class Y4mReel implements Reel {
    private static final String MAGIC = "YUV4MPEG2";
    private static final int LONGEST_LINE = 1024;
    private static final long MAX_PIXELS = 7680L * 4320;
    private static final long SECOND = 1_000_000_000L;
    private static final Set<String> KNOWN = Set.of("420jpeg", "420mpeg2", "420paldv", "420");
    private static final String INSTEAD = "; convert it with: ffmpeg -i FILE -pix_fmt yuv420p NEW.y4m";

    private final Bytes bytes;
    private final Duration from;
    private @Nullable InputStream in;
    private int width;
    private int height;
    private long rate = 25;
    private long scale = 1;
    private boolean mono;
    private boolean full;
    private long number;
    private long first;

    Y4mReel(Bytes bytes, Duration from) {
        this.bytes = bytes;
        this.from = from;
    }

    @Override
    public void open() throws IOException {
        in = bytes.stream();
        String header = line(in);
        if (header == null || !header.startsWith(MAGIC)) {
            throw new IOException("it is no Y4M, which begins with " + MAGIC + "; play it with MediaFile");
        }
        for (String word : header.substring(MAGIC.length()).split(" ", -1)) {
            if (!word.isEmpty()) {
                parameter(word.charAt(0), word.substring(1));
            }
        }
        if (width < 1 || height < 1 || (long) width * height > MAX_PIXELS) {
            throw new IOException("pictures of " + width + "x" + height + ": must be 1x1 to 7680x4320");
        }
        if (rate < 1 || scale < 1 || rate > 240 * scale) {
            throw new IOException("a rate of " + rate + ":" + scale + ": must be above 0 and at most 240 a second");
        }
        first = (from.getSeconds() * rate + from.getNano() * rate / SECOND) / scale;
        for (number = 0; number < first; number++) {
            if (line(in) == null) {
                throw new IOException("it ends before " + from + ", where it is to begin");
            }
            in.skipNBytes(size());
        }
    }

    private void parameter(char tag, String value) throws IOException {
        switch (tag) {
            case 'W' -> width = (int) number(value);
            case 'H' -> height = (int) number(value);
            case 'F' -> {
                int colon = value.indexOf(':');
                rate = number(colon < 0 ? value : value.substring(0, colon));
                scale = colon < 0 ? 1 : number(value.substring(colon + 1));
                if (rate == 0 && scale == 0) { // not known
                    rate = 25;
                    scale = 1;
                }
            }
            case 'C' -> {
                mono = value.equals("mono");
                if (!mono && !KNOWN.contains(value)) {
                    throw new IOException("colours of kind " + printable(value)
                            + ": only 420jpeg, 420mpeg2, 420paldv, 420 and mono are read" + INSTEAD);
                }
            }
            case 'X' -> full |= value.equals("COLORRANGE=FULL");
            default -> {
                // Interlacing, aspect, and what will be invented.
            }
        }
    }

    private static long number(String digits) throws IOException {
        if (!digits.matches("[0-9]{1,9}")) {
            throw new IOException("its first line has " + printable(digits) + " where a number belongs");
        }
        return Long.parseLong(digits);
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?").substring(0, Math.min(20, text.length()));
    }

    private int luma() {
        return width * height;
    }

    private int chroma() {
        return (width + 1) / 2 * ((height + 1) / 2);
    }

    private int size() {
        return mono ? luma() : luma() + 2 * chroma();
    }

    @Override
    public boolean hasPictures() {
        return true;
    }

    @Override
    public boolean hasSound() {
        return false;
    }

    @Override
    public @Nullable Piece next() throws IOException {
        InputStream opened = in;
        String line = opened == null ? null : line(opened);
        if (opened == null || line == null) {
            bytes.check();
            return null;
        }
        if (!line.equals("FRAME") && !line.startsWith("FRAME ")) {
            throw new IOException("picture " + number + " does not begin with FRAME: the file is damaged");
        }
        byte[] planes = new byte[luma() + 2 * chroma()];
        if (opened.readNBytes(planes, 0, size()) < size()) {
            throw new EOFException("it ends within picture " + number);
        }
        if (mono) {
            Arrays.fill(planes, luma(), planes.length, (byte) 128);
        }
        if (full) {
            limit(planes);
        }
        long at = time(number) - time(first);
        number++;
        return Piece.of(Pixels.wrapI420(planes, width, height, 0), at, time(number) - time(number - 1));
    }

    private long time(long picture) {
        long ticks = picture * scale;
        return ticks / rate * SECOND + ticks % rate * SECOND / rate;
    }

    /** From 0 to 255 into 16 to 235 for light, 16 to 240 for colours. */
    private void limit(byte[] planes) {
        for (int i = 0; i < planes.length; i++) {
            int value = planes[i] & 0xff;
            planes[i] =
                    (byte) (i < luma() ? 16 + (value * 219 + 127) / 255 : 128 + Math.round((value - 128) * 224 / 255f));
        }
    }

    /** Null at the end. */
    private static @Nullable String line(InputStream in) throws IOException {
        ByteBuffer line = ByteBuffer.allocate(LONGEST_LINE);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null; // also of a line that was cut off, with which nothing begins
            }
            if (!line.hasRemaining()) {
                throw new IOException(
                        "a line is longer than " + LONGEST_LINE + " characters: it is no Y4M, or damaged");
            }
            line.put((byte) next);
        }
        return new String(line.array(), 0, line.position(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        bytes.close();
    }
}
