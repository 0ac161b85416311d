package dev.drawbridge.media;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something that is read once, piece by piece. One thread reads; another may close it. */
interface Reel {

    /** Reads as much as is needed to know what it holds. Before everything else, once. */
    void open() throws IOException;

    /** Known once it is open. */
    boolean hasPictures();

    /** Likewise. */
    boolean hasSound();

    /** The next piece; null at the end. */
    @Nullable
    Piece next() throws IOException;

    /** Gives everything back and lets a read under way end soon. Never blocks. Idempotent. */
    void close();

    /**
     * A picture or a block of sound.
     *
     * @param at its place from where the reel begins, in nanoseconds
     * @param length how long it lasts
     */
    record Piece(@Nullable VideoFrame picture, @Nullable AudioFrame sound, long at, long length) {
        static Piece of(VideoFrame picture, long at, long length) {
            return new Piece(picture, null, at, length);
        }

        static Piece of(AudioFrame sound, long at, long length) {
            return new Piece(null, sound, at, length);
        }
    }
}
