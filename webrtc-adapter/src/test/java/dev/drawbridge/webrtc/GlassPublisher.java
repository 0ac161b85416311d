package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.RecordingRelay;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;

/** A secure publisher of {@code camera1} of which everything is seen: bytes, look-ups, sockets, transitions and events. */
final class GlassPublisher implements AutoCloseable {
    final RecordingRelay relay;
    final Outgoing outgoing = new Outgoing();
    final HandedOver handedOver;
    final SessionLog log = new SessionLog();
    final EventRecorder story = new EventRecorder();
    final Publisher publisher;

    /** @param admitting runs right before the viewer is admitted */
    GlassPublisher(Stage stage, Runnable admitting) throws SessionException {
        HandshakeServer server = stage.server;
        relay = RecordingRelay.to(server.uri());
        // A name, so that there is something to look up.
        URI address = URI.create(relay.uri().toString().replace("127.0.0.1", "localhost"));
        OkHttpClient.Builder client = new OkHttpClient.Builder().dns(outgoing).socketFactory(outgoing);
        handedOver = new HandedOver(stage.signaling(client));
        publisher = Publisher.builder(
                        SessionOptions.parse("push=camera1&secure&prompt&stun=0&turn=0&" + stage.at(address)))
                .media(Stage.pattern())
                .signaling(handedOver)
                .approval(request -> {
                    admitting.run();
                    return CompletableFuture.completedFuture(true);
                })
                .listener(story)
                .start();
    }

    /** The one connection to the server. */
    RecordingRelay.Connection connection() {
        return relay.connections().get(0);
    }

    /** For the whole life of the session up to now: one connection, and after the admission no ear for the server. */
    void assertNothingCameOrWentAfterTheSeal() throws Exception {
        assertThat(relay.connections()).hasSize(1);
        assertThat(outgoing.seen()).containsExactly("look up localhost", "socket");
        assertThat(log.inputsAfterAdmission())
                .containsOnlyOnce("SocketGone")
                .doesNotContain("SignalReceived", "SocketOpened");
        assertThat(story.events(ViewerJoined.class)).hasSize(1);
        assertThat(living(relay.uri().getPort())).isEmpty();
    }

    /** Sockets of this machine that are connected, or connecting, to this port; as Linux sees it. */
    static List<String> living(int port) throws Exception {
        String remote = String.format(Locale.ROOT, ":%04X", port);
        List<String> found = new ArrayList<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            Path path = Path.of(table);
            if (Files.exists(path)) {
                Files.readAllLines(path).stream()
                        .map(line -> line.trim().split("\\s+"))
                        // ESTABLISHED, SYN_SENT, CLOSE_WAIT
                        .filter(fields -> fields[2].endsWith(remote)
                                && List.of("01", "02", "08").contains(fields[3]))
                        .forEach(fields -> found.add(String.join(" ", fields)));
            }
        }
        return found;
    }

    @Override
    public void close() {
        publisher.close();
        relay.close();
        log.close();
    }
}
