package dev.drawbridge.media;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;

/** The built-in sources of pictures; those of a screen are in {@link Screens}, those of films in {@link MediaFile}. */
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

    /**
     * One picture, again and again. A viewer who comes sees it at once, whatever the rate, so 1 is enough. {@link Images#still} makes
     * one of an image.
     *
     * @param framesPerSecond 1 to 60
     * @throws IllegalArgumentException if the rate is out of its range
     */
    public static VideoSource still(VideoFrame picture, int framesPerSecond) {
        return new StillVideo(picture, framesPerSecond);
    }

    /** A Y4M file from its beginning to its end; otherwise like {@link #y4m(Path, Playback)}. */
    public static PlayedVideo y4m(Path file) {
        return y4m(file, Playback.once());
    }

    /**
     * A Y4M file (YUV4MPEG2), of 8 bits, with the colours {@code 420jpeg}, {@code 420mpeg2}, {@code 420paldv}, {@code 420} or {@code mono},
     * up to 7680x4320 and 240 pictures a second. Nothing is opened yet; starting it fails with an {@link java.io.IOException} that says
     * what is wrong.
     */
    public static PlayedVideo y4m(Path file, Playback playback) {
        return new PlayedVideo(
                new Player(nameOf(file), () -> new Y4mReel(Bytes.of(file), playback.from()), playback.loop(), false));
    }

    /**
     * Y4M from a stream, such as another program's output, once. The source closes the stream at its end, or when it is stopped. A stream
     * from which nothing comes holds nobody up but one thread.
     */
    public static PlayedVideo y4m(InputStream stream) {
        Bytes.Pipe pipe = new Bytes.Pipe(stream);
        return new PlayedVideo(
                new Player("the Y4M stream", () -> new Y4mReel(pipe.bytes(), Duration.ZERO), false, true));
    }

    /** For messages; without the folders, which may say more than they should. */
    static String nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? "the file" : name.toString();
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
