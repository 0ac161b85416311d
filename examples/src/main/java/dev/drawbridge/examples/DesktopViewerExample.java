package dev.drawbridge.examples;

import dev.drawbridge.OptionsException;
import dev.drawbridge.SessionEvent.AudioMuted;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.LabelChanged;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.StreamInterrupted;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionEvent.StreamRequested;
import dev.drawbridge.SessionEvent.StreamResumed;
import dev.drawbridge.SessionEvent.VideoMuted;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.Viewer;
import dev.drawbridge.media.Recorder;
import dev.drawbridge.media.SinkException;
import dev.drawbridge.media.Speakers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A window that shows a stream, plays its sound, takes pictures of it and records it. */
public final class DesktopViewerExample {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final DesktopWindow window;
    private final AtomicReference<@Nullable Recorder> recorder = new AtomicReference<>();
    private final AtomicReference<@Nullable Viewer> viewer = new AtomicReference<>();
    private volatile @Nullable Speakers speakers;

    private DesktopViewerExample(DesktopWindow window) {
        this.window = window;
    }

    /**
     * Starts the example.
     *
     * @param args a link, or options such as {@code view=door&wss=ws://127.0.0.1:8080}; the program ends with its window
     */
    public static void main(String[] args) {
        DesktopWindow window = DesktopWindow.open();
        if (args.length != 1) {
            window.trouble(
                    "Nothing to watch", "Start it with a link, or with options: 'view=door&wss=ws://127.0.0.1:8080'");
            return;
        }
        new DesktopViewerExample(window).run(args[0]);
    }

    private void run(String link) {
        window.onClose(this::close);
        window.onMute(silent -> {
            Speakers playing = speakers;
            if (playing != null) {
                playing.muted(silent);
            }
        });
        window.onSnapshot(this::snapshot);
        window.onRecord(this::record);
        window.state("connecting", DesktopWindow.WAITING);
        try {
            SessionOptions options = SessionOptions.parse(link);
            options.view().stream().findFirst().ifPresent(stream -> window.publisher(stream.value()));
            Viewer session = Viewer.start(options);
            viewer.set(session);
            window.connected(true);
            watch(session);
        } catch (OptionsException e) {
            window.trouble("The link cannot be used", String.valueOf(e.getMessage()));
        } catch (SessionException e) {
            window.trouble("No connection", String.valueOf(e.getMessage()));
        }
    }

    private void watch(Viewer session) {
        session.onVideo(window.panel());
        listen(session);
        session.on(
                StreamRequested.class,
                event -> window.waiting("Waiting for the stream", "It starts as soon as it is live"));
        session.on(
                StreamMissing.class,
                event -> window.waiting(
                        "Nobody is there yet",
                        "Look whether the stream is live and the password is right; it is asked for again"));
        session.on(MediaStarted.class, event -> window.state("live", DesktopWindow.GOOD));
        session.on(StreamInterrupted.class, event -> window.state("interrupted", DesktopWindow.WAITING));
        session.on(StreamResumed.class, event -> window.state("live", DesktopWindow.GOOD));
        session.on(
                StreamEnded.class,
                event -> window.waiting("The stream has ended", "It comes back by itself when it is live again"));
        session.on(LabelChanged.class, event -> {
            if (!event.label().isEmpty()) {
                window.publisher(event.label());
            }
        });
        session.on(AudioMuted.class, event -> window.panel().soundMuted(event.muted()));
        session.on(VideoMuted.class, event -> {
            if (event.muted()) {
                window.panel().message("The camera is off");
                window.panel().clear();
            }
        });
        session.onStats(SECOND, window::figures);
        session.on(Closed.class, event -> window.connected(false));
        session.on(
                Closed.class,
                event -> window.trouble("It is over", event.reason().text() + "\n" + event.detail()));
    }

    /** A machine without loudspeakers shows pictures all the same. */
    private void listen(Viewer session) {
        try {
            Speakers opened = Speakers.open();
            speakers = opened;
            session.onAudio(opened);
        } catch (SinkException e) {
            window.noSound(String.valueOf(e.getMessage()));
        }
    }

    private void snapshot() {
        Viewer session = viewer.get();
        if (session != null) {
            var unused = session.snapshot(file("png"))
                    .whenComplete((path, failure) ->
                            window.say(failure == null ? "saved " + path : String.valueOf(failure.getMessage())));
        }
    }

    private void record() {
        Viewer session = viewer.get();
        Recorder running = recorder.getAndSet(null);
        if (running != null) {
            var unused = running.close();
        } else if (session != null) {
            try {
                Recorder begun = session.record(file("webm"));
                recorder.set(begun);
                window.recording(true);
                var unused = begun.done().whenComplete((recording, failure) -> {
                    recorder.compareAndSet(begun, null);
                    window.recording(false);
                    window.say(failure == null ? "saved " + recording.file() : String.valueOf(failure.getMessage()));
                });
            } catch (SinkException e) {
                window.say(String.valueOf(e.getMessage()));
            }
        }
    }

    private static Path file(String ending) {
        return Path.of("drawbridge-"
                + LocalDateTime.now(ZoneId.systemDefault())
                        .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT))
                + "." + ending);
    }

    /** Off the window's thread, which has to stay free. */
    private void close() {
        Viewer session = viewer.get();
        if (session != null) {
            session.close();
        }
        Recorder running = recorder.get();
        if (running != null) {
            running.close().toCompletableFuture().exceptionally(told -> null).join(); // the file becomes whole
        }
        Speakers playing = speakers;
        if (playing != null) {
            playing.close();
        }
    }
}
