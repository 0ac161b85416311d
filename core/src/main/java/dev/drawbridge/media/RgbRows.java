package dev.drawbridge.media;

/**
 * Converts one picture from RGB to I420, two rows at a time, in steps that are short loops over arrays of {@code int}: the JVM turns
 * those into vector instructions, as long as no loop does two things and none takes the lowest byte of an {@code int} by itself, for
 * which it loads a single byte. So red and blue stay together, 16 bits each.
 */
final class RgbRows {
    private static final int RED_BLUE = 0xff00ff;
    private static final int GREEN = 0xff00;

    private final Source source;
    private final int width;
    private final int height;
    private final int chromaWidth;
    private final byte[] planes;
    private final int[] upper;
    private final int[] lower;
    private final int[] first;
    private final int[] second;

    /** Where the pixels come from. */
    interface Source {
        /** Puts the pixels of one row, {@code 0xAARRGGBB}, at the beginning of the array; what is behind them does not count. */
        void read(int y, int[] into);
    }

    private RgbRows(Source source, int width, int height) {
        this.source = source;
        this.width = width;
        this.height = height;
        chromaWidth = (width + 1) / 2;
        planes = new byte[width * height + 2 * chromaWidth * ((height + 1) / 2)];
        upper = new int[2 * chromaWidth];
        lower = new int[2 * chromaWidth];
        first = new int[2 * chromaWidth];
        second = new int[2 * chromaWidth];
    }

    /** The planes Y, U and V, one behind the other and without gaps. */
    static byte[] planes(Source source, int width, int height) {
        RgbRows rows = new RgbRows(source, width, height);
        for (int y = 0; y < height; y += 2) {
            rows.convert(y);
        }
        return rows.planes;
    }

    private void convert(int y) {
        boolean pair = y + 1 < height;
        read(y, upper);
        luma(upper, width, first);
        pack(first, width, planes, y * width);
        if (pair) {
            read(y + 1, lower);
            luma(lower, width, first);
            pack(first, width, planes, (y + 1) * width);
        }
        int[] other = pair ? lower : upper;
        addRedBlue(upper, other, first);
        addGreen(upper, other, second);
        addPairs(first, chromaWidth);
        addPairs(second, chromaWidth);
        chroma(first, second, chromaWidth);
        int at = width * height + y / 2 * chromaWidth;
        pack(first, chromaWidth, planes, at);
        pack(second, chromaWidth, planes, at + chromaWidth * ((height + 1) / 2));
    }

    private void read(int y, int[] into) {
        source.read(y, into);
        into[into.length - 1] = into[width - 1]; // of an odd width the last one twice
    }

    private static void luma(int[] row, int width, int[] values) {
        for (int x = 0; x < width; x++) {
            // One product for two: its upper half is 66 * red + 25 * blue.
            int redBlue = ((row[x] & RED_BLUE) * (66 + (25 << 16))) >>> 16;
            values[x] = (redBlue + 129 * ((row[x] & GREEN) >> 8) + 128 + (16 << 8)) >> 8;
        }
    }

    private static void addRedBlue(int[] upper, int[] lower, int[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] = (upper[x] & RED_BLUE) + (lower[x] & RED_BLUE);
        }
    }

    private static void addGreen(int[] upper, int[] lower, int[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] = ((upper[x] & GREEN) + (lower[x] & GREEN)) >> 8;
        }
    }

    private static void addPairs(int[] sums, int count) {
        for (int x = 0; x < count; x++) {
            sums[x] = sums[2 * x] + sums[2 * x + 1];
        }
    }

    /** The sums of four pixels each to U, in place of the first, and V. */
    private static void chroma(int[] redBlueThenU, int[] greenThenV, int count) {
        for (int x = 0; x < count; x++) {
            int red = redBlueThenU[x] >>> 16;
            int blue = redBlueThenU[x] & 0xffff;
            int green = greenThenV[x];
            redBlueThenU[x] = ((-38 * red - 74 * green + 112 * blue + 512) >> 10) + 128;
            greenThenV[x] = ((112 * red - 94 * green - 18 * blue + 512) >> 10) + 128;
        }
    }

    private static void pack(int[] values, int count, byte[] to, int at) {
        for (int x = 0; x < count; x++) {
            to[at + x] = (byte) values[x];
        }
    }
}
