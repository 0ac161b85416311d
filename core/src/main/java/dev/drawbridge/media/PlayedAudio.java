package dev.drawbridge.media;

import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Sound that is read from a file or a pipe, at its own pace; otherwise like {@link PlayedVideo}. At most 100 blocks are read ahead. Made by
 * {@link AudioSources#wav} and {@link MediaFile#audio}.
 */
public final class PlayedAudio implements AudioSource, Ending {
    private final Player player;

    PlayedAudio(Player player) {
        this.player = player;
    }

    @Override
    public String name() {
        return player.name();
    }

    @Override
    public void start(Consumer<AudioFrame> output) throws IOException {
        player.audio().start(output);
    }

    @Override
    public void stop() {
        player.audio().stop();
    }

    /**
     * As {@link PlayedVideo#rewind}.
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
        return player.audio().dropped();
    }
}
