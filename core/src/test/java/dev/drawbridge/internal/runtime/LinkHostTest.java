package dev.drawbridge.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.IceFilter;
import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.machine.Input;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkHostTest {
    private final List<Input> inputs = new ArrayList<>();

    /** Does at once what is to be done at once, and nothing later. */
    private static final class AtOnce implements Scheduler {
        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            return () -> {};
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public void close() {}
    }

    private static List<IceCandidate> candidate(String type) {
        return List.of(new IceCandidate("candidate:1 1 udp 1 192.0.2.1 4000 typ " + type, "0", 0));
    }

    @Test
    void that_none_of_ours_is_left_is_taken_back_when_one_comes() {
        PathPolicy paths = PathPolicy.of(Optional.of(IceFilter.of("srflx")), false, false);
        LinkHost host = new LinkHost(1, "viewer-1", new AtOnce(), paths, text -> new Message.Ignored(), inputs::add);

        host.localCandidates(candidate("host"));
        host.localCandidates(candidate("srflx"));
        host.localCandidates(candidate("host"));

        assertThat(inputs)
                .containsExactly(
                        new Input.CandidatesDropped(1, true, false, "ours 1 host/udp"),
                        new Input.CandidatesDropped(1, false, false, "ours 1 host/udp"));
    }

    @Test
    void candidates_that_come_through_a_connection_are_heard_before_its_path_is_known() {
        PathPolicy paths = PathPolicy.of(Optional.of(IceFilter.of("host")), false, false);
        Message named = new Message.Candidates(Side.VIEWER, Optional.empty(), candidate("host"), false);
        LinkHost host = new LinkHost(
                1,
                "viewer-1",
                new AtOnce(),
                paths,
                text -> text.equals("candidates") ? named : new Message.Bye(),
                inputs::add);

        host.received("goodbye");
        host.channelOpened();
        host.received("candidates");

        assertThat(inputs).containsExactly(new Input.ChannelReceived(1, named));
    }
}
