package dev.drawbridge.internal.runtime;

import dev.drawbridge.FileException;
import dev.drawbridge.FileException.Reason;
import dev.drawbridge.FileTransfer;
import dev.drawbridge.OfferedFile;
import dev.drawbridge.RemoteFile;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.FileNotSent;
import dev.drawbridge.SessionEvent.FileOffered;
import dev.drawbridge.SessionEvent.FileSent;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.Violation;
import dev.drawbridge.internal.wire.FileNames;
import dev.drawbridge.internal.wire.Limits;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which files are offered to whom and by whom, and the transfers under way. On the session's thread, but for what the program asks.
 * Nothing reaches a peer here, and nothing is taken from one, before it is admitted.
 */
final class FileDesk {
    /** Transfers of one link in each direction; the others wait. */
    static final int AT_ONCE = 4;
    /** Requests of one peer that wait. */
    static final int ASKED = 32;

    private final Rules rules;
    private final Scheduler session;
    private final FileWork work;
    private final BiConsumer<Integer, Message> teller;
    private final Consumer<SessionEvent> events;
    private final Predicate<Runnable> program;
    private final Map<String, OwnFile> offered = new LinkedHashMap<>();
    private final AtomicInteger offers = new AtomicInteger();
    private final Map<Integer, Peer> peers = new LinkedHashMap<>();
    /** All that the program waits for, so that the end of the session finds it. */
    private final Set<FileFetching> waitedFor = ConcurrentHashMap.newKeySet();

    private volatile List<RemoteFile> known = List.of();
    private volatile boolean closed;

    /**
     * What the program wants of files.
     *
     * @param most the largest file that it takes; empty if it takes none
     * @param ids unguessable
     * @param disk reads and writes files
     * @param atEnd run once nothing comes to {@code disk} any more
     */
    record Rules(OptionalLong most, Supplier<String> ids, Executor disk, Runnable atEnd) {}

    /** One link. */
    private static final class Peer {
        final int link;
        final LinkHost host;
        final Map<String, RemoteFile> theirs = new LinkedHashMap<>();
        final Map<String, FileFetching> fetching = new HashMap<>();
        final Deque<FileFetching> toFetch = new ArrayDeque<>();
        final Map<String, FileSending> sending = new HashMap<>();
        final Deque<Message.FileRequest> asked = new ArrayDeque<>();
        boolean admitted;
        boolean wants;
        boolean overfull;

        Peer(int link, LinkHost host) {
            this.link = link;
            this.host = host;
        }
    }

    /**
     * Knows nobody yet.
     *
     * @param teller says something on a link's {@code sendChannel}
     * @param program calls the program on the thread of its listeners, or says that it cannot
     */
    FileDesk(
            Rules rules,
            Scheduler session,
            BiConsumer<Integer, Message> teller,
            Consumer<SessionEvent> events,
            Predicate<Runnable> program) {
        this.rules = rules;
        this.session = session;
        this.teller = teller;
        this.events = events;
        this.program = program;
        work = new FileWork(rules.disk(), session);
    }

    // ---- links

    /** @param admitted whether its peer needs no admission */
    void opened(int link, LinkHost host, boolean admitted) {
        Peer peer = new Peer(link, host);
        peer.admitted = admitted;
        peers.put(link, peer);
    }

    /** From here on its peer may have and offer files. */
    void admitted(int link) {
        Peer peer = peers.get(link);
        if (peer != null && !peer.admitted) {
            peer.admitted = true;
            tellAll(peer);
        }
    }

    /** Its peer wants to be told of files. */
    void wanted(int link) {
        Peer peer = peers.get(link);
        if (peer != null && !peer.wants) {
            peer.wants = true;
            tellAll(peer);
        }
    }

    private void tellAll(Peer peer) {
        if (peer.admitted && peer.wants && !offered.isEmpty()) {
            teller.accept(peer.link, list(offered.values()));
        }
    }

    private static Message list(Collection<OwnFile> files) {
        return new Message.FileList(files.stream().map(OwnFile::entry).toList());
    }

    void gone(int link) {
        Peer peer = peers.remove(link);
        if (peer != null) {
            FileException why = new FileException(Reason.PEER_GONE, "the connection to the other side is gone");
            endSending(peer, why);
            // Later, for that everybody is gone at the end of a session is because of the end.
            session.execute(() -> {
                peer.toFetch.forEach(fetching -> fetching.fail(why));
                List.copyOf(peer.fetching.values()).forEach(fetching -> fetching.fail(why));
            });
            publishKnown();
        }
    }

    private static void endSending(Peer peer, FileException why) {
        peer.asked.clear();
        List.copyOf(peer.sending.values()).forEach(sending -> sending.fail(why));
    }

    /** The session ends. */
    void close() {
        closed = true;
        FileException why = new FileException(Reason.SESSION_CLOSED, "the session is over");
        peers.values().forEach(peer -> endSending(peer, why));
        peers.clear();
        waitedFor.forEach(fetching -> fetching.fail(why));
        rules.atEnd().run();
    }

    // ---- what peers say

    void heard(int link, Message.OfFiles message) {
        Peer peer = peers.get(link);
        if (peer == null || !peer.admitted) {
            return;
        }
        if (message instanceof Message.FileList list) {
            listed(peer, list);
        } else if (message instanceof Message.FileRequest request) {
            requested(peer, request);
        } else if (message instanceof Message.FileGone gone) {
            withdrawn(peer, gone.id());
        }
    }

    private void listed(Peer peer, Message.FileList list) {
        if (rules.most().isEmpty()) {
            return;
        }
        List<RemoteFile> fresh = new ArrayList<>();
        for (Message.FileList.Entry entry : list.files()) {
            if (peer.theirs.containsKey(entry.id())) {
                continue; // other clients repeat all of it with every new file
            }
            if (peer.theirs.size() >= Limits.FILES) {
                if (!peer.overfull) {
                    peer.overfull = true;
                    events.accept(new ProtocolViolation(
                            session.now(), Violation.TOO_MUCH, "a peer offers more than " + Limits.FILES + " files"));
                }
                break;
            }
            RemoteFile file = new RemoteFile(peer.host.name(), entry.id(), entry.name(), entry.size());
            peer.theirs.put(file.id(), file);
            fresh.add(file);
        }
        publishKnown();
        fresh.forEach(file -> events.accept(new FileOffered(session.now(), file)));
    }

    private void withdrawn(Peer peer, String id) {
        if (peer.theirs.remove(id) == null) {
            return;
        }
        peer.overfull = false;
        publishKnown();
        FileException why = new FileException(Reason.GONE, "the file cannot be had any more");
        for (FileFetching fetching : List.copyOf(peer.toFetch)) {
            if (fetching.file().id().equals(id)) {
                peer.toFetch.remove(fetching);
                fetching.fail(why);
            }
        }
        FileFetching running = peer.fetching.get(id);
        if (running != null) {
            running.fail(why);
        }
    }

    private void publishKnown() {
        known = peers.values().stream()
                .flatMap(peer -> peer.theirs.values().stream())
                .toList();
    }

    private void requested(Peer peer, Message.FileRequest request) {
        if (!offered.containsKey(request.id())) {
            if (request.window().isPresent()) {
                teller.accept(peer.link, new Message.FileGone(request.id()));
            }
            return; // others would make nothing of an answer
        }
        boolean known = peer.sending.containsKey(request.id())
                || peer.asked.stream().anyMatch(other -> other.id().equals(request.id()));
        if (!known && peer.asked.size() < ASKED) {
            peer.asked.add(request);
            sendNext(peer);
        }
    }

    private void sendNext(Peer peer) {
        while (peer.sending.size() < AT_ONCE && !peer.asked.isEmpty()) {
            Message.FileRequest request = peer.asked.remove();
            OwnFile file = offered.get(request.id());
            if (file != null) {
                send(peer, file, request.window());
            }
        }
    }

    private void send(Peer peer, OwnFile file, OptionalInt window) {
        FileSending sending = new FileSending(file, window, work, (ended, why) -> sent(peer, ended, why));
        peer.sending.put(file.id(), sending);
        sending.start(listener -> peer.host.peer().openChannel(file.id(), listener));
    }

    private void sent(Peer peer, FileSending sending, Optional<Reason> why) {
        String id = sending.file().id();
        peer.sending.remove(id);
        if (!closed) {
            String to = peer.host.name();
            events.accept(
                    why.isPresent()
                            ? new FileNotSent(session.now(), to, id, why.get())
                            : new FileSent(session.now(), to, id));
            sendNext(peer);
        }
    }

    // ---- what the program asks, on any thread

    /** @throws FileException if it cannot be read, or too many are offered */
    OfferedFile offer(Path path) throws FileException {
        long size = size(path);
        if (closed) {
            throw new FileException(Reason.SESSION_CLOSED, "the session is over");
        }
        if (offers.incrementAndGet() > Limits.FILES) {
            offers.decrementAndGet();
            throw new FileException(Reason.TOO_MANY, "more than " + Limits.FILES + " files are offered");
        }
        Path last = path.getFileName();
        String name = FileNames.clean(last == null ? "" : last.toString());
        OwnFile file = new OwnFile(rules.ids().get(), path.toAbsolutePath(), name, size, this::withdraw);
        session.execute(() -> {
            offered.put(file.id(), file);
            tellEverybody(list(List.of(file)));
        });
        return file;
    }

    private static long size(Path path) throws FileException {
        try {
            if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
                throw new FileException(Reason.IO, "there is no such file that can be read");
            }
            return Files.size(path);
        } catch (IOException | SecurityException e) {
            throw FileTarget.failed("the file cannot be read", e);
        }
    }

    private void tellEverybody(Message message) {
        for (Peer peer : peers.values()) {
            if (peer.admitted && peer.wants) {
                teller.accept(peer.link, message);
            }
        }
    }

    private void withdraw(OwnFile file) {
        session.execute(() -> {
            if (offered.remove(file.id()) == null) {
                return;
            }
            offers.decrementAndGet();
            tellEverybody(new Message.FileGone(file.id()));
            for (Peer peer : peers.values()) {
                FileSending sending = peer.sending.get(file.id());
                if (sending != null) {
                    sending.fail(Reason.CANCELLED, "the file is not offered any more");
                }
            }
        });
    }

    FileTransfer fetch(RemoteFile file, Path directory) {
        FileFetching fetching = new FileFetching(file, directory, work, asker());
        waitedFor.add(fetching);
        if (closed) { // after it was put there: the end looks there once the flag is set
            waitedFor.remove(fetching);
            fetching.refuse(new FileException(Reason.SESSION_CLOSED, "the session is over"));
        } else {
            session.execute(() -> begin(fetching));
        }
        return fetching;
    }

    List<RemoteFile> known() {
        return closed ? List.of() : known;
    }

    // ---- fetching

    private void begin(FileFetching fetching) {
        RemoteFile file = fetching.file();
        Peer peer = holder(file);
        if (peer == null) {
            fetching.fail(Reason.GONE, "nobody who is connected offers this file");
        } else if (file.size() > rules.most().orElse(0)) {
            fetching.fail(
                    Reason.TOO_BIG, "the file is larger than " + rules.most().orElse(0) + " bytes");
        } else if (peer.toFetch.size() >= Limits.FILES) {
            fetching.fail(Reason.TOO_MANY, "more than " + Limits.FILES + " files wait to be fetched");
        } else {
            peer.toFetch.add(fetching);
            fetchNext(peer);
        }
    }

    private @Nullable Peer holder(RemoteFile file) {
        return peers.values().stream()
                .filter(peer -> peer.theirs.containsValue(file))
                .findFirst()
                .orElse(null);
    }

    private void fetchNext(Peer peer) {
        Iterator<FileFetching> next = peer.toFetch.iterator();
        List<FileFetching> ready = new ArrayList<>();
        while (next.hasNext() && peer.fetching.size() < AT_ONCE) {
            FileFetching fetching = next.next();
            if (peer.fetching.putIfAbsent(fetching.file().id(), fetching) == null) {
                next.remove();
                ready.add(fetching);
            }
        }
        ready.forEach(FileFetching::start);
    }

    private FileFetching.Desk asker() {
        return new FileFetching.Desk() {
            @Override
            public void ask(FileFetching fetching) {
                Peer peer = holder(fetching.file());
                if (peer == null) { // it was there when its turn came
                    fetching.fail(Reason.PEER_GONE, "the connection to the other side is gone");
                    return;
                }
                String id = fetching.file().id();
                peer.host.expect(id, fetching::through);
                teller.accept(peer.link, new Message.FileRequest(id, OptionalInt.of(FileFetching.WINDOW)));
            }

            @Override
            public void over(FileFetching fetching) {
                waitedFor.remove(fetching);
                for (Peer peer : peers.values()) {
                    peer.toFetch.remove(fetching);
                    if (peer.fetching.remove(fetching.file().id(), fetching)) {
                        peer.host.forgive(fetching.file().id());
                        fetchNext(peer);
                    }
                }
            }

            @Override
            public boolean call(Runnable task) {
                return program.test(task);
            }
        };
    }
}
