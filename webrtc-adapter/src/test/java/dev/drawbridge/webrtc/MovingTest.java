package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.NetworkNamespaces;
import dev.drawbridge.testing.NetworkNamespaces.Host;
import dev.drawbridge.testing.PacketCapture;
import dev.drawbridge.testing.PacketCapture.Protocol;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The host of one side gets other addresses in the middle of a session, as when a machine changes from one network to another: a
 * sealed session goes on without a byte to the handshake server. {@code -Ddrawbridge.moves=20} does it more often.
 */
class MovingTest {
    private static final int MOVES = Integer.getInteger("drawbridge.moves", 1);
    private static final Duration LONGEST = Duration.ofMillis(3500);
    /** An ICE restart that is on its way as well, or other tests beside this one, may cost SCTP one more of its pauses. */
    private static final Duration LONGEST_BESIDE_OTHERS = LONGEST.multipliedBy(2);
    /** Pings alone would need 10 to 20 s. */
    private static final Duration AT_ONCE = Duration.ofSeconds(8);
    /** The end of the TCP connection is confirmed by the kernel, after it was told. */
    private static final Duration CONFIRMED = Duration.ofMillis(500);

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(120L * MOVES));

    @Test
    void a_sealed_session_survives_a_change_of_address_without_the_server() throws Exception {
        List<Long> gaps = new ArrayList<>();
        for (int i = 0; i < MOVES; i++) {
            gaps.add(gap("&secure", true, false));
        }
        Collections.sort(gaps);
        System.out.println("data gaps in ms, sealed: " + gaps);
        assertThat(gaps).allMatch(gap -> gap <= (MOVES > 1 ? LONGEST : LONGEST_BESIDE_OTHERS).toMillis());
    }

    @Test
    void an_open_session_that_is_told_of_a_change_of_address_survives_it_and_has_the_server_back() throws Exception {
        long gap = gap("", false, false);
        System.out.println("data gap in ms, open: " + gap);
        assertThat(gap).isLessThanOrEqualTo(LONGEST_BESIDE_OTHERS.toMillis());
    }

    @Test
    void a_sealed_session_survives_that_the_viewers_address_changes() throws Exception {
        List<Long> gaps = new ArrayList<>();
        for (int i = 0; i < MOVES; i++) {
            gaps.add(gap("&secure", true, true));
        }
        Collections.sort(gaps);
        System.out.println("data gaps in ms, the viewer moves: " + gaps);
        assertThat(gaps).allMatch(gap -> gap <= (MOVES > 1 ? LONGEST : LONGEST_BESIDE_OTHERS).toMillis());
    }

    private static long gap(String mode, boolean sealed, boolean viewerMoves) throws Exception {
        try (NetworkNamespaces network = NetworkNamespaces.create()) {
            Host publisher = network.host("publisher");
            Host viewer = network.host("viewer");
            Host server = network.host("server");
            try (PacketCapture capture = publisher.capture();
                    Programs.Running serving = run(
                            server, NoLeakChild.Serving.class, server.address().getHostAddress())) {
                String uri = serving.line("serving ");
                try (Programs.Running publishing =
                                run(publisher, MovingChild.Publishing.class, uri, "push=moving1" + mode);
                        Programs.Running watching = run(viewer, MovingChild.Watching.class, uri, "view=moving1")) {
                    Instant since = sealed ? Instant.parse(publishing.line("sealed ")) : Instant.MAX;
                    watching.line("flowing");
                    (viewerMoves ? viewer : publisher).move();
                    watching.tell("moved");
                    if (!sealed) {
                        long told = System.nanoTime();
                        publishing.tell("moved");
                        publishing.line("SignalingRestored");
                        assertThat(Duration.ofNanos(System.nanoTime() - told)).isLessThan(AT_ONCE);
                    }
                    long gap = Long.parseLong(watching.line("gap "));
                    assertThat(watching.line("lost ")).isEqualTo("0");
                    watching.line("picture");
                    if (sealed && !viewerMoves) {
                        String at = server.address().getHostAddress();
                        assertThat(capture.stop())
                                .filteredOn(packet -> packet.protocol() != Protocol.HOUSEKEEPING
                                        && packet.to().equals(at)
                                        && packet.at().isAfter(since))
                                .allMatch(packet -> packet.payload().length == 0)
                                .allMatch(packet -> packet.at().isBefore(since.plus(CONFIRMED)));
                    }
                    watching.process.getOutputStream().close();
                    if (sealed) {
                        assertThat(publishing.line("end ")).isEqualTo("VIEWER_LEFT");
                    }
                    return gap;
                }
            }
        }
    }

    private static Programs.Running run(Host host, Class<?> program, String... arguments) throws Exception {
        ProcessBuilder builder = Programs.command(List.of(), program, arguments);
        builder.command().addAll(0, host.inside());
        return new Programs.Running(builder.start());
    }
}
