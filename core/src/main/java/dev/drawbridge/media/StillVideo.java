package dev.drawbridge.media;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One picture again and again. */
final class StillVideo implements VideoSource {
    private final VideoFrame picture;
    private final int perSecond;
    private @Nullable Delivery<VideoFrame> current; // guarded by this

    StillVideo(VideoFrame picture, int perSecond) {
        if (perSecond < 1 || perSecond > 60) {
            throw new IllegalArgumentException(perSecond + " frames per second: must be 1 to 60");
        }
        this.picture = picture;
        this.perSecond = perSecond;
    }

    @Override
    public String name() {
        return "picture " + picture.width() + "x" + picture.height();
    }

    @Override
    public synchronized void start(Consumer<VideoFrame> output) {
        if (current != null) {
            throw new IllegalStateException("the picture is already in use: one source feeds one session");
        }
        current = new Delivery<>("picture", output, this::run);
        current.begin();
    }

    @Override
    public void stop() {
        Delivery<VideoFrame> ended;
        synchronized (this) {
            ended = current;
            current = null;
        }
        if (ended != null) {
            ended.end();
        }
    }

    private void run(Delivery<VideoFrame> delivery) {
        Rhythm rhythm = new Rhythm(perSecond, System.nanoTime());
        while (delivery.running()) {
            delivery.sleepUntil(rhythm.due());
            delivery.deliver(picture.withTimestamp(System.nanoTime()));
            var unused = rhythm.next(System.nanoTime()); // they are all the same
        }
    }
}
