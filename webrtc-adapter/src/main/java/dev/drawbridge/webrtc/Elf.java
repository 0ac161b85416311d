package dev.drawbridge.webrtc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a shared object of Linux says of itself. Read here and not by {@code ldd}, which is not everywhere, and which lets the
 * object's own loader run.
 *
 * @param machine the kind of processor, as ELF numbers them, with the width of its words
 * @param needed the objects that it is linked with, by name
 * @param runPath where it wants them to be looked for first; {@code $ORIGIN} is where it lies itself
 * @param glibc the newest version of glibc that it asks for
 */
record Elf(int machine, List<String> needed, List<String> runPath, Optional<Runtime.Version> glibc) {
    private static final int LOAD = 1;
    private static final int DYNAMIC = 2;
    private static final long NEEDED = 1;
    private static final long STRINGS = 5;
    private static final long STRINGS_SIZE = 10;
    private static final long RPATH = 15;
    private static final long RUNPATH = 29;
    private static final int MOST_HEADERS = 1000;
    private static final Pattern GLIBC = Pattern.compile("GLIBC_(2\\.[0-9]{1,3})");

    private record Segment(int type, long offset, long address, long size) {}

    /** @throws IOException if it is no such object, or damaged */
    static Elf read(ByteBuffer file) throws IOException {
        try {
            return read(new Words(file.duplicate().order(ByteOrder.LITTLE_ENDIAN)));
        } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
            throw new IOException("a damaged shared object", e);
        }
    }

    /** Access to a file of either width. */
    private record Words(ByteBuffer file, boolean wide) {
        Words(ByteBuffer file) throws IOException {
            this(file, file.get(4) == 2);
            if (file.getInt(0) != 0x464c457f || file.get(5) != 1) {
                throw new IOException("not a shared object of this kind of machine");
            }
        }

        int half(int at) {
            return Short.toUnsignedInt(file.getShort(at));
        }

        long word(long at) {
            int index = Math.toIntExact(at);
            return wide ? file.getLong(index) : Integer.toUnsignedLong(file.getInt(index));
        }

        List<Segment> segments() {
            List<Segment> segments = new ArrayList<>();
            int at = Math.toIntExact(word(wide ? 0x20 : 0x1c));
            int size = half(wide ? 0x36 : 0x2a);
            int count = Math.min(half(wide ? 0x38 : 0x2c), MOST_HEADERS);
            for (int i = 0; i < count; i++, at += size) {
                segments.add(new Segment(
                        file.getInt(at),
                        word(at + (wide ? 8 : 4)),
                        word(at + (wide ? 16 : 8)),
                        word(at + (wide ? 32 : 16))));
            }
            return segments;
        }

        String text(long from, long size) {
            int at = Math.toIntExact(from);
            int length = Math.toIntExact(size);
            Objects.checkFromIndexSize(
                    at, length, file.limit()); // before memory is taken: a damaged file may claim any size
            byte[] bytes = new byte[length];
            file.get(at, bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static Elf read(Words words) throws IOException {
        List<Segment> segments = words.segments();
        Segment dynamic = segments.stream()
                .filter(segment -> segment.type == DYNAMIC)
                .findFirst()
                .orElseThrow(() -> new IOException("a shared object without a dynamic section"));
        List<Long> needed = new ArrayList<>();
        List<Long> paths = new ArrayList<>();
        long strings = 0;
        long size = 0;
        int step = words.wide ? 8 : 4;
        for (long at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 2L * step) {
            long tag = words.word(at);
            long value = words.word(at + step);
            if (tag == NEEDED) {
                needed.add(value);
            } else if (tag == RPATH || tag == RUNPATH) {
                paths.add(value);
            } else if (tag == STRINGS) {
                strings = value;
            } else if (tag == STRINGS_SIZE) {
                size = value;
            } else if (tag == 0) {
                break;
            }
        }
        String table = words.text(offset(segments, strings), size);
        return new Elf(
                words.half(0x12) * 2 + (words.wide ? 1 : 0),
                needed.stream().map(at -> entry(table, at)).toList(),
                paths.stream()
                        .flatMap(at -> List.of(entry(table, at).split(":", -1)).stream())
                        .filter(path -> !path.isEmpty())
                        .toList(),
                GLIBC.matcher(table)
                        .results()
                        .map(MatchResult::group)
                        .map(name -> Runtime.Version.parse(name.substring("GLIBC_".length())))
                        .max(Runtime.Version::compareTo));
    }

    /** Where in the file something is that the loader would find at this address. */
    private static long offset(List<Segment> segments, long address) throws IOException {
        return segments.stream()
                .filter(segment ->
                        segment.type == LOAD && address >= segment.address && address < segment.address + segment.size)
                .map(segment -> address - segment.address + segment.offset)
                .findFirst()
                .orElseThrow(() -> new IOException("a shared object without names"));
    }

    private static String entry(String table, long at) {
        int from = Math.toIntExact(at);
        return table.substring(from, table.indexOf(0, from));
    }
}
