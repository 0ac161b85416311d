package dev.drawbridge.media;

import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Pictures that are read from a file or a pipe, at their own rate. If reading is too slow, all that follows comes later; if the consumer
 * is, pictures are left out and counted.
 *
 * <p>A file may be started again after {@link #stop}, from its beginning; a pipe is read once.
 *
 * <p><b>Thread:</b> every method from any thread. <b>Blocking:</b> {@link #start} until it is known what is read, 8 s at most, and 200 ms
 * of a pipe. <b>Bounds:</b> 8 pictures and 64 MiB are read ahead. Made by {@link VideoSources#y4m} and {@link MediaFile#video}.
 */
public final class PlayedVideo implements VideoSource, Ending {
    private final Player player;

    PlayedVideo(Player player) {
        this.player = player;
    }

    @Override
    public String name() {
        return player.name();
    }

    @Override
    public void start(Consumer<VideoFrame> output) throws IOException {
        player.video().start(output);
    }

    @Override
    public void stop() {
        player.video().stop();
    }

    /**
     * Begins anew where it began, with its sound if that is played, too; also after the end. Does nothing unless it is started. Takes
     * effect when the picture that is waited for is due.
     *
     * @throws IllegalStateException if it is a pipe
     */
    public void rewind() {
        player.rewind();
    }

    @Override
    public CompletionStage<Void> ended() {
        return player.ended();
    }

    @Override
    public long dropped() {
        return player.video().dropped();
    }
}
