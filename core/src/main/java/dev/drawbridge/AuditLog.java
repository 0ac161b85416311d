package dev.drawbridge;

import dev.drawbridge.internal.audit.AuditChain;
import dev.drawbridge.internal.audit.AuditCheck;
import dev.drawbridge.internal.audit.AuditStory;
import dev.drawbridge.internal.runtime.Threads;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a publisher did with whom, to be looked at later: a line for each announcement, request, refusal, admission, seal,
 * interruption and end. It holds no stream id, no address, no id or word of a peer or a server. {@code docs/audit.md} tells the
 * format.
 *
 * <p><b>Bounds:</b> some 20,000 lines, each shorter than 2,048 characters. What strangers can repeat has 32 lines a minute and 10,000
 * altogether; what is beyond is counted, and told in one line before the next one. Of a secure session, admission, seal and end
 * always have lines of their own. <b>Thread:</b> any.
 *
 * <p><b>What it proves:</b> each line has the SHA-256 of the line before, so whoever changes, takes out, puts in or moves a line
 * would have to write all the following ones anew. Nothing keeps somebody who can write to the file from doing just that, or from
 * cutting lines off its end. Both show only if {@link #head()} is kept where that person cannot write, and compared with {@link
 * Verification#head()}. Nothing shows that our own machine told the truth.
 */
public final class AuditLog {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    // Guarded by this.
    private final AuditStory story = new AuditStory();
    private final AuditChain chain = new AuditChain();
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    AuditLog() {}

    /** On the session's thread, in the order of the events. */
    synchronized void record(SessionEvent event) {
        story.take(event).forEach(entry -> lines.add(chain.line(entry)));
        ended |= event instanceof SessionEvent.Closed;
        notifyAll();
    }

    /** Every line so far. The list does not change. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    /** The SHA-256 of the last line, in hexadecimal: it stands for all of them. 64 zeros before the first. */
    public synchronized String head() {
        return chain.head();
    }

    /**
     * Writes every line to a new file, from the first on and as they come, each to the disk at once. Only the owner may read it,
     * where the file system knows owners. A thread of its own writes, so that a disk which hangs delays nobody, and what cannot be
     * written ends no session: it is logged as a warning, and told by what is returned. <b>Blocking:</b> until the file is made.
     *
     * @return completes when the last line is written, exceptionally when writing failed. A program that ends before loses lines.
     * @throws IOException if the file cannot be made; {@link java.nio.file.FileAlreadyExistsException} if there is one: a log is
     *     never written over
     */
    public CompletionStage<Void> writeTo(Path path) throws IOException {
        FileAttribute<?>[] ownerOnly =
                path.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        return writeTo(Files.newByteChannel(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DSYNC),
                ownerOnly));
    }

    CompletionStage<Void> writeTo(WritableByteChannel file) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        Threads.daemon("drawbridge-audit")
                .newThread(() -> {
                    try (file) {
                        write(file);
                    } catch (Throwable thrown) { // whatever it is, somebody waits for an answer
                        log.warn("The audit log is not written any further: {}", thrown.toString());
                        written.completeExceptionally(thrown);
                        return;
                    }
                    written.complete(null);
                })
                .start();
        return written.minimalCompletionStage();
    }

    private void write(WritableByteChannel file) throws IOException, InterruptedException {
        int done = 0;
        for (List<String> more = after(done); !more.isEmpty(); more = after(done)) {
            ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(String.join("\n", more) + "\n");
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            done += more.size();
        }
    }

    /** Waits for more lines; none means that none will come. */
    private synchronized List<String> after(int done) throws InterruptedException {
        while (lines.size() == done && !ended) {
            wait();
        }
        return List.copyOf(lines.subList(done, lines.size()));
    }

    /**
     * Looks whether a file holds an audit log as it was written. <b>Blocking:</b> reads the file up to the first altered line.
     *
     * @throws IOException if it cannot be read
     */
    public static Verification verify(Path path) throws IOException {
        AuditCheck check = new AuditCheck();
        StringBuilder line = new StringBuilder();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            for (int next = in.read(); next >= 0 && check.problem().isEmpty(); next = in.read()) {
                if (next == '\n' || line.length() == AuditCheck.MAX_LINE) {
                    check.take(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) next);
                }
            }
        }
        String problem = check.problem();
        Outcome outcome = problem.isEmpty() ? Outcome.INTACT : Outcome.ALTERED;
        if (problem.isEmpty() && (line.length() > 0 || !check.ended())) {
            outcome = Outcome.CUT_OFF;
            problem = line.length() > 0 ? "the line has no end" : "the end of the session is missing";
        }
        return new Verification(outcome, check.lines(), check.head(), problem);
    }

    /** How a file looks. */
    public enum Outcome {
        /** Every line is as it was written, from the first to the end of the session. */
        INTACT,
        /** As far as it goes it is as it was written: the session still runs, or its program died, or somebody cut the end off. */
        CUT_OFF,
        /** A line is not as it was written, is missing, or does not belong there. */
        ALTERED
    }

    /**
     * What {@link AuditLog#verify} found.
     *
     * @param lines how many lines from the first on are good; the first altered or missing one is the next
     * @param head the SHA-256 of the last good line, for comparison with {@link AuditLog#head()}
     * @param problem what is wrong with the next line; empty for {@link Outcome#INTACT}
     */
    public record Verification(Outcome outcome, int lines, String head, String problem) {
        @Override
        public String toString() {
            return outcome + (problem.isEmpty() ? ", " + lines + " lines" : " at line " + (lines + 1) + ": " + problem);
        }
    }
}
