package dev.drawbridge.internal.runtime;

import dev.drawbridge.FileException;
import dev.drawbridge.FileException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file of ours while it is sent. On the thread of the disk. */
final class FileOrigin {
    /** What all clients send, and what a browser takes without a thought. */
    static final int CHUNK = 16 * 1024;

    private final Path path;
    private final long size;
    private final MessageDigest digest = FileTarget.sha256();
    private @Nullable FileChannel in;

    /** @param size what was told */
    FileOrigin(Path path, long size) {
        this.path = path;
        this.size = size;
    }

    void begin() throws FileException {
        try {
            FileChannel opened = FileChannel.open(path, StandardOpenOption.READ);
            in = opened;
            if (opened.size() != size) {
                throw changed();
            }
        } catch (IOException | SecurityException e) {
            throw FileTarget.failed("the file cannot be read", e);
        }
    }

    private static FileException changed() {
        return new FileException(Reason.SIZE_MISMATCH, "the file has another size than when it was offered");
    }

    /** The next bytes, in arrays of their own: the library takes whole arrays. */
    List<byte[]> read(int count) throws FileException {
        List<byte[]> chunks = new ArrayList<>();
        try {
            for (int left = count; left > 0; left -= CHUNK) {
                ByteBuffer chunk = ByteBuffer.allocate(Math.min(CHUNK, left));
                fill(chunk);
                digest.update(chunk.array());
                chunks.add(chunk.array());
            }
        } catch (IOException e) {
            throw FileTarget.failed("the file cannot be read", e);
        }
        return chunks;
    }

    private void fill(ByteBuffer chunk) throws IOException, FileException {
        FileChannel from = in;
        while (chunk.hasRemaining()) {
            if (from == null || from.read(chunk) < 0) {
                throw changed();
            }
        }
    }

    /** All was read: whether there is more now, and the digest of what there was. */
    String finish() throws FileException {
        FileChannel from = in;
        try {
            if (from == null || from.size() != size) {
                throw changed();
            }
        } catch (IOException e) {
            throw FileTarget.failed("the file cannot be read", e);
        }
        close();
        return HexFormat.of().formatHex(digest.digest());
    }

    void close() {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            // It was only read.
        }
        in = null;
    }
}
