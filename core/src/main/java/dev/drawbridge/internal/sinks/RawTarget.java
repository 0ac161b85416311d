package dev.drawbridge.internal.sinks;

import dev.drawbridge.media.SinkException;
import dev.drawbridge.media.SinkException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pictures into a Y4M file and sound into a WAV file beside it, either of them alone if it has to be. The head of the WAV file is put right
 * once a second, so what is left of it after a crash can be played; a Y4M file can be cut off anywhere.
 */
public final class RawTarget implements Target {
    static final int HEAD = 44;
    private static final int SECOND = SoundTrack.RATE * SoundTrack.FRAME;
    private static final byte[] FRAME = "FRAME\n".getBytes(StandardCharsets.US_ASCII);
    /** What a head can say; players of a longer file go on to its end. */
    private static final long MOST = 0xffff_ffffL;

    private final @Nullable FileChannel pictures;
    private final @Nullable FileChannel sound;
    private long soundBytes;
    private long told;

    /** @param framesPerSecond only for pictures */
    public RawTarget(
            Optional<Path> video, Optional<Path> audio, boolean overwrite, int width, int height, int framesPerSecond)
            throws IOException {
        pictures = video.isPresent() ? open(video.get(), overwrite) : null;
        try {
            sound = audio.isPresent() ? open(audio.get(), overwrite) : null;
        } catch (IOException e) {
            close(pictures);
            throw e;
        }
        try {
            if (pictures != null) {
                String head = "YUV4MPEG2 W" + width + " H" + height + " F" + framesPerSecond + ":1 Ip A1:1 C420jpeg\n";
                write(pictures, ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            }
            if (sound != null) {
                write(sound, head(0));
            }
        } catch (IOException e) {
            abort();
            throw e;
        }
    }

    private static FileChannel open(Path file, boolean overwrite) throws IOException {
        return FileChannel.open(
                file,
                overwrite
                        ? Set.of(
                                StandardOpenOption.WRITE,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING)
                        : Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
    }

    private static void write(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    private static ByteBuffer head(long dataBytes) {
        return ByteBuffer.allocate(HEAD)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt((int) Math.min(MOST, dataBytes + HEAD - 8))
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1) // PCM
                .putShort((short) SoundTrack.CHANNELS)
                .putInt(SoundTrack.RATE)
                .putInt(SECOND)
                .putShort((short) SoundTrack.FRAME)
                .putShort((short) 16)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt((int) Math.min(MOST, dataBytes))
                .flip();
    }

    @Override
    public boolean takesGaps() {
        return false;
    }

    @Override
    public void picture(byte[] i420, long tick) throws IOException {
        if (pictures != null) {
            write(pictures, ByteBuffer.wrap(FRAME));
            write(pictures, ByteBuffer.wrap(i420));
        }
    }

    @Override
    public void sound(byte[] pcm, int length, long at) throws IOException {
        if (sound != null) {
            write(sound, ByteBuffer.wrap(pcm, 0, length));
            soundBytes += length;
            if (soundBytes - told >= SECOND) {
                tell(sound);
            }
        }
    }

    private void tell(FileChannel file) throws IOException {
        file.write(head(soundBytes), 0);
        told = soundBytes;
    }

    @Override
    public void finish() throws IOException {
        try {
            if (sound != null) {
                tell(sound);
            }
        } finally {
            abort();
        }
    }

    @Override
    public void abort() {
        close(pictures);
        close(sound);
    }

    private static void close(@Nullable FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // What was written stays; more cannot be done.
        }
    }

    @Override
    public SinkException explained(IOException failure) {
        return new SinkException(
                Reason.IO,
                "the file cannot be written: " + failure.getMessage() + "; look at the disk's space",
                failure);
    }
}
