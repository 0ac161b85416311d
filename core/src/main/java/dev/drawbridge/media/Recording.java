package dev.drawbridge.media;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A file that was recorded and is whole.
 *
 * @param file where it is; of Y4M the pictures, with the sound beside it in a file that ends in {@code .wav}
 * @param length how long it plays
 * @param pictures that are in it
 * @param repeated how many of them are the one before once more, because no new one came
 * @param dropped pictures that came and are not in it: more came than it has in a second, or they could not be written in time
 * @param soundDropped blocks of sound that could not be written in time; there is silence instead
 * @param width of its pictures; 0 without pictures
 * @param height likewise
 */
public record Recording(
        Path file,
        Duration length,
        long pictures,
        long repeated,
        long dropped,
        long soundDropped,
        int width,
        int height) {}
