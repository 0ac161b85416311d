package dev.drawbridge.testing;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SendException;
import dev.drawbridge.SendException.Reason;
import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.IceServer;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SelectedPath;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection on a {@link FakeNetwork}, with figures to look at and switches for what networks and peers do.
 *
 * <p><b>Thread:</b> any. A switch takes effect when the clock is moved, behind everything that is already due.
 */
public final class FakeLink implements PeerLink {
    private static final int MOST_WAITING = 256;
    private static final int MOST_CHANNELS = 16;
    private static final int MOST_BYTES = 256 * 1024;
    private static final Duration UNNOTICED = Duration.ofMillis(7_600);
    /** From the last missing piece to the connection, and from that to the channel. */
    private static final Duration HANDSHAKE = Duration.ofMillis(5);

    private static final Duration CHANNEL = Duration.ofMillis(1);
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final FakeMedia media;
    private final FakeNetwork network;
    private final LinkSettings settings;
    private final PeerLinkListener listener;
    private final int number;
    private final boolean publishes;
    private final FakeFlow flow;
    private final AtomicBoolean closing = new AtomicBoolean();

    // From here on: touched by tasks of the clock alone, but for those that a test may look at from any thread.
    private final ArrayDeque<IceCandidate> early = new ArrayDeque<>();
    private final ArrayDeque<Outgoing> outbox = new ArrayDeque<>();
    private boolean uploading;
    private long bytesPerSecond = Long.MAX_VALUE;
    /** Added to by whoever sends, so that none is forgotten at the end. */
    private final Queue<Outgoing> unsent = new ConcurrentLinkedQueue<>();

    private final List<String> gathered = new ArrayList<>();
    private final Set<FakeLink> reachable = new HashSet<>();
    private Instant lastDue = Instant.MIN;
    private String name = "";
    private volatile String fingerprint;
    private int restarts;
    private boolean offering;
    private boolean described;
    private @Nullable FakeSdp remote;
    private @Nullable FakeLink peer;
    private @Nullable LinkState state;
    private boolean channelOpen;
    private boolean channelGone;
    private boolean cut;
    private volatile boolean shut;
    private final List<SelectedPath.End> ends = new ArrayList<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final List<FakeChannel> channels = new CopyOnWriteArrayList<>();
    private volatile @Nullable SideChannelListener stranger;
    private volatile boolean deaf;
    private final AtomicLong keyFrameRequests = new AtomicLong();
    private volatile int videoKbps = -1;
    private volatile int audioKbps = -1;
    private volatile String sizeWish = "";
    private volatile String videoBound = "";

    /** A message of ours, equal to itself alone. */
    private static final class Outgoing {
        private final Consumer<FakeLink> arrives;
        private final @Nullable FakeChannel channel;
        private final int bytes;
        private final CompletableFuture<Void> left = new CompletableFuture<>();

        /** @param channel null for {@code sendChannel} */
        Outgoing(Consumer<FakeLink> arrives, @Nullable FakeChannel channel, int bytes) {
            this.arrives = arrives;
            this.channel = channel;
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }

        CompletableFuture<Void> left() {
            return left;
        }
    }

    FakeLink(FakeMedia media, FakeNetwork network, LinkSettings settings, PeerLinkListener listener) {
        this.media = media;
        this.network = network;
        this.settings = settings;
        this.listener = listener;
        number = network.nextNumber();
        publishes = settings.role() == LinkSettings.Role.PUBLISHER;
        fingerprint = fingerprint(number);
        flow = new FakeFlow(this, media, network, settings);
    }

    private static String fingerprint(int certificate) {
        String last = String.format(Locale.ROOT, "%02X:%02X", certificate >> 8 & 0xFF, certificate & 0xFF);
        return "sha-256 " + "DB:".repeat(30) + last;
    }

    // ---- to look at

    /** Media packets sent so far. */
    public long packetsSent() {
        return flow.packetsSent();
    }

    /** Whether {@link #releaseMedia} was called. */
    public boolean released() {
        return flow.released();
    }

    /** Whether {@link #close} was called. */
    public boolean closed() {
        return closing.get();
    }

    /** Every text that was handed in here for the peer, in order, whether it got there or not. */
    public List<String> texts() {
        return List.copyOf(texts);
    }

    /** How often a key frame was asked for. */
    public long keyFrameRequests() {
        return keyFrameRequests.get();
    }

    /** What {@link #limitVideo} said last, -1 before. */
    public int videoKbps() {
        return videoKbps;
    }

    /** What {@link #boundVideo} said last, such as {@code 600 kbps, 50 %, 10 fps}; empty before. */
    public String videoBound() {
        return videoBound;
    }

    /** What {@link #limitAudio} said last, -1 before. */
    public int audioKbps() {
        return audioKbps;
    }

    /** How much smaller the pictures are to be, such as {@code 50 %}, {@code in 640x360} or {@code over 640x360}; empty before. */
    public String sizeWish() {
        return sizeWish;
    }

    /** Of the certificate of this end, as in its descriptions. */
    public String fingerprint() {
        return fingerprint;
    }

    /** The settings that it was opened with. */
    public LinkSettings settings() {
        return settings;
    }

    // ---- switches

    /** The path breaks: both ends see it as {@code DISCONNECTED}, nothing gets through, nobody hears a goodbye. */
    public void interrupt() {
        network.scheduler().execute(() -> pathIs(true, LinkState.DISCONNECTED));
    }

    /** The process of one end dies: nothing gets through from now on, and 7.6 s later, as with libwebrtc, both ends see it. */
    public void vanish() {
        network.scheduler().execute(() -> {
            FakeLink other = peer;
            (other == null ? List.of(this) : List.of(this, other)).forEach(end -> end.cut = true);
            network.scheduler().schedule(UNNOTICED, () -> pathIs(true, LinkState.DISCONNECTED));
        });
    }

    /** The path works again: both ends see {@code CONNECTED}, and text that waited arrives. */
    public void resume() {
        network.scheduler().execute(() -> pathIs(false, LinkState.CONNECTED));
    }

    /** The path is given up: both ends see {@code FAILED}. */
    public void fail() {
        network.scheduler().execute(() -> pathIs(true, LinkState.FAILED));
    }

    /** The next description of this end carries another certificate's fingerprint. */
    public void changeFingerprint() {
        network.scheduler().execute(() -> fingerprint = fingerprint(number + 0x8000));
    }

    /** From now on what is sent here takes its time, as on a narrow uplink; without end if never called. */
    public void uplink(long bytesEachSecond) {
        network.scheduler().execute(() -> bytesPerSecond = bytesEachSecond);
    }

    /** Says any text to the peer's session, as a peer that does not keep to the protocol would. */
    public void say(String text) {
        var unused = send(text);
    }

    /** From now on this end's session hears no text, as if its program hung. */
    public void deafen() {
        deaf = true;
    }

    /** From now on channels that the peer opens are heard by this one and not by the session, as if it were another client. */
    public void hearChannels(SideChannelListener client) {
        stranger = client;
    }

    /** Labels of the channels beside {@code sendChannel} that are open at this end. */
    public List<String> channels() {
        return channels.stream().map(FakeChannel::label).toList();
    }

    /** Reports a failure to the session of this end. */
    public void reportFailure(Operation operation, String detail) {
        network.scheduler().execute(() -> failed(operation, detail));
    }

    /** This end's session is told that a text came, whoever sent it. */
    public void hear(String text) {
        network.scheduler().execute(() -> report(() -> listener.received(text)));
    }

    /** Likewise for a binary message. */
    public void hear(byte[] bytes) {
        byte[] copy = bytes.clone();
        network.scheduler().execute(() -> report(() -> listener.received(copy)));
    }

    // ---- PeerLink

    @Override
    public void offer(boolean iceRestart) {
        inOrder(media.slowness(), () -> {
            if (!publishes) {
                failed(Operation.OFFER, "a viewer does not make offers");
            } else if (!media.mute()) {
                offering = true;
                describe(SessionDescription.Type.OFFER, iceRestart);
            }
        });
    }

    @Override
    public void accept(SessionDescription description) {
        inOrder(media.slowness(), () -> {
            FakeSdp read = FakeSdp.read(description.sdp()).orElse(null);
            if (description.type() != takes() || (publishes && !offering)) {
                failed(Operation.ACCEPT, "this end does not wait for an " + description.type());
            } else if (read == null) {
                failed(Operation.ACCEPT, "no description that a fake can read");
            } else if (peer != null && !read.fingerprint().equals(peer.fingerprint)) {
                failed(Operation.ACCEPT, "another certificate");
            } else {
                take(read);
            }
        });
    }

    @Override
    public void add(IceCandidate candidate) {
        inOrder(Duration.ZERO, () -> {
            if (remote != null) {
                addNow(candidate.candidate());
            } else if (early.size() < MOST_WAITING) {
                early.add(candidate);
            }
        });
    }

    @Override
    public void releaseMedia() {
        inOrder(Duration.ZERO, () -> {
            if (publishes) {
                flow.release();
            }
        });
    }

    @Override
    public CompletionStage<Void> send(String text) {
        texts.add(text);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            return CompletableFuture.failedStage(new SendException(Reason.TOO_BIG, "a message above 256 KiB"));
        }
        return send(new Outgoing(other -> other.hears(text), null, bytes));
    }

    private void hears(String text) {
        if (!deaf) {
            report(() -> listener.received(text));
        }
    }

    private CompletionStage<Void> send(Outgoing message) {
        unsent.add(message);
        inOrder(Duration.ZERO, () -> {
            FakeChannel channel = message.channel;
            if (channelGone || (channel != null && channel.gone())) {
                notSent(message, Reason.PEER_GONE);
            } else if (outbox.stream().filter(m -> m.channel == channel).count() >= MOST_WAITING) {
                notSent(message, Reason.TOO_MUCH_WAITING);
            } else {
                outbox.add(message);
                flush();
            }
        });
        if (shut) {
            notSent(message, Reason.PEER_GONE);
        }
        return message.left().minimalCompletionStage();
    }

    @Override
    public CompletionStage<SideChannel> openChannel(String label, SideChannelListener hears) {
        FakeChannel made = new FakeChannel(this, label, hears);
        boolean asked = inOrder(Duration.ZERO, () -> {
            if (!channelOpen || channelGone) {
                made.refuse(Reason.PEER_GONE);
            } else if (channels.size() >= MOST_CHANNELS) {
                made.refuse(Reason.TOO_MUCH_WAITING);
            } else {
                channels.add(made);
                made.opened();
                offered(made);
            }
        });
        if (!asked) {
            made.refuse(Reason.PEER_GONE);
        }
        return made.opening();
    }

    /** Behind what was sent before, as the packet that opens a channel is. */
    private void offered(FakeChannel made) {
        sendAside(made, 16, other -> {
            FakeChannel theirs = new FakeChannel(other, made.label(), null);
            Optional<SideChannelListener> hears = other.closing.get() || other.channels.size() >= MOST_CHANNELS
                    ? Optional.empty()
                    : Optional.ofNullable(other.stranger).or(() -> other.listener.channelOffered(theirs));
            if (hears.isPresent()) {
                other.channels.add(theirs);
                theirs.join(made, hears.get());
            } else {
                made.closes();
            }
        });
    }

    CompletionStage<Void> sendAside(FakeChannel channel, int bytes, Consumer<FakeLink> arrives) {
        return bytes > MOST_BYTES
                ? CompletableFuture.failedStage(new SendException(Reason.TOO_BIG, "a message above 256 KiB"))
                : send(new Outgoing(arrives, channel, bytes));
    }

    /** What was handed to the network is out; what is kept is not sent. */
    void closeAside(FakeChannel channel) {
        inOrder(Duration.ZERO, () -> {
            if (!channel.gone()) {
                forget(channel);
                if (!cut && peer != null) {
                    network.scheduler().schedule(network.latency(), channel::closeOther);
                }
                channel.closes();
            }
        });
    }

    void forget(FakeChannel channel) {
        channels.remove(channel);
        for (Outgoing message : List.copyOf(outbox)) {
            if (message.channel == channel) {
                outbox.remove(message);
                notSent(message, Reason.PEER_GONE);
            }
        }
    }

    @Override
    public void requestKeyFrame() {
        inOrder(Duration.ZERO, keyFrameRequests::incrementAndGet);
    }

    @Override
    public void limitVideo(int kbps) {
        inOrder(Duration.ZERO, () -> videoKbps = kbps);
    }

    @Override
    public void boundVideo(int kbps, int percent, int framesPerSecond) {
        inOrder(Duration.ZERO, () -> videoBound = kbps + " kbps, " + percent + " %, " + framesPerSecond + " fps");
    }

    @Override
    public void limitAudio(int kbps) {
        inOrder(Duration.ZERO, () -> audioKbps = kbps);
    }

    @Override
    public void scaleVideo(int percent) {
        inOrder(Duration.ZERO, () -> {
            sizeWish = percent + " %";
            flow.divide(100.0 / Math.max(1, percent));
        });
    }

    @Override
    public void fitVideo(int width, int height, boolean cover) {
        inOrder(Duration.ZERO, () -> {
            sizeWish = (cover ? "over " : "in ") + width + "x" + height;
            double across = FakeFlow.SIDE / (double) Math.max(1, width);
            double down = FakeFlow.SIDE / (double) Math.max(1, height);
            flow.divide(cover ? Math.min(across, down) : Math.max(across, down));
        });
    }

    @Override
    public CompletionStage<LinkStats> stats() {
        return figure(() -> flow.figures(
                network.latency().multipliedBy(2),
                selected().map(SelectedPath::kind).orElse("")));
    }

    @Override
    public CompletionStage<Optional<SelectedPath>> path() {
        return figure(this::selected);
    }

    private <T> CompletionStage<T> figure(Supplier<T> what) {
        CompletableFuture<T> result = new CompletableFuture<>();
        network.scheduler().execute(() -> {
            if (closing.get()) {
                result.completeExceptionally(new IllegalStateException("the connection is closed"));
            } else {
                result.complete(what.get());
            }
        });
        return result.minimalCompletionStage();
    }

    private Optional<SelectedPath> selected() {
        if (peer == null || ends.isEmpty() || peer.ends.isEmpty()) {
            return Optional.empty();
        }
        SelectedPath.End remote = peer.ends.get(peer.ends.size() - 1);
        SelectedPath.End seen = media.path().orElse(remote);
        return Optional.of(new SelectedPath(ends.get(ends.size() - 1), seen, settings.relayOnly() ? "udp" : ""));
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            network.scheduler().execute(this::shut);
        }
    }

    // ---- descriptions and candidates

    private SessionDescription.Type takes() {
        return publishes ? SessionDescription.Type.ANSWER : SessionDescription.Type.OFFER;
    }

    private void describe(SessionDescription.Type type, boolean fresh) {
        if (name.isEmpty() || fresh) {
            name = "fake" + number + "-" + restarts++;
            network.named(name, this);
            gathered.clear();
        }
        FakeSdp sdp = new FakeSdp(name, fingerprint, List.copyOf(gathered));
        String direction = publishes ? "sendonly" : "recvonly";
        String text = sdp.text(settings.video(), settings.audio(), direction);
        described = true;
        report(() -> listener.localDescription(new SessionDescription(type, text)));
        if (gathered.isEmpty()) {
            inOrder(Duration.ofMillis(1), this::gather);
        }
        connect();
    }

    private void gather() {
        String address = "192.168." + (100 + number / 250) + "." + (1 + number % 250);
        String port = String.valueOf(50_000 + restarts);
        boolean relay = settings.iceServers().stream().anyMatch(IceServer::relay) && !media.withoutRelay();
        if (settings.relayOnly() && !relay) {
            return;
        }
        String type = settings.relayOnly() ? "relay" : media.candidateType();
        String kind = type.equals("host") ? type : type + " raddr 192.168.99.99 rport 4000";
        String line = "candidate:1 1 udp 2130706431 " + address + " " + port + " typ " + kind + " ufrag " + name;
        network.at(address + " " + port, this);
        gathered.add(line);
        ends.add(new SelectedPath.End(type, "udp", address, Integer.parseInt(port)));
        report(() -> listener.localCandidates(List.of(new IceCandidate(line, "0", 0))));
    }

    private void take(FakeSdp description) {
        remote = description;
        offering = false;
        changed(LinkState.CONNECTING, state == null);
        description.candidates().forEach(this::addNow);
        early.forEach(candidate -> addNow(candidate.candidate()));
        early.clear();
        if (publishes) {
            connect();
        } else if (!media.mute()) {
            describe(SessionDescription.Type.ANSWER, false);
        }
    }

    private void addNow(String line) {
        String[] words = line.split(" ", -1);
        if (line.isBlank()) {
            return; // the browsers' mark for the end of the candidates
        }
        if (!line.startsWith("candidate:") || words.length < 8) {
            failed(Operation.ADD_CANDIDATE, "no candidate");
            return;
        }
        FakeLink other = network.byAddress(words[4] + " " + words[5]);
        if (other != null && other != this) {
            reachable.add(other);
            connect();
        }
    }

    // ---- the connection

    /** Connects if nothing is missing any more. */
    private void connect() {
        FakeLink other = remote == null ? null : network.byName(remote.name());
        if (other == null || peer != null || other.peer != null || !knows(other) || !other.knows(this)) {
            return;
        }
        boolean found = reachable.contains(other) || other.reachable.contains(this);
        if (!found || media.unreachable() || other.media.unreachable()) {
            return;
        }
        peer = other;
        other.peer = this;
        network.scheduler().schedule(HANDSHAKE, () -> {
            connected();
            other.connected();
            network.scheduler().schedule(CHANNEL, () -> {
                channelOpened();
                other.channelOpened();
            });
        });
    }

    private boolean knows(FakeLink other) {
        return described
                && remote != null
                && network.byName(remote.name()) == other
                && remote.fingerprint().equals(other.fingerprint);
    }

    private void connected() {
        if (!cut) {
            changed(LinkState.CONNECTED, true);
            flow.keepTicking();
        }
    }

    private void channelOpened() {
        FakeLink other = peer;
        if (other != null && !other.closing.get() && !cut) {
            channelOpen = true;
            report(listener::channelOpened);
            flush();
        }
    }

    /** Hands to the network what there is, one message after the other; each takes its time if the uplink is narrow. */
    private void flush() {
        while (passable() && !outbox.isEmpty() && !uploading) {
            Outgoing next = outbox.remove();
            if (bytesPerSecond == Long.MAX_VALUE) {
                leaves(next);
            } else {
                uploading = true;
                Duration time = Duration.ofNanos(next.bytes() * 1_000_000_000L / bytesPerSecond);
                network.scheduler().schedule(time, () -> uploaded(next));
            }
        }
    }

    private void uploaded(Outgoing message) {
        uploading = false;
        if (passable()) {
            leaves(message);
            flush();
        } else if (!shut && !channelGone) {
            outbox.addFirst(message); // again when the path is back
        }
    }

    private boolean passable() {
        return channelOpen && !cut && peer != null;
    }

    private void leaves(Outgoing message) {
        FakeLink other = Objects.requireNonNull(peer);
        unsent.remove(message);
        message.left().complete(null);
        network.scheduler().schedule(network.latency(), () -> message.arrives.accept(other));
    }

    private void notSent(Outgoing message, Reason reason) {
        if (unsent.remove(message)) {
            message.left().completeExceptionally(new SendException(reason, "not sent: " + reason));
        }
    }

    /** Nothing leaves any more. */
    private void abandon() {
        outbox.clear();
        List.copyOf(channels).forEach(FakeChannel::closes);
        List.copyOf(unsent).forEach(message -> notSent(message, Reason.PEER_GONE));
    }

    private void pathIs(boolean broken, LinkState seen) {
        FakeLink other = peer;
        for (FakeLink end : other == null ? List.of(this) : List.of(this, other)) {
            if (end.state != LinkState.FAILED) {
                end.cut = broken;
                end.changed(seen, true);
                end.flush();
                end.flow.keepTicking();
            }
        }
    }

    private void changed(LinkState next, boolean really) {
        if (really && next != state) {
            state = next;
            report(() -> listener.state(next));
        }
    }

    private void shut() {
        FakeLink other = peer;
        shut = true;
        network.forget(this);
        abandon();
        early.clear();
        if (other != null && !cut) {
            network.scheduler().schedule(network.latency(), other::abandoned);
        }
        listener.closed();
    }

    /** The other end closed. Without a channel that says so the path only falls silent, as in the real thing. */
    private void abandoned() {
        if (channelOpen && !channelGone) {
            channelGone = true;
            abandon();
            report(listener::channelClosed);
        } else if (!channelOpen) {
            network.scheduler().schedule(SILENCE, () -> changed(LinkState.DISCONNECTED, true));
            network.scheduler().schedule(SILENCE.multipliedBy(3), () -> changed(LinkState.FAILED, true));
        }
    }

    // ---- media

    /** Who gets media from here now: the peer, as long as the connection stands. */
    @Nullable
    FakeLink audience() {
        FakeLink other = peer;
        boolean stands = state == LinkState.CONNECTED && !cut && !closing.get();
        return stands && other != null && !other.closing.get() ? other : null;
    }

    void arrives(@Nullable VideoFrame video, @Nullable AudioFrame audio) {
        if (!closing.get()) {
            flow.arrives(video, audio, () -> report(listener::mediaStarted));
        }
    }

    // ---- order and silence

    /**
     * What was asked first is done first, even if what was asked later would be quicker. What was asked before the close is still
     * done if its turn comes before the end, so a goodbye gets out.
     *
     * @return whether it was asked before the close
     */
    private boolean inOrder(Duration delay, Runnable step) {
        if (closing.get()) {
            return false;
        }
        network.scheduler().execute(() -> {
            Instant now = network.scheduler().now();
            Instant due = now.plus(delay);
            lastDue = due.isAfter(lastDue) ? due : lastDue;
            if (lastDue.equals(now)) {
                run(step);
            } else {
                network.scheduler().schedule(Duration.between(now, lastDue), () -> run(step));
            }
        });
        return true;
    }

    private void run(Runnable step) {
        if (!shut) {
            step.run();
        }
    }

    private void failed(Operation operation, String detail) {
        report(() -> listener.failed(operation, detail));
    }

    private void report(Runnable call) {
        if (!closing.get()) {
            call.run();
        }
    }

    @Override
    public String toString() {
        return settings.role() + " link " + number;
    }
}
