package dev.drawbridge.media;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/**
 * A film or a piece of music in any format that {@code ffmpeg} reads: its pictures and its sound as two sources that keep in step. The
 * process {@code ffmpeg} has to be installed; it runs while one of the two is started, never longer than this program, and waits when
 * nothing is taken from it.
 *
 * <pre>{@code
 * MediaFile film = MediaFile.of(Path.of("film.mp4"), Playback.looped());
 * WebRtcMedia.builder().video(film.video()).audio(film.audio()).build();
 * }</pre>
 *
 * <p>Of several tracks the first of each kind is played. The sound is 48 kHz stereo. A file that refers to others, such as a
 * playlist, may have ffmpeg read files of this machine, but nothing from the network: take only files from strangers whose kind you know.
 *
 * <p><b>Thread:</b> any. <b>Blocking:</b> nothing but the start of a source, 8 s at most, which fails with an {@link java.io.IOException}
 * that carries ffmpeg's own last words.
 */
public final class MediaFile implements Ending {
    private static final int MOST = 7680;
    /** What one picture may have, whichever way it stands. */
    private static final long MOST_PIXELS = 7680L * 4320;

    private final PlayedVideo video;
    private final PlayedAudio audio;

    private MediaFile(Player player) {
        video = new PlayedVideo(player);
        audio = new PlayedAudio(player);
    }

    /** A file whose pictures are made to fit into 1920x1080; nothing is opened yet. */
    public static MediaFile of(Path file, Playback playback) {
        return of(file, playback, 1920, 1080);
    }

    /**
     * A file with another limit for its pictures; they keep their proportions and are never made larger.
     *
     * @param maxWidth 16 to 7680
     * @param maxHeight likewise; with the width not more pixels than 7680x4320 has
     * @throws IllegalArgumentException if a limit is out of its range
     */
    public static MediaFile of(Path file, Playback playback, int maxWidth, int maxHeight) {
        return of("ffmpeg", file, playback, maxWidth, maxHeight);
    }

    static MediaFile of(String program, Path file, Playback playback, int maxWidth, int maxHeight) {
        if (maxWidth < 16
                || maxWidth > MOST
                || maxHeight < 16
                || maxHeight > MOST
                || (long) maxWidth * maxHeight > MOST_PIXELS) {
            throw new IllegalArgumentException("pictures of at most " + maxWidth + "x" + maxHeight + ": must be 16 to "
                    + MOST + ", and no more pixels than 7680x4320 has");
        }
        return new MediaFile(new Player(
                VideoSources.nameOf(file),
                () -> new MatroskaReel(FfmpegReader.reading(program, file, playback, maxWidth, maxHeight)),
                playback.loop(),
                false));
    }

    /** Its pictures; starting them fails if there are none. Always the same source. */
    public PlayedVideo video() {
        return video;
    }

    /** Its sound; likewise. */
    public PlayedAudio audio() {
        return audio;
    }

    /** Begins anew where it began; as {@link PlayedVideo#rewind}. */
    public void rewind() {
        video.rewind();
    }

    /** {@inheritDoc} That is when of the started sources both are through. */
    @Override
    public CompletionStage<Void> ended() {
        return video.ended();
    }
}
