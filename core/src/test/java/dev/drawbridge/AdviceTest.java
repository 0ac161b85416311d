package dev.drawbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way to fail says what to do next. */
class AdviceTest {
    /** Nothing went wrong, so the text is what happened and no more. */
    private static final Set<CloseReason> MEANT =
            Set.of(CloseReason.CLOSED_BY_APPLICATION, CloseReason.VIEWER_LEFT, CloseReason.STREAM_ENDED);

    @ParameterizedTest
    @EnumSource
    void a_session_ends_with_what_happened_and_what_to_do_next(CloseReason reason) {
        assertThat(reason.advice()).hasSizeGreaterThan(10).doesNotEndWith(".");
        if (!MEANT.contains(reason)) {
            assertThat(reason.text()).endsWith("; " + reason.advice());
        }
    }

    @ParameterizedTest
    @EnumSource
    void data_that_was_not_sent(SendException.Reason reason) {
        assertThat(reason.advice()).hasSizeGreaterThan(10).doesNotEndWith(".");
        assertThat(new SendException(reason, "what happened")).hasMessage("what happened; " + reason.advice());
    }

    @ParameterizedTest
    @EnumSource
    void a_file_that_did_not_come(FileException.Reason reason) {
        assertThat(reason.advice()).hasSizeGreaterThan(10).doesNotEndWith(".");
        assertThat(new FileException(reason, "what happened")).hasMessage("what happened; " + reason.advice());
    }

    @ParameterizedTest
    @EnumSource
    void a_request_without_a_response(RequestException.Reason reason) {
        assertThat(reason.advice()).hasSizeGreaterThan(10).doesNotEndWith(".");
        // What failed on the other side is in its own words alone.
        assertThat(new RequestException(reason, "what happened"))
                .hasMessageStartingWith("what happened")
                .hasMessage(
                        reason == RequestException.Reason.FAILED
                                ? "what happened"
                                : "what happened; " + reason.advice());
    }
}
