package dev.drawbridge.media;

/** The built-in sources of pictures. */
public final class VideoSources {
    private VideoSources() {}

    /**
     * A moving test pattern with a frame counter and the wall clock.
     *
     * @param width 64 to 7680
     * @param height 48 to 4320
     * @param framesPerSecond 1 to 120
     * @throws IllegalArgumentException if a number is out of its range
     */
    public static TestPattern testPattern(int width, int height, int framesPerSecond) {
        return new TestPattern(width, height, framesPerSecond);
    }

    /** Pictures that the program pushes; a queue of 4 drops the oldest. */
    public static CustomVideo custom() {
        return custom(4);
    }

    /**
     * Pictures that the program pushes.
     *
     * @param capacity how many may wait, 1 to 120; when one more comes, the oldest is dropped
     * @throws IllegalArgumentException if the capacity is out of its range
     */
    public static CustomVideo custom(int capacity) {
        return new CustomVideo(capacity);
    }
}
