package dev.drawbridge.internal.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drawbridge.media.AudioFrame;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoundTrackTest {
    private static final long ORIGIN = Long.MAX_VALUE - 1_000; // the clock may pass its end
    private static final int BLOCK = SoundTrack.RATE / 100;
    private static final int MILLI = SoundTrack.RATE / 1000;

    private final Samples samples = new Samples();
    private final SoundTrack track = new SoundTrack(samples, ORIGIN);

    @Test
    void what_comes_at_its_time_is_written_as_it_is() throws Exception {
        for (int i = 0; i < 20; i++) {
            track.add(block(i * 10.0, i + 1));
        }
        track.end(at(200));
        assertThat(samples.left()).hasSize(20 * BLOCK);
        for (int i = 0; i < 20; i++) {
            assertThat(samples.left()[i * BLOCK]).isEqualTo((short) (i + 1));
        }
    }

    @Test
    void sound_that_begins_late_stands_at_its_time_and_what_came_before_the_beginning_is_cut_off() throws Exception {
        track.add(block(-5, 7));
        assertThat(track.written()).isEqualTo(BLOCK / 2);
        track.add(block(500, 9));
        track.end(at(510));
        short[] left = samples.left();
        assertThat(left).hasSize(510 * MILLI);
        assertThat(left[500 * MILLI - 1]).isZero();
        assertThat(left[500 * MILLI]).isEqualTo((short) 9);
    }

    @Test
    void blocks_that_jitter_are_neither_cut_nor_torn() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            track.add(block(i * 10 + random.nextInt(30) - 15, 1));
        }
        assertThat(track.written()).isCloseTo(500L * BLOCK, within(20L * MILLI));
        track.flush();
        assertThat(samples.changes()).isLessThan(4);
    }

    @Test
    void a_clock_that_is_too_fast_or_too_slow_is_followed() throws Exception {
        for (double pace : new double[] {0.999, 1.001}) {
            SoundTrack drifting = new SoundTrack(samples, ORIGIN);
            for (int i = 0; i < 6000; i++) {
                drifting.add(block(i * 10 * pace, 1));
            }
            assertThat((double) drifting.written() / MILLI).isCloseTo(60_000 * pace, within(25.0));
        }
    }

    @Test
    void silence_is_written_when_nothing_comes_and_what_then_comes_far_too_late_is_left_out() throws Exception {
        track.add(block(0, 5));
        track.waitedUntil(at(1000));
        assertThat(track.written()).isEqualTo(950L * MILLI);
        track.add(block(300, 6));
        assertThat(track.written()).isEqualTo(950L * MILLI);
        track.add(block(1000, 7));
        track.end(at(1010));
        assertThat(samples.left()).doesNotContain((short) 6).hasSize(1010 * MILLI);
    }

    @Test
    void sound_of_any_rate_and_channels_becomes_stereo_of_48_kHz() {
        short[] mono = Stereo.of(new AudioFrame(new short[] {0, 100, 200, 300}, 24_000, 1), SoundTrack.RATE);
        assertThat(mono).containsExactly(0, 0, 50, 50, 100, 100, 150, 150, 200, 200, 250, 250, 300, 300, 300, 300);
        short[] same = {1, 2, 3, 4};
        assertThat(Stereo.of(new AudioFrame(same, SoundTrack.RATE, 2), SoundTrack.RATE))
                .isSameAs(same);
        assertThat(Stereo.of(new AudioFrame(new short[882], 44_100, 2), SoundTrack.RATE))
                .hasSize(960);
    }

    private static long at(double millis) {
        return ORIGIN + Math.round(millis * 1e6);
    }

    private static AudioFrame block(double millis, int value) {
        short[] block = new short[BLOCK];
        Arrays.fill(block, (short) value);
        return new AudioFrame(block, SoundTrack.RATE, 1, at(millis));
    }
}
