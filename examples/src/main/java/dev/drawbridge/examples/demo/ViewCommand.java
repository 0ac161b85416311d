package dev.drawbridge.examples.demo;

import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.Pixels;
import dev.drawbridge.media.VideoFrame;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Watches through any handshake server. */
@Command(
        name = "view",
        description = "Watch through any handshake server. What arrives is measured, not shown.",
        footer = {
            "",
            "With --json an event is {\"at\":<epoch ms>,\"event\":\"MediaStarted\",...} and \"Stats\" has state, framesReceived,"
                    + " bitrateKbps, width, height, meanRgb of the last picture, roundTripMs, path, and marks: the time of"
                    + " each step.",
            "",
            "Examples:",
            "  bin/demo view 'view=door&password=xyz&wss=ws://127.0.0.1:8080'",
            "  bin/demo view 'http://10.0.0.5:8080/?view=door&wss=ws://10.0.0.5:8080' \\",
            "      --allow-plain --seconds 10 --json"
        })
final class ViewCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final AtomicReference<@Nullable VideoFrame> newest = new AtomicReference<>();

    @Mixin
    private final OptionsArgument argument = new OptionsArgument();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    ViewCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws SessionException {
        SessionOptions options = argument.parse(terminal);
        Report report = output.report(terminal, !options.cleanOutput());
        SessionRun run = new SessionRun(report, output.limit());
        return ExitStatus.of(run.run(
                listener -> Viewer.builder(options)
                        .signaling(argument.signaling())
                        .listener(listener)
                        .start(),
                viewer -> viewer.onVideo(frame -> newest.set(frame)),
                viewer -> SessionSnapshot.of(viewer, meanRgb())));
    }

    private OptionalInt meanRgb() {
        VideoFrame frame = newest.get();
        return frame == null ? OptionalInt.empty() : OptionalInt.of(Pixels.meanRgb(frame));
    }
}
