package dev.drawbridge.media;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;

/** The built-in sources of sound; that of films is in {@link MediaFile}. */
public final class AudioSources {
    private AudioSources() {}

    /**
     * A quiet sine tone, 48 kHz mono.
     *
     * @param hertz 20 to 20000
     * @throws IllegalArgumentException if it is out of its range
     */
    public static AudioSource tone(int hertz) {
        return new Tone(hertz);
    }

    /** A WAV file from its beginning to its end; otherwise like {@link #wav(Path, Playback)}. */
    public static PlayedAudio wav(Path file) {
        return wav(file, Playback.once());
    }

    /**
     * A WAV file of PCM with 8, 16, 24 or 32 bits or of floating point, mono or stereo, 8 to 192 kHz. Nothing is opened yet; starting it
     * fails with an {@link java.io.IOException} that says what is wrong.
     */
    public static PlayedAudio wav(Path file, Playback playback) {
        return new PlayedAudio(new Player(
                VideoSources.nameOf(file), () -> new WavReel(Bytes.of(file), playback.from()), playback.loop(), false));
    }

    /** WAV from a stream, once; as {@link VideoSources#y4m(InputStream)}. */
    public static PlayedAudio wav(InputStream stream) {
        Bytes.Pipe pipe = new Bytes.Pipe(stream);
        return new PlayedAudio(
                new Player("the WAV stream", () -> new WavReel(pipe.bytes(), Duration.ZERO), false, true));
    }

    /** Sound that the program pushes; half a second may wait. */
    public static CustomAudio custom() {
        return custom(50);
    }

    /**
     * Sound that the program pushes.
     *
     * @param capacity how many blocks of 10 ms may wait, 2 to 1000; when one more comes, the oldest is dropped
     * @throws IllegalArgumentException if the capacity is out of its range
     */
    public static CustomAudio custom(int capacity) {
        return new CustomAudio(capacity);
    }
}
