package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.ViewerRequest.Role;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the publisher's machine has to do with files: to let them through once somebody is admitted, and not before. */
class FilesTest {
    private static final Message WANTS = new Message.ViewerRequest(true, true, "me", Role.VIEWER, "", true);
    private static final List<Message.OfFiles> WORDS = List.of(
            new Message.FileList(List.of(new Message.FileList.Entry("f1", "f", 1))),
            new Message.FileRequest("f1", OptionalInt.empty()),
            new Message.FileGone("f1"));

    @Test
    void what_an_admitted_viewer_says_of_files_is_passed_on() {
        Driver<PublisherState> publisher = Publishers.sealed();
        assertThat(publisher.take(heard(1, WANTS)).last()).contains(new Effect.FilesWanted(1));
        for (Message.OfFiles word : WORDS) {
            assertThat(publisher.take(heard(1, word)).last()).containsExactly(new Effect.FileHeard(1, word));
        }
    }

    @Test
    void a_viewer_that_takes_no_files_is_told_of_none() {
        assertThat(Publishers.sealed().take(heard(1, Samples.request("me"))).last())
                .doesNotContain(new Effect.FilesWanted(1));
    }

    @Test
    void a_candidate_can_want_files_and_say_nothing_of_them() {
        Driver<PublisherState> publisher = Publishers.announced(Samples.asking(Samples.open(2)));
        int link = Publishers.answered(publisher, "anna");
        publisher.take(connected(link));
        for (Message.OfFiles word : WORDS) {
            assertThat(publisher.take(heard(link, word)).last()).isEmpty();
        }
        assertThat(publisher.take(heard(link, WANTS)).last()).contains(new Effect.FilesWanted(link));
        for (Message.OfFiles word : WORDS) {
            assertThat(publisher.take(heard(link, word)).last()).isEmpty();
        }
    }

    @Test
    void through_the_server_nobody_speaks_of_files() {
        Driver<PublisherState> publisher = Publishers.announced(Samples.open(2));
        Publishers.joined(publisher, "anna");
        for (Message.OfFiles word : WORDS) {
            assertThat(publisher.take(says(1, "anna", word)).last()).isEmpty();
        }
        assertThat(publisher.take(says(1, "anna", WANTS)).last()).isEmpty();
    }
}
