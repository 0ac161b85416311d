package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Publishers.announced;
import static dev.drawbridge.internal.machine.Samples.answer;
import static dev.drawbridge.internal.machine.Samples.asks;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.open;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.secure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.SessionDescription;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ghosts ask a publisher and never connect, twenty a second; a viewer that needs its time must get in beside them. */
class GhostsTest {
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Whether a ghost answers what it is offered; with candidates or without, the machine sees the same: no connection. */
    private enum Manner {
        SILENT,
        ANSWERING
    }

    private static void ghost(Driver<PublisherState> publisher, String name, Manner manner) {
        int link = ask(publisher, name);
        if (link > 0 && manner == Manner.ANSWERING) {
            publisher.take(says(1, name, answer(link, name)));
        }
    }

    /** The link that was made for it and offered, or 0. */
    private static int ask(Driver<PublisherState> publisher, String name) {
        publisher.take(asks(1, name));
        int link = publisher.last().stream()
                .filter(Effect.OpenLink.class::isInstance)
                .mapToInt(effect -> ((Effect.OpenLink) effect).link())
                .sum();
        if (link > 0) {
            publisher.take(described(link, SessionDescription.Type.OFFER));
        }
        return link;
    }

    @ParameterizedTest
    @CsvSource({
        "SILENT, 1200, 100", "SILENT, 1200, 500", "SILENT, 1200, 1000",
        "ANSWERING, 1200, 100", "ANSWERING, 1200, 500", "ANSWERING, 1200, 1000",
        "SILENT, 20, 100", "SILENT, 20, 500", "SILENT, 20, 1000",
        "ANSWERING, 20, 100", "ANSWERING, 20, 500", "ANSWERING, 20, 1000"
    })
    void a_viewer_gets_in_at_its_first_request_at_any_time_of_a_minute_of_ghosts(
            Manner manner, int names, int millisToConnect) {
        for (int arrival = 1; arrival <= 1200; arrival += 171) {
            Driver<PublisherState> publisher = announced(secure());
            int viewer = 0;
            Instant admitted = Instant.MAX;
            for (int i = 0; i < 1200 && publisher.phase().matches("ANNOUNCED|NEGOTIATING"); i++) {
                if (i == arrival) {
                    viewer = ask(publisher, "viewer");
                    admitted = publisher.now().plusMillis(millisToConnect);
                }
                if (viewer > 0 && publisher.now().equals(admitted.minusMillis(millisToConnect / 2))) {
                    publisher.take(says(1, "viewer", answer(viewer, "viewer")));
                }
                if (viewer > 0 && !publisher.now().isBefore(admitted)) {
                    publisher.take(connected(viewer));
                    break;
                }
                ghost(publisher, "ghost" + i % names, manner);
                publisher.pass(PAUSE);
            }
            if (arrival + millisToConnect / 50 < 1200) {
                assertThat(publisher.phase())
                        .as("arrived after %s ghosts", arrival)
                        .isEqualTo("SEALING");
            }
        }
    }

    @Test
    void a_flood_that_does_not_end_gets_a_bounded_number_of_links() {
        Driver<PublisherState> publisher = announced(open(9));
        int requests = 600 * 20;
        for (int i = 0; i < requests; i++) {
            ghost(publisher, "ghost" + i, Manner.SILENT);
            publisher.pass(PAUSE);
        }
        long links = publisher.effects().stream()
                .filter(Effect.OpenLink.class::isInstance)
                .count();
        assertThat(links)
                .isEqualTo(Allowance.BURST + PAUSE.multipliedBy(requests - 1L).dividedBy(Allowance.REFILL));
        assertThat(publisher.events())
                .filteredOn(ViewerRefused.class::isInstance)
                .extracting(event -> ((ViewerRefused) event).reason())
                .containsOnly(RefusalReason.NO_ANSWER, RefusalReason.TOO_MANY_REQUESTS);
    }

    /** Asks until nothing more is made for it. */
    private static void exhaust(Driver<PublisherState> publisher) {
        for (int i = 1; ask(publisher, "ghost" + publisher.effects().size()) > 0; i++) {
            publisher.pass(i % 64 == 0 ? Times.TENURE : Duration.ZERO);
        }
        assertThat(publisher.lastEventWords()).last().asString().endsWith("TOO_MANY_REQUESTS");
    }

    @Test
    void without_an_allowance_who_asks_again_keeps_what_it_has() {
        Driver<PublisherState> publisher = announced(open(9));
        exhaust(publisher);
        publisher.pass(Allowance.REFILL);
        int link = ask(publisher, "anna");
        publisher.take(says(1, "anna", answer(link, "anna"))).pass(Duration.ofSeconds(6));
        exhaust(publisher);
        assertThat(publisher.take(asks(1, "anna")).lastWords()).containsExactly("signal anna Offer");
        assertThat(publisher.take(connected(link)).lastEventWords()).containsExactly("ViewerJoined viewer-" + link);
    }

    @Test
    void an_audience_that_comes_and_goes_is_not_a_flood() {
        Driver<PublisherState> publisher = announced(open(9));
        for (int i = 1; i <= 2 * Allowance.BURST; i++) {
            int link = ask(publisher, "viewer" + i);
            publisher.take(
                    says(1, "viewer" + i, answer(link, "viewer" + i)), connected(link), heard(link, new Message.Bye()));
            assertThat(publisher.lastWords()).contains("ViewerLeft viewer-" + link + " BYE");
        }
    }

    @Test
    void an_allowance_is_a_bucket() {
        Instant now = Instant.EPOCH;
        Allowance allowance = Allowance.WHOLE;
        for (int i = 0; i < Allowance.BURST; i++) {
            assertThat(allowance.covers(now)).isTrue();
            allowance = allowance.spent(now);
        }
        assertThat(allowance.covers(now)).isFalse();
        assertThat(allowance.covers(now.plus(Allowance.REFILL).minusNanos(1))).isFalse();
        assertThat(allowance.covers(now.plus(Allowance.REFILL))).isTrue();
        assertThat(allowance.spent(now.plus(Allowance.REFILL)).covers(now.plus(Allowance.REFILL)))
                .isFalse();
    }
}
