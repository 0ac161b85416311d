package dev.drawbridge.media;

import java.awt.Rectangle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A window of another program, found and followed by {@code xwininfo}, since Java knows only its own. Where it is is asked twice a
 * second, beside the capture, which meanwhile goes on with the last answer.
 */
final class X11Window implements CaptureArea {
    private static final Pattern LISTED = Pattern.compile("^\\s*(0x[0-9a-f]+) \"(.*)\": \\(.*");
    private static final Pattern NUMBER =
            Pattern.compile("^\\s*(Absolute upper-left X|Absolute upper-left Y|Width|Height): +(-?[0-9]{1,9})\\s*$");
    private static final int MOST_OUTPUT = 1 << 20;
    /** Of a side; no screen is larger, but any program may ask for such a window. */
    private static final int MOST_SIDE = 16_384;

    private static final int MOST_WINDOWS = 20;
    private static final long LOOK_SECONDS = 3;
    private static final long PAUSE_NANOS = 500_000_000;

    private final String title;
    // Guarded by this.
    private @Nullable String id;
    private @Nullable Rectangle place;
    private @Nullable Process look;
    private long lookedAt;

    X11Window(String title) {
        this.title = title;
    }

    @Override
    public String name() {
        return "window"; // its title may say more than a log should
    }

    @Override
    public CaptureArea fresh() {
        return new X11Window(title);
    }

    @Override
    public void open() throws IOException {
        for (String candidate : listed(output("-root", "-tree"), title)) {
            String described;
            try {
                described = output("-id", candidate);
            } catch (IOException gone) {
                continue;
            }
            Rectangle there = visible(described);
            if (there != null) {
                synchronized (this) {
                    id = candidate;
                    place = there;
                    lookedAt = System.nanoTime();
                }
                return;
            }
        }
        throw new IOException("no window that is to be seen has \"" + title
                + "\" in its title; open it first, or take a part of the screen: Screens.region");
    }

    /** The ids of those with this text in their titles, the foremost first. */
    static List<String> listed(String tree, String title) {
        String part = title.toLowerCase(Locale.ROOT);
        List<String> ids = new ArrayList<>();
        for (String line : tree.split("\n", -1)) {
            Matcher window = LISTED.matcher(line);
            if (window.matches()
                    && window.group(2).toLowerCase(Locale.ROOT).contains(part)
                    && ids.size() < MOST_WINDOWS) {
                ids.add(window.group(1));
            }
        }
        return ids;
    }

    /** Where it is; null if it is not shown. */
    static @Nullable Rectangle visible(String description) throws IOException {
        int[] numbers = new int[4];
        for (String line : description.split("\n", -1)) {
            Matcher number = NUMBER.matcher(line);
            if (number.find()) {
                int which =
                        switch (number.group(1)) {
                            case "Absolute upper-left X" -> 0;
                            case "Absolute upper-left Y" -> 1;
                            case "Width" -> 2;
                            default -> 3;
                        };
                numbers[which] = Integer.parseInt(number.group(2));
            }
        }
        boolean shown = description.contains("Map State: IsViewable") && numbers[2] > 1 && numbers[3] > 1;
        if (shown && (numbers[2] > MOST_SIDE || numbers[3] > MOST_SIDE)) {
            throw new IOException("the window has " + numbers[2] + "x" + numbers[3] + " pixels: a side may have "
                    + MOST_SIDE + "; take a part of the screen: Screens.region");
        }
        return shown ? new Rectangle(numbers[0], numbers[1], numbers[2], numbers[3]) : null;
    }

    private static String output(String... words) throws IOException {
        Process process = start(words);
        CompletableFuture.delayedExecutor(LOOK_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
        return output(process);
    }

    private static Process start(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("xwininfo"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(
                    "there is no xwininfo on the path, which finds the windows of other programs: install it (Debian:"
                            + " apt-get install x11-utils) or take a part of the screen: Screens.region",
                    e);
        }
    }

    private static String output(Process process) throws IOException {
        try (InputStream in = process.getInputStream()) {
            byte[] read = in.readNBytes(MOST_OUTPUT);
            String output = new String(read, StandardCharsets.UTF_8);
            if (read.length == MOST_OUTPUT) {
                return output; // it waits for somebody to read the rest; the foremost windows are in here
            }
            if (!process.waitFor(LOOK_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(
                        "xwininfo failed: " + output.strip().lines().findFirst().orElse("it said nothing"));
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public synchronized @Nullable Rectangle now() throws IOException {
        String window = id;
        if (window == null) {
            return null;
        }
        if (look != null && !look.isAlive()) {
            Process done = look;
            look = null;
            String described;
            try {
                described = output(done);
            } catch (IOException e) {
                throw new IOException("the window was closed", e);
            }
            place = visible(described);
        } else if (look == null && System.nanoTime() - lookedAt > PAUSE_NANOS) {
            lookedAt = System.nanoTime();
            look = start("-id", window);
        } else if (look != null && System.nanoTime() - lookedAt > LOOK_SECONDS * 1_000_000_000) {
            look.destroyForcibly();
        }
        return place;
    }

    @Override
    public synchronized void close() {
        id = null;
        if (look != null) {
            look.destroyForcibly();
            look = null;
        }
    }
}
