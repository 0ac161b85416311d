package dev.drawbridge.internal.runtime;

import dev.drawbridge.OfferedFile;
import dev.drawbridge.internal.wire.Message;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A file that we offer. */
final class OwnFile implements OfferedFile {
    private final String id;
    private final Path path;
    private final String name;
    private final long size;
    private final Consumer<OwnFile> withdrawal;

    OwnFile(String id, Path path, String name, long size, Consumer<OwnFile> withdrawal) {
        this.id = id;
        this.path = path;
        this.name = name;
        this.size = size;
        this.withdrawal = withdrawal;
    }

    Path path() {
        return path;
    }

    Message.FileList.Entry entry() {
        return new Message.FileList.Entry(id, name, size);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void withdraw() {
        withdrawal.accept(this);
    }

    @Override
    public String toString() {
        return "OfferedFile(" + size + " bytes)";
    }
}
