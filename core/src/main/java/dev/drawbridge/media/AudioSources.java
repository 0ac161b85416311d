package dev.drawbridge.media;

/** The built-in sources of sound. */
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
