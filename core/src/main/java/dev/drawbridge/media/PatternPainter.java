package dev.drawbridge.media;

import java.nio.ByteBuffer;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Draws the test pattern. What moves is grey, so the colour planes are drawn once and shared by all frames, and a frame costs one
 * copy of the luma plane and a few filled rectangles. Immutable.
 *
 * <p>From top to bottom: bars (to 0.5 of the height), the lane of the moving block (to 0.6), text (to 0.9), cells (to 1).
 */
final class PatternPainter {
    private static final int[] BARS = {0xc0c0c0, 0xc0c000, 0x00c0c0, 0x00c000, 0xc000c0, 0xc00000, 0x0000c0, 0x101010};
    private static final double BARS_END = 0.5;
    private static final double LANE_END = 0.6;
    private static final double TEXT_END = 0.9;
    private static final int GROUND = 0x202020;

    // The cells: white, black, 24 bits with the highest first, 4 bits of checksum, black, white.
    private static final int CELLS = 32;
    private static final int DATA_BITS = 24;
    private static final int DATA_AT = 2;
    private static final int CHECK_BITS = 4;
    private static final int LANE_STEPS = 120;

    private static final byte BLACK = 16;
    private static final byte WHITE = (byte) 235;

    private final int width;
    private final int height;
    private final byte[] luma;
    private final byte[] u;
    private final byte[] v;

    PatternPainter(int width, int height) {
        this.width = width;
        this.height = height;
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                boolean bars = y < BARS_END * height;
                pixels[y * width + x] = bars ? BARS[x * BARS.length / width] : GROUND;
            }
        }
        VideoFrame still = Pixels.fromArgb(pixels, width, height, 0);
        luma = bytes(still.y());
        u = bytes(still.u());
        v = bytes(still.v());
    }

    private static byte[] bytes(ByteBuffer plane) {
        byte[] bytes = new byte[plane.remaining()];
        plane.get(bytes);
        return bytes;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    VideoFrame paint(long number, LocalTime clock, long timestampNanos) {
        byte[] y = luma.clone();
        lane(y, number);
        text(y, number, clock);
        cells(y, number);
        return new VideoFrame(
                width,
                height,
                ByteBuffer.wrap(y),
                width,
                ByteBuffer.wrap(u),
                (width + 1) / 2,
                ByteBuffer.wrap(v),
                (width + 1) / 2,
                0,
                timestampNanos);
    }

    private void lane(byte[] y, long number) {
        int block = Math.max(2, width / 16);
        int left = (width - block) * Math.floorMod(number, LANE_STEPS) / (LANE_STEPS - 1);
        fill(y, left, (int) (BARS_END * height) + 1, left + block, (int) (LANE_END * height), WHITE);
    }

    private void text(byte[] y, long number, LocalTime clock) {
        String counter = String.format(Locale.ROOT, "#%06d", number);
        String time = String.format(
                Locale.ROOT,
                "%02d:%02d:%02d.%03d",
                clock.getHour(),
                clock.getMinute(),
                clock.getSecond(),
                clock.getNano() / 1_000_000);
        int top = (int) (LANE_END * height);
        int space = (int) (TEXT_END * height) - top;
        // Two lines of 7 dots with 2 dots above, between and below: 20 dots high; 13 characters of 6 dots wide.
        int dot = Math.max(1, Math.min(space / 20, width / (Math.max(13, counter.length() + 1) * 6)));
        line(y, counter, top + 2 * dot, dot);
        line(y, time, top + 11 * dot, dot);
    }

    private void line(byte[] y, String text, int top, int dot) {
        int left = Math.max(0, (width - text.length() * 6 * dot) / 2);
        for (int i = 0; i < text.length(); i++) {
            for (int row = 0; row < DotFont.HEIGHT; row++) {
                for (int column = 0; column < DotFont.WIDTH; column++) {
                    if (DotFont.dot(text.charAt(i), row, column)) {
                        int x = left + (i * 6 + column) * dot;
                        fill(y, x, top + row * dot, x + dot, top + (row + 1) * dot, WHITE);
                    }
                }
            }
        }
    }

    private void cells(byte[] y, long number) {
        int top = (int) Math.ceil(TEXT_END * height);
        long bits = word(number);
        for (int cell = 0; cell < CELLS; cell++) {
            boolean white = (bits >> (CELLS - 1 - cell) & 1) == 1;
            fill(y, cell * width / CELLS, top, (cell + 1) * width / CELLS, height, white ? WHITE : BLACK);
        }
    }

    private static long word(long number) {
        long data = number & (1 << DATA_BITS) - 1;
        return 0b10L << 30 | data << 6 | (long) check(data) << 2 | 0b01;
    }

    private static int check(long data) {
        int sum = 5;
        for (long rest = data; rest != 0; rest >>= CHECK_BITS) {
            sum += 3 * (int) (rest & 15) + 1;
        }
        return sum & 15;
    }

    private void fill(byte[] y, int left, int top, int right, int bottom, byte value) {
        int from = Math.min(left, width);
        int to = Math.min(right, width);
        for (int row = top; row < Math.min(bottom, height); row++) {
            Arrays.fill(y, row * width + from, row * width + to, value);
        }
    }

    static OptionalInt colorAt(double relX, double relY) {
        if (!(relX >= 0 && relX <= 1 && relY >= 0 && relY <= 1) || relY >= BARS_END) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(BARS[Math.min(BARS.length - 1, (int) (relX * BARS.length))]);
    }

    static OptionalLong readCounter(VideoFrame frame) {
        if (frame.width() < CELLS || frame.height() < 10) {
            return OptionalLong.empty();
        }
        double[] levels = new double[CELLS];
        for (int cell = 0; cell < CELLS; cell++) {
            levels[cell] = level(frame, (cell + 0.5) / CELLS, (TEXT_END + 1) / 2);
        }
        double white = (levels[0] + levels[CELLS - 1]) / 2;
        double black = (levels[1] + levels[CELLS - 2]) / 2;
        if (white - black < 60) {
            return OptionalLong.empty();
        }
        long bits = 0;
        for (double level : levels) {
            bits = bits << 1 | (level > (white + black) / 2 ? 1 : 0);
        }
        long data = bits >> (CELLS - DATA_AT - DATA_BITS) & (1 << DATA_BITS) - 1;
        return bits == word(data) ? OptionalLong.of(data) : OptionalLong.empty();
    }

    /** The mean luma around a place. */
    private static double level(VideoFrame frame, double relX, double relY) {
        ByteBuffer y = frame.y();
        int centreX = (int) (relX * frame.width());
        int centreY = (int) (relY * frame.height());
        int reach = frame.width() / CELLS / 4;
        int sum = 0;
        int count = 0;
        for (int row = Math.max(0, centreY - reach); row <= Math.min(frame.height() - 1, centreY + reach); row++) {
            for (int x = centreX - reach; x <= centreX + reach; x++) {
                sum += y.get(row * frame.strideY() + x) & 0xff;
                count++;
            }
        }
        return (double) sum / count;
    }
}
