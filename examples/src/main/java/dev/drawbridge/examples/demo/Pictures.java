package dev.drawbridge.examples.demo;

import dev.drawbridge.media.TestPattern;
import dev.drawbridge.media.VideoFrame;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Counts the pictures of a viewer and looks whether they are those of the test pattern, in order. One that comes twice, as the
 * first may, counts once.
 */
final class Pictures implements Consumer<VideoFrame> {
    private final CountDownLatch enough;
    private int count;
    private long last = -1;
    private boolean inOrder = true;

    Pictures(int enough) {
        this.enough = new CountDownLatch(enough);
    }

    @Override
    public void accept(VideoFrame frame) {
        OptionalLong counter = TestPattern.readCounter(frame);
        synchronized (this) {
            inOrder &= counter.isPresent() && counter.getAsLong() >= last;
            if (counter.orElse(last) == last) {
                return;
            }
            last = counter.orElse(last);
            count++;
        }
        enough.countDown();
    }

    /** Waits until there were enough; false if they did not come in time. */
    boolean await(Duration limit) throws InterruptedException {
        return enough.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    synchronized Round.Seen seen() {
        return new Round.Seen(count, inOrder);
    }
}
