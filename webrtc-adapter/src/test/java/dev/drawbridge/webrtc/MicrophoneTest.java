package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.testing.SoundServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A microphone of the operating system, in a program of its own because only its environment leads to it. */
@Timeout(120)
class MicrophoneTest {

    @Test
    void theDefaultMicrophoneIsListedHeardAndMissedWhenItIsUnplugged() throws Exception {
        try (SoundServer machine = SoundServer.start(440)) {
            ProcessBuilder child = Programs.command(List.of(), MicrophoneChild.class);
            child.environment().putAll(machine.environment());
            try (Programs.Running program = new Programs.Running(child.start())) {
                assertThat(program.line("microphones ")).isEqualTo("1");
                assertThat(program.line("speakers ")).isEqualTo("1");
                program.line("tone");
                machine.unplug();
                assertThat(program.line("lost ")).isEqualTo("AUDIO default microphone");
                program.process.getOutputStream().close();
                program.line("closed");
                assertThat(program.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }
}
