package dev.drawbridge.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A file with pictures and sound, as {@code ffprobe} and {@code ffmpeg} see it.
 *
 * <p><b>Thread:</b> any. <b>Blocking:</b> every method, while the program reads the file. <b>Bounds:</b> none; for short files.
 */
public final class RecordedFile {
    /** Of {@link #sound}, in a second. */
    public static final int RATE = 48_000;

    private final Path path;

    private RecordedFile(Path path) {
        this.path = path;
    }

    /** The file need not be there yet, nor be whole. */
    public static RecordedFile of(Path path) {
        return new RecordedFile(path);
    }

    /** Its streams with codec, width and height, such as {@code vp8 640x360} and {@code opus}. @throws AssertionError if it is refused */
    public List<String> streams() {
        List<String> found = new ArrayList<>();
        for (String line : probe("-show_entries", "stream=codec_name,width,height")) {
            String[] parts = line.split(",", -1);
            found.add(parts.length > 2 ? parts[0] + " " + parts[1] + "x" + parts[2] : parts[0]);
        }
        return found;
    }

    /** The times of its pictures, in seconds, in the order in which they are shown. */
    public List<Double> pictures() {
        return times("v");
    }

    /** The times of its pieces of sound, likewise. */
    public List<Double> blocks() {
        return times("a");
    }

    private List<Double> times(String stream) {
        List<Double> times = new ArrayList<>();
        for (String line : probe("-select_streams", stream, "-show_entries", "packet=pts_time")) {
            String time = line.replace(",", "").trim();
            if (!time.isEmpty() && !time.equals("N/A")) {
                times.add(Double.parseDouble(time));
            }
        }
        Collections.sort(times);
        return times;
    }

    /** Every picture in shades of grey, scaled to this size, 0 to 255. */
    public List<byte[]> grey(int width, int height) {
        byte[] all = decoded(
                "-map",
                "0:v",
                "-vf",
                "scale=" + width + ":" + height,
                "-pix_fmt",
                "gray",
                "-vsync",
                "passthrough",
                "-f",
                "rawvideo");
        List<byte[]> pictures = new ArrayList<>();
        int size = width * height;
        for (int at = 0; at + size <= all.length; at += size) {
            pictures.add(Arrays.copyOfRange(all, at, at + size));
        }
        return pictures;
    }

    /** Its sound on one channel, with silence where there is none, from time 0 on. */
    public short[] sound() {
        byte[] all = decoded(
                "-map",
                "0:a",
                "-af",
                "aresample=async=1:first_pts=0",
                "-ac",
                "1",
                "-ar",
                Integer.toString(RATE),
                "-f",
                "s16le");
        short[] samples = new short[all.length / 2];
        ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    private List<String> probe(String... what) {
        List<String> command = new ArrayList<>(List.of(SystemProgram.find("ffprobe", "ffmpeg"), "-v", "error"));
        command.addAll(List.of(what));
        command.addAll(List.of("-of", "csv=p=0", path.toString()));
        return new String(run(command), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private byte[] decoded(String... how) {
        List<String> command = new ArrayList<>(
                List.of(SystemProgram.find("ffmpeg", "ffmpeg"), "-v", "error", "-nostdin", "-i", path.toString()));
        command.addAll(List.of(how));
        command.add("pipe:1");
        return run(command);
    }

    private byte[] run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            process.getOutputStream().close();
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            try (InputStream output = process.getInputStream()) {
                output.transferTo(printed);
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new AssertionError(command.get(0) + " ended with " + status + " on " + path);
            }
            return printed.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
