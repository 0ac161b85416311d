package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.TurnListFailed;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.SessionState;
import dev.drawbridge.Viewer;
import dev.drawbridge.ViewerApproval;
import dev.drawbridge.spi.IceServer;
import dev.drawbridge.testing.Stage.Party;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions with a list of TURN servers: it comes beside everything else, and no fault of it stops anything. */
@ExtendWith(LeakGuard.class)
class TurnListSessionTest {
    private static final String OWN = "&stun=false&turn=u;p;turn:198.51.100.1:3478";
    private static final String OWN_URL = "turn:198.51.100.1:3478";

    private final Stage stage = new Stage();
    private final Lists lists = new Lists(stage.server.signaling());

    @AfterEach
    void everybodyEnds() {
        stage.close();
        assertThat(lists.requests).allMatch(request -> request.calledOff);
    }

    private Party<Publisher> publisher(String more) throws Exception {
        return publisher(more, request -> CompletableFuture.completedFuture(true));
    }

    private Party<Publisher> publisher(String more, ViewerApproval approval) throws Exception {
        Party<Publisher> publisher = stage.publisher(
                "push=listed1" + more + "&" + Lists.OPTION, stage.network.media(), builder -> builder.signaling(lists)
                        .approval(approval));
        stage.pass(Stage.MOMENT);
        return publisher;
    }

    private void served(String list) {
        newest().listener.fetched(list);
        stage.pass(Stage.MOMENT);
    }

    private void failed() {
        newest().listener.failed("lists.invalid:443 answered 404");
        stage.pass(Stage.MOMENT);
    }

    private Lists.Request newest() {
        return lists.requests.get(lists.requests.size() - 1);
    }

    private static List<String> urls(FakeLink link) {
        return link.settings().iceServers().stream().map(IceServer::url).toList();
    }

    @Test
    void who_comes_early_waits_for_the_list_and_gets_its_nearest_servers() throws Exception {
        Party<Publisher> publisher = publisher("&tz=-60" + OWN);
        publisher.event(Announced.class);
        stage.viewer("view=listed1");
        assertThat(publisher.story()).containsExactly("Announced", "ViewerRequested viewer-1");
        assertThat(publisher.media().links()).isEmpty();
        served(TurnListServer.list("anna"));
        assertThat(urls(publisher.media().link()))
                .containsExactly(OWN_URL, "turn:192.0.2.3:3478", "turns:192.0.2.4:443", "turn:192.0.2.1:3478");
        assertThat(publisher.story()).endsWith("ViewerJoined viewer-1");
        // 2030 by the clock of the service.
        assertThat(newest().address).hasToString("https://lists.invalid/turn?key=Canary9&ts=240150183300");
    }

    @Test
    void the_code_of_privacy_is_told_and_the_list_alone_makes_a_relay() throws Exception {
        Party<Publisher> publisher = publisher("&secure&tz=300&privacy=c%20de");
        served(TurnListServer.list("anna"));
        stage.viewer("view=listed1");
        assertThat(urls(publisher.media().link()))
                .containsExactly("turn:192.0.2.1:3478", "turns:192.0.2.2:443", "turn:192.0.2.3:3478");
        assertThat(publisher.media().link().settings().relayOnly()).isTrue();
        assertThat(newest().address.toString()).endsWith("&code=c%20de");
        assertThat(publisher.story()).endsWith("ViewerJoined viewer-1", "Sealed viewer-1");
    }

    @Test
    void a_viewer_waits_too_and_loses_nothing_of_what_it_was_sent_meanwhile() throws Exception {
        stage.publisher("push=listed1");
        FakeMedia media = stage.network.media();
        Viewer viewer = Viewer.builder(
                        SessionOptions.parse("?view=listed1&tcp&stun=0&" + Lists.OPTION + "&" + stage.server.option()))
                .media(media)
                .signaling(lists)
                .scheduler(stage.time.another())
                .start();
        stage.pass(Stage.MOMENT);
        assertThat(media.links()).isEmpty();
        served(TurnListServer.list("anna"));
        assertThat(EventRecorder.story(viewer.events())).contains("StreamStarted", "MediaStarted");
        assertThat(urls(media.link())).singleElement().asString().startsWith("turns:");
        viewer.close();
        stage.pass(Duration.ofSeconds(2));
    }

    @Test
    void nobody_waits_for_longer_than_two_seconds() throws Exception {
        Party<Publisher> publisher = publisher(OWN);
        stage.viewer("view=listed1");
        stage.pass(Duration.ofMillis(1550));
        assertThat(publisher.media().links()).isEmpty();
        stage.pass(Duration.ofMillis(100));
        assertThat(urls(publisher.media().link())).containsExactly(OWN_URL);
        assertThat(newest().calledOff).isTrue();
        served(TurnListServer.list("late"));
        assertThat(publisher.story())
                .containsExactly("Announced", "ViewerRequested viewer-1", "TurnListFailed", "ViewerJoined viewer-1");
        assertThat(publisher.event(TurnListFailed.class).detail()).isEqualTo("no answer within 2 s");
        stage.viewer("view=listed1");
        assertThat(urls(publisher.media().link())).containsExactly(OWN_URL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{}",
                "{\"servers\":7}",
                "{\"servers\":[]}",
                "{\"servers\":[{\"username\":\"Canary7\",\"credential\":\"Canary7\",\"urls\":\"turn:\"}]}",
                "{\"servers\":[{\"username\":\"Canary7\",\"credential\":\"Canary7\",\"urls\":\"stun:192.0.2.1\"}]}",
                "{\"servers\":[{\"username\":\"\",\"credential\":\"Canary7\",\"urls\":\"turn:192.0.2.1\"}]}"
            })
    void a_list_that_is_none_is_told_and_the_session_goes_on_with_its_own_servers(String answer) throws Exception {
        Party<Publisher> publisher = publisher(OWN);
        served(answer);
        assertThat(publisher.event(TurnListFailed.class).detail())
                .isIn("the answer is no list", "no server of the list can be used");
        stage.viewer("view=listed1");
        assertThat(urls(publisher.media().link())).containsExactly(OWN_URL);
        assertThat(publisher.story()).endsWith("ViewerJoined viewer-1");
    }

    @Test
    void a_list_that_has_come_is_not_asked_for_again_and_one_that_has_not_with_the_next_socket() throws Exception {
        Party<Publisher> publisher = publisher(OWN);
        failed();
        assertThat(publisher.event(TurnListFailed.class).detail()).endsWith("answered 404");
        stage.pass(Duration.ofMinutes(1));
        assertThat(lists.requests).hasSize(1);
        stage.server.restart();
        stage.pass(Duration.ofSeconds(1));
        assertThat(lists.requests).hasSize(2);
        served(TurnListServer.list("anna"));
        stage.server.restart();
        stage.pass(Duration.ofMinutes(1));
        assertThat(lists.requests).hasSize(2);
        stage.viewer("view=listed1");
        assertThat(urls(publisher.media().link())).hasSize(4);
    }

    @Test
    void a_socket_that_ends_takes_the_request_with_it() throws Exception {
        Party<Publisher> publisher = publisher(OWN);
        assertThat(newest().calledOff).isFalse();
        stage.server.disconnectAll();
        stage.pass(Duration.ofMillis(100));
        assertThat(newest().calledOff).isTrue();
        stage.pass(Duration.ofSeconds(1));
        assertThat(lists.requests).hasSize(2);
        assertThat(publisher.events(TurnListFailed.class)).isEmpty();
    }

    @Test
    void the_seal_calls_off_what_is_on_its_way_and_nothing_is_asked_for_again() throws Exception {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        Party<Publisher> publisher = publisher("&secure&prompt" + OWN, request -> {
            asked.complete(null);
            return answer;
        });
        failed();
        stage.viewer("view=listed1&label=Anna");
        asked.get(20, TimeUnit.SECONDS);
        EventRecorder.of(publisher.session()).await(Announced.class); // questions and events share a thread
        stage.server.restart();
        stage.pass(Duration.ofSeconds(1));
        assertThat(publisher.story()).contains("SignalingRestored");
        assertThat(newest().calledOff).isFalse();
        answer.complete(true);
        stage.time.run();
        assertThat(publisher.session().state()).isIn(SessionState.SEALING, SessionState.SEALED);
        assertThat(newest().calledOff).isTrue();
        newest().listener.fetched(TurnListServer.list("late"));
        stage.pass(Duration.ofMinutes(10));
        assertThat(publisher.session().state()).isEqualTo(SessionState.SEALED);
        assertThat(lists.requests).hasSize(2);
        assertThat(publisher.events(TurnListFailed.class)).hasSize(1);
    }

    @Test
    void the_end_calls_it_off_and_makes_nothing_for_the_ghosts_who_wait() throws Exception {
        Party<Publisher> publisher = publisher("");
        for (int ghost = 1; ghost <= 64; ghost++) {
            stage.viewer("view=listed1", stage.network.media().neverAnswer());
        }
        stage.pass(Stage.MOMENT);
        assertThat(publisher.events(ViewerRequested.class)).hasSize(64);
        assertThat(newest().calledOff).isFalse();
        publisher.session().close();
        stage.pass(Duration.ofSeconds(2));
        assertThat(newest().calledOff).isTrue();
        assertThat(publisher.media().links()).isEmpty();
        assertThat(publisher.story()).endsWith("Closed CLOSED_BY_APPLICATION").doesNotContain("TurnListFailed");
    }

    @Test
    void a_session_of_the_local_network_asks_for_no_list() throws Exception {
        Party<Publisher> publisher = publisher("&lanonly");
        stage.viewer("view=listed1");
        assertThat(publisher.story()).endsWith("ViewerJoined viewer-1");
        assertThat(urls(publisher.media().link())).isEmpty();
        assertThat(lists.requests).isEmpty();
    }
}
