package dev.drawbridge.internal.runtime;

import dev.drawbridge.FileException;
import dev.drawbridge.FileException.Reason;
import dev.drawbridge.internal.wire.FileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a file of a peer goes: into a file of our making that ends in {@code .part}, and only when it is whole under its own name, or one
 * with a number. No file that was there is touched. On the thread of the disk.
 */
final class FileTarget {
    private static final Logger log = LoggerFactory.getLogger(FileTarget.class);
    private static final int MOST_OF_A_NAME = 100;

    private final Path directory;
    private final String name;
    private final MessageDigest digest = sha256();
    /** Where it is now, if it is ours to delete. */
    private @Nullable Path part;

    private @Nullable FileChannel out;

    /** @param name clean ({@link FileNames}) */
    FileTarget(Path directory, String name) {
        this.directory = directory.toAbsolutePath();
        this.name = name;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) { // every Java has it
            throw new IllegalStateException(impossible);
        }
    }

    void begin(long size) throws FileException {
        try {
            if (!Files.isDirectory(directory)) {
                throw new FileException(Reason.IO, "there is no such directory");
            }
            if (Files.getFileStore(directory).getUsableSpace() < size) {
                throw new FileException(Reason.NO_SPACE, "the file store has no room for the file");
            }
            for (int number = 0; number < MOST_OF_A_NAME && out == null; number++) {
                create(segment(FileNames.numbered(name, number) + ".part"));
            }
        } catch (IOException | SecurityException e) {
            throw failed("the file cannot be made", e);
        }
        if (out == null) {
            throw new FileException(Reason.NAME, "the directory holds a hundred unfinished files of this name");
        }
    }

    private void create(Path path) throws IOException {
        try {
            out = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            part = path;
        } catch (FileAlreadyExistsException taken) {
            // The next number may be free.
        }
    }

    /** A name is one segment of a path, whatever else it is: where the system's encoding lacks a character, there is an underscore. */
    private Path segment(String text) throws FileException {
        Path path;
        try {
            path = directory.resolve(text);
        } catch (InvalidPathException foreign) {
            path = directory.resolve(text.replaceAll("[^ -~]", "_"));
        }
        if (!directory.equals(path.getParent())) {
            throw new FileException(Reason.NAME, "the name leads out of the directory");
        }
        return path;
    }

    void write(List<byte[]> pieces) throws FileException {
        FileChannel to = out;
        if (to == null) {
            return; // discarded meanwhile
        }
        try {
            for (byte[] piece : pieces) {
                digest.update(piece);
                ByteBuffer left = ByteBuffer.wrap(piece);
                while (left.hasRemaining()) {
                    int unused = to.write(left);
                }
            }
        } catch (IOException e) {
            throw full() ? new FileException(Reason.NO_SPACE, "the file store is full") : failed("writing failed", e);
        }
    }

    private boolean full() {
        try {
            return Files.getFileStore(directory).getUsableSpace() < (1 << 20);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * It is whole.
     *
     * @param sha256 what it has to be; empty if nobody has said
     * @return its path from now on
     */
    Path finish(String sha256) throws FileException {
        if (!sha256.isEmpty() && !sha256.equals(HexFormat.of().formatHex(digest.digest()))) {
            throw new FileException(Reason.DAMAGED, "what arrived is not what was sent");
        }
        FileChannel last = out;
        Path from = part;
        if (last == null || from == null) {
            throw new FileException(Reason.CANCELLED, "called off");
        }
        try {
            out = null;
            last.close();
            for (int number = 0; number < MOST_OF_A_NAME; number++) {
                Path to = segment(FileNames.numbered(name, number));
                if (reserved(to)) {
                    return moved(from, to);
                }
            }
        } catch (IOException | SecurityException e) {
            throw failed("the file cannot be moved to its place", e);
        }
        throw new FileException(Reason.NAME, "the directory holds a hundred files of this name");
    }

    private Path moved(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | SecurityException e) {
            Files.deleteIfExists(to);
            throw e;
        }
        part = to;
        return to;
    }

    /** A move alone could replace what somebody puts there in the same moment; what it replaces now is ours. */
    private static boolean reserved(Path path) throws IOException {
        try {
            Files.createFile(path);
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    /** The program is about to hear of it: nothing takes it away any more. */
    void keep() {
        part = null;
    }

    /** Nothing of it stays. */
    void discard() {
        try {
            if (out != null) {
                out.close();
            }
        } catch (IOException e) {
            log.debug(
                    "An unfinished file was not closed cleanly: {}",
                    e.getClass().getSimpleName());
        }
        out = null;
        try {
            if (part != null) {
                Files.deleteIfExists(part);
                part = null;
            }
        } catch (IOException | SecurityException e) {
            log.warn("An unfinished file could not be deleted: {}", e.getClass().getSimpleName());
        }
    }

    /** Without the system's own text, which is the path. */
    static FileException failed(String what, Exception cause) {
        return new FileException(Reason.IO, what + ": " + cause.getClass().getSimpleName());
    }
}
