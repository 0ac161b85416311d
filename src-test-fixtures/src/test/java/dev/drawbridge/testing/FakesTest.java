package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.IceFilter;
import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.Viewer;
import dev.drawbridge.internal.ice.CandidateFilter;
import dev.drawbridge.internal.ice.CandidateLine;
import dev.drawbridge.internal.ice.Fingerprints;
import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.ice.SeenCandidates;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.IceServer;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.LinkSettings.Role;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the fakes do beyond the contracts of the real things. */
@ExtendWith(LeakGuard.class)
class FakesTest {
    private final VirtualTime time = new VirtualTime();
    private final FakeNetwork network = new FakeNetwork(time);
    private final Object changes = new Object();

    private LinkRecorder open(Role role, boolean relayOnly, IceServer... servers) {
        LinkRecorder end = new LinkRecorder(role.name(), changes);
        LinkSettings settings = new LinkSettings(
                role, List.of(servers), relayOnly, true, true, OptionalInt.empty(), List.of(), MediaReceiver.NONE);
        end.attach(network.media().open(settings, end));
        return end;
    }

    private LinkRecorder[] pair() {
        LinkRecorder[] ends = {open(Role.PUBLISHER, false), open(Role.VIEWER, false)};
        ends[0].other = ends[1];
        ends[1].other = ends[0];
        return ends;
    }

    @Test
    void descriptions_and_candidates_are_such_that_the_filters_understand_them() {
        LinkRecorder[] ends = pair();
        ends[0].link().offer(false);
        time.advance(Duration.ofMillis(100));
        ends[0].link().offer(false);
        time.advance(Duration.ofMillis(100));
        String first = ends[0].descriptions().get(0).sdp();
        String second = ends[0].descriptions().get(1).sdp();
        assertThat(Fingerprints.of(first)).hasSize(1).isEqualTo(Fingerprints.of(second));
        assertThat(first).doesNotContain("a=candidate:");
        assertThat(second).as("like the real library").contains("a=candidate:");
        CandidateFilter none = filter("relay", false);
        assertThat(none.filter(second, new SeenCandidates())).doesNotContain("a=candidate:");
        assertThat(filter("host", true).filter(second, new SeenCandidates())).contains("a=candidate:");
        IceCandidate candidate = ends[0].candidates().get(0);
        assertThat(CandidateLine.parse(candidate.candidate())).isPresent();
        assertThat(none.keep(candidate, new SeenCandidates())).isEmpty();
    }

    private static CandidateFilter filter(String iceFilter, boolean lanOnly) {
        return new CandidateFilter(PathPolicy.of(Optional.of(IceFilter.of(iceFilter)), lanOnly, false), true);
    }

    @Test
    void without_a_candidate_of_one_of_them_two_ends_do_not_meet() {
        LinkRecorder publisher = open(Role.PUBLISHER, false);
        LinkRecorder viewer = open(Role.VIEWER, false);
        publisher.link().offer(false);
        time.advance(Duration.ofMillis(10));
        viewer.link().accept(publisher.descriptions().get(0));
        time.advance(Duration.ofMillis(10));
        publisher.link().accept(viewer.descriptions().get(0));
        time.advance(Duration.ofMinutes(1));
        assertThat(publisher.connected() || viewer.connected()).isFalse();
        publisher.link().add(viewer.candidates().get(0));
        time.advance(Duration.ofSeconds(1));
        assertThat(publisher.connected() && viewer.connected()).isTrue();
    }

    @Test
    void a_changed_fingerprint_on_the_way_never_connects() {
        LinkRecorder[] ends = pair();
        ((FakeLink) ends[1].link()).changeFingerprint();
        ends[0].link().offer(false);
        time.advance(Duration.ofSeconds(1));
        assertThat(ends[0].connected())
                .as("its own certificate, so this is allowed")
                .isTrue();

        LinkRecorder publisher = open(Role.PUBLISHER, false);
        LinkRecorder viewer = open(Role.VIEWER, false);
        publisher.link().offer(false);
        time.advance(Duration.ofMillis(10));
        var offer = publisher.descriptions().get(0);
        String tampered = offer.sdp().replace("DB:DB", "00:00");
        viewer.link().accept(new SessionDescription(offer.type(), tampered));
        publisher.candidates().forEach(viewer.link()::add);
        time.advance(Duration.ofMillis(10));
        publisher.link().accept(viewer.descriptions().get(0));
        time.advance(Duration.ofMinutes(1));
        assertThat(publisher.connected() || viewer.connected()).isFalse();
    }

    @Test
    void relay_only_needs_a_relay() {
        LinkRecorder without = open(Role.PUBLISHER, true);
        without.link().offer(false);
        IceServer turn = new IceServer("turn:192.0.2.1", "name", Optional.empty());
        LinkRecorder with = open(Role.PUBLISHER, true, turn);
        with.link().offer(false);
        time.advance(Duration.ofSeconds(1));
        assertThat(without.candidates()).isEmpty();
        assertThat(with.candidates()).singleElement().matches(c -> c.candidate().contains(" typ relay "));
    }

    @Test
    void what_is_said_during_an_interruption_arrives_afterwards_and_media_does_not() {
        LinkRecorder[] ends = pair();
        ends[0].link().offer(false);
        time.advance(Duration.ofSeconds(1));
        FakeLink publisher = (FakeLink) ends[0].link();
        publisher.interrupt();
        time.run();
        ends[0].link().send("one");
        ends[0].link().send("two");
        time.advance(Duration.ofSeconds(1));
        assertThat(ends[1].texts()).isEmpty();
        publisher.resume();
        time.advance(Duration.ofSeconds(1));
        assertThat(ends[1].texts()).containsExactly("one", "two");
        publisher.fail();
        publisher.resume();
        time.advance(Duration.ofSeconds(1));
        assertThat(ends[0].states().get(ends[0].states().size() - 1)).hasToString("FAILED");
    }

    @Test
    void the_same_session_again_takes_the_same_steps_at_the_same_times() throws Exception {
        assertThat(steps()).isEqualTo(steps());
    }

    private static List<String> steps() throws Exception {
        try (Stage stage = new Stage()) {
            Party<Publisher> publisher = stage.publisher("push=twice1&secure");
            stage.viewer("view=twice1", stage.network.media().neverAnswer());
            Party<Viewer> viewer = stage.viewer("view=twice1", stage.network.media());
            stage.pass(Duration.ofMinutes(1));
            viewer.session().close();
            stage.pass(Duration.ofMinutes(1));
            List<String> steps = new ArrayList<>();
            publisher.session().events().forEach(e -> steps.add(e.at() + " " + e.getClass()));
            viewer.session().events().forEach(e -> steps.add(e.at() + " " + e.getClass()));
            stage.server.log().forEach(entry -> steps.add(entry.connection() + " " + entry.at() + " " + entry.kind()));
            steps.add(publisher.packets() + " packets");
            return steps;
        }
    }

    @Test
    void a_recorder_tells_what_it_heard_when_it_waits_in_vain() throws Exception {
        EventRecorder recorder = new EventRecorder();
        recorder.accept(new Announced(Instant.EPOCH));
        assertThat(recorder.await(Announced.class).at()).isEqualTo(Instant.EPOCH);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> recorder.await(Sealed.class)).isInstanceOf(InterruptedException.class);
        assertThat(recorder.story()).containsExactly("Announced");
    }
}
