package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.testing.VirtualScreen;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Screens, in programs that have one and in one that has none. */
class ScreenTest {

    @Test
    void whatIsOnAScreenArrivesInItsColoursAtAViewer() throws Exception {
        try (VirtualScreen screen = VirtualScreen.start(800, 600);
                Programs.Running program =
                        new Programs.Running(screen.on(Programs.command(List.of(), ScreenChild.Showing.class))
                                .start())) {
            assertThat(program.line("end ")).isEqualTo("well");
        }
    }

    @Test
    void aMachineWithoutAScreenIsToldWhatToDo() throws Exception {
        ProcessBuilder nowhere = Programs.command(List.of(), ScreenChild.Nowhere.class);
        nowhere.environment().remove("DISPLAY");
        try (Programs.Running program = new Programs.Running(nowhere.start())) {
            assertThat(program.line("refused ")).contains("DISPLAY", "xvfb-run");
        }
        ProcessBuilder wrong = Programs.command(List.of(), ScreenChild.Nowhere.class);
        wrong.environment().put("DISPLAY", ":65000");
        try (Programs.Running program = new Programs.Running(wrong.start())) {
            assertThat(program.line("refused ")).contains("DISPLAY", "xvfb-run");
        }
    }
}
