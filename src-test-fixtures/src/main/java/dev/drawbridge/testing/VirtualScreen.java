package dev.drawbridge.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A screen that nobody sees: an X server (Xvfb) under a display number of its own. A JVM takes its display from its environment when it
 * starts, so what is to be shown there runs in a process of its own:
 *
 * <pre>{@code
 * try (VirtualScreen screen = VirtualScreen.start(1280, 720)) {
 *     Process program = screen.on(new ProcessBuilder(command)).start();
 * }
 * }</pre>
 *
 * <p>Needs Debian's xvfb. There is no window manager: windows have no frame and lie where the program puts them.
 *
 * <p><b>Thread:</b> any. <b>After close:</b> the server is gone, and programs that are still on it lose their connection.
 */
public final class VirtualScreen implements AutoCloseable {
    private static final long SECONDS_TO_DIE = 5;

    private final Process server;
    private final String display;
    private final Thread atExit;

    private VirtualScreen(Process server, String display) {
        this.server = server;
        this.display = display;
        atExit = new Thread(server::destroyForcibly, "drawbridge-server-screen");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Starts one of this size, with 24 bits of colour, and returns when programs can connect.
     *
     * @throws AssertionError if that cannot be done, with what is missing
     */
    public static VirtualScreen start(int width, int height) {
        List<String> command = List.of(
                SystemProgram.find("Xvfb", "xvfb"),
                "-displayfd",
                "1",
                "-screen",
                "0", //
                width + "x" + height + "x24",
                "-nolisten",
                "tcp",
                "-noreset");
        try {
            Process server = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            server.getOutputStream().close();
            // It takes a number that is free and tells it once it listens there.
            String number = new BufferedReader(
                            new InputStreamReader(server.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            if (number == null || number.isBlank()) {
                server.destroyForcibly();
                throw new AssertionError("Xvfb did not start");
            }
            return new VirtualScreen(server, ":" + number.strip());
        } catch (IOException e) {
            throw new AssertionError("Xvfb could not be started", e);
        }
    }

    /** As {@code DISPLAY} names it, such as {@code :7}. */
    public String display() {
        return display;
    }

    /** Has a program appear on this screen; returns the same builder. */
    public ProcessBuilder on(ProcessBuilder program) {
        program.environment().put("DISPLAY", display);
        program.environment().remove("XAUTHORITY");
        program.environment().remove("WAYLAND_DISPLAY");
        return program;
    }

    /** Ends the server. Idempotent. */
    @Override
    public void close() {
        server.destroy(); // it removes its lock and its socket
        try {
            if (!server.waitFor(SECONDS_TO_DIE, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            // The JVM ends; the hook does the same.
        }
    }
}
