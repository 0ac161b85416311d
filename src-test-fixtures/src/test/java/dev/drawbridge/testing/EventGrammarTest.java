package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.CloseReason;
import dev.drawbridge.MemberId;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.AnnouncementRefused;
import dev.drawbridge.SessionEvent.ChatReceived;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.LeaveReason;
import dev.drawbridge.SessionEvent.MemberJoined;
import dev.drawbridge.SessionEvent.MemberLeft;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.RoomEntered;
import dev.drawbridge.SessionEvent.SceneCommand;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ServerNotice;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionEvent.StreamAnnounced;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.ViewerInterrupted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionEvent.ViewerResumed;
import dev.drawbridge.StreamId;
import dev.drawbridge.ViewerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions in short: one word for each event, the viewer's number behind it. */
class EventGrammarTest {
    private static final Instant AT = Instant.EPOCH;
    private static final StreamId STREAM = StreamId.of("camera1");

    private static SessionEvent event(String word) {
        String name = word.replaceAll("[0-9]", "");
        String digits = word.replaceAll("[^0-9]", "");
        ViewerId viewer = new ViewerId(digits.isEmpty() ? 1 : Integer.parseInt(digits), "anna");
        return switch (name) {
            case "announced" -> new Announced(AT);
            case "taken" -> new AnnouncementRefused(AT, 1, Duration.ZERO);
            case "lost" -> new SignalingLost(AT, "", Duration.ZERO);
            case "restored" -> new SignalingRestored(AT);
            case "notice" -> new ServerNotice(AT, "");
            case "requested" -> new ViewerRequested(AT, viewer);
            case "refused" -> new ViewerRefused(AT, viewer, RefusalReason.NO_ANSWER);
            case "joined" -> new ViewerJoined(AT, viewer);
            case "interrupted" -> new ViewerInterrupted(AT, viewer);
            case "resumed" -> new ViewerResumed(AT, viewer);
            case "chat" -> new ChatReceived(AT, viewer.toString(), "hello");
            case "data" -> new DataReceived(AT, viewer.toString(), "1");
            case "left" -> new ViewerLeft(AT, viewer, LeaveReason.BYE);
            case "sealed" -> new Sealed(AT, viewer);
            case "started" -> new StreamStarted(AT, STREAM);
            case "ended" -> new StreamEnded(AT, STREAM, LeaveReason.BYE);
            case "entered" -> new RoomEntered(AT);
            case "member" -> new MemberJoined(AT, new MemberId(viewer.number(), "anna"));
            case "publishes" -> new StreamAnnounced(AT, new MemberId(viewer.number(), "anna"), STREAM);
            case "leaves" -> new MemberLeft(AT, new MemberId(viewer.number(), "anna"));
            case "scene" -> new SceneCommand(AT, STREAM, "1", STREAM, true);
            case "closed" -> new Closed(AT, CloseReason.VIEWER_LEFT, "");
            default -> throw new IllegalArgumentException(word);
        };
    }

    private static List<SessionEvent> session(String words) {
        List<SessionEvent> events = new ArrayList<>();
        for (String word : words.split(" ", -1)) {
            events.add(event(word));
        }
        return events;
    }

    @ParameterizedTest
    @CsvSource({
        "true,  closed",
        "true,  announced requested requested2 refused2 joined sealed interrupted resumed data left closed",
        "true,  announced requested refused lost restored requested2 joined2 interrupted2 left2 closed",
        "false, announced taken announced requested joined requested2 joined2 left requested3 left2 refused3 closed",
        "false, lost lost restored requested refused closed",
        "false, started ended started ended closed",
        "false, entered member publishes member2 leaves publishes2 started scene ended closed",
    })
    void a_session_that_is_in_order_passes(boolean secure, String words) {
        assertThatCode(() -> EventGrammar.check(secure, session(words))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "false, announced",
        "false, closed closed",
        "false, closed announced",
        "false, requested refused closed",
        "false, taken closed",
        "false, announced requested2 refused2 closed",
        "false, announced requested closed",
        "false, announced requested requested closed",
        "false, announced requested refused refused closed",
        "false, announced requested refused joined left closed",
        "false, announced requested refused left closed",
        "false, announced requested left closed",
        "false, announced joined left closed",
        "false, announced requested joined closed",
        "false, announced requested joined joined left closed",
        "false, announced requested joined refused closed",
        "false, announced requested joined left left closed",
        "false, announced requested joined left resumed closed",
        "false, announced requested joined resumed left closed",
        "false, announced requested joined interrupted interrupted left closed",
        "false, announced requested joined interrupted closed",
        "false, announced requested data refused closed",
        "false, announced requested sealed refused closed",
        "false, announced requested joined sealed sealed left closed",
        "false, announced requested joined sealed requested2 refused2 left closed",
        "false, announced requested joined sealed lost left closed",
        "false, announced requested joined sealed left data closed",
        "false, restored closed",
        "false, started closed",
        "false, entered entered closed",
        "false, member closed",
        "false, entered member member closed",
        "false, entered publishes closed",
        "false, entered member leaves leaves closed",
        "false, entered member leaves member closed",
        "false, entered scene closed",
        "false, ended closed",
        "true,  announced requested requested2 joined refused2 left closed",
        "true,  announced requested joined requested2 refused2 left closed",
        "true,  announced requested joined lost left closed",
        "true,  announced requested joined notice left closed",
        "true,  announced requested joined left announced closed",
    })
    void a_session_that_is_out_of_order_is_found_out_and_told_whole(boolean secure, String words) {
        assertThatThrownBy(() -> EventGrammar.check(secure, session(words)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("; the session: [");
    }

    @Test
    void a_session_can_be_followed_as_it_goes() {
        EventGrammar grammar = EventGrammar.ofSecure();
        session("announced requested joined sealed left").forEach(grammar);
        assertThat(grammar.isClosed()).isFalse();
        grammar.accept(event("closed"));
        assertThat(grammar.isClosed()).isTrue();
        assertThatThrownBy(() -> grammar.accept(event("closed"))).hasMessage("Closed after Closed");
        assertThatCode(() -> session("announced requested joined notice").forEach(EventGrammar.of()))
                .doesNotThrowAnyException();
    }
}
