package dev.drawbridge.testing;

import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes down what one end of a connection tells, notes every breach of the rules, and hands descriptions and candidates on. */
final class LinkRecorder implements PeerLinkListener, MediaReceiver {
    private final Object changes;
    private final String name;
    private final AtomicInteger inside = new AtomicInteger();
    private volatile @Nullable PeerLink link;
    /** Where descriptions and candidates go; nowhere while it is not set. */
    volatile @Nullable LinkRecorder other;

    volatile Runnable onChannelOpened = () -> {};
    /** Who hears channels that the other end opens; nobody while it is not set. */
    volatile @Nullable SideChannelListener expects;

    volatile boolean wantsVideo = true;
    volatile boolean wantsAudio = true;

    // Guarded by changes.
    private final List<String> calls = new ArrayList<>();
    private final List<String> breaches = new ArrayList<>();
    private final List<SessionDescription> descriptions = new ArrayList<>();
    private final List<IceCandidate> candidates = new ArrayList<>();
    private final List<LinkState> states = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<Operation> failures = new ArrayList<>();
    private final List<SideChannel> offered = new ArrayList<>();
    private int handedOver;
    private int pictures;
    private int sounds;
    private int width;
    private int brightness;
    private int loudness;
    private int brightest;
    private int loudest;
    private boolean leaving;
    private int late;
    private boolean closed;

    /** @param changes notified after each call */
    LinkRecorder(String name, Object changes) {
        this.name = name;
        this.changes = changes;
    }

    void attach(PeerLink made) {
        link = made;
    }

    PeerLink link() {
        PeerLink made = link;
        if (made == null) {
            throw new IllegalStateException("not attached");
        }
        return made;
    }

    /** Closes, and from the return on counts every call but {@code closed} as a breach. */
    void close() {
        link().close();
        synchronized (changes) {
            leaving = true;
        }
    }

    List<String> calls() {
        return copy(calls);
    }

    List<String> breaches() {
        return copy(breaches);
    }

    List<SessionDescription> descriptions() {
        return copy(descriptions);
    }

    List<IceCandidate> candidates() {
        return copy(candidates);
    }

    List<LinkState> states() {
        return copy(states);
    }

    List<String> texts() {
        return copy(texts);
    }

    List<Operation> failures() {
        return copy(failures);
    }

    /** Descriptions that the other end has been given. */
    int handedOver() {
        synchronized (changes) {
            return handedOver;
        }
    }

    int pictures() {
        synchronized (changes) {
            return pictures;
        }
    }

    int sounds() {
        synchronized (changes) {
            return sounds;
        }
    }

    /** Of the last picture. */
    int width() {
        synchronized (changes) {
            return width;
        }
    }

    /** Luma in the middle of the last picture. */
    int brightness() {
        synchronized (changes) {
            return brightness;
        }
    }

    /** The loudest sample of the last block. */
    int loudness() {
        synchronized (changes) {
            return loudness;
        }
    }

    /** The brightest middle of all pictures so far. */
    int brightest() {
        synchronized (changes) {
            return brightest;
        }
    }

    /** The loudest sample so far. */
    int loudest() {
        synchronized (changes) {
            return loudest;
        }
    }

    boolean connected() {
        List<LinkState> all = states();
        return !all.isEmpty() && all.get(all.size() - 1) == LinkState.CONNECTED;
    }

    int count(String call) {
        synchronized (changes) {
            return (int) calls.stream().filter(call::equals).count();
        }
    }

    private <T> List<T> copy(List<T> list) {
        synchronized (changes) {
            return List.copyOf(list);
        }
    }

    private void heard(String call, Runnable note, Runnable then) {
        boolean alone = inside.getAndIncrement() == 0;
        try {
            synchronized (changes) {
                if (!alone) {
                    breaches.add(call + " during another call");
                }
                if (closed) {
                    breaches.add(call + " after closed");
                }
                // One may have been on its way, and no more, as they come one at a time.
                if (leaving && !call.equals("closed") && late++ > 0) {
                    breaches.add(call + " after close");
                }
                calls.add(call);
                note.run();
                changes.notifyAll();
            }
            then.run();
        } finally {
            inside.decrementAndGet();
        }
    }

    private void pass(Consumer<PeerLink> step) {
        LinkRecorder to = other;
        if (to != null) {
            step.accept(to.link());
        }
    }

    @Override
    public void localDescription(SessionDescription description) {
        heard("localDescription", () -> descriptions.add(description), () -> {
            pass(to -> to.accept(description));
            count(() -> handedOver++);
        });
    }

    @Override
    public void localCandidates(List<IceCandidate> ours) {
        heard("localCandidates", () -> candidates.addAll(ours), () -> pass(to -> ours.forEach(to::add)));
    }

    @Override
    public void state(LinkState state) {
        heard(state.name(), () -> states.add(state), () -> {});
    }

    @Override
    public void channelOpened() {
        heard("channelOpened", () -> {}, onChannelOpened);
    }

    @Override
    public void channelClosed() {
        heard("channelClosed", () -> {}, () -> {});
    }

    @Override
    public void received(String text) {
        heard("received", () -> texts.add(text), () -> {});
    }

    @Override
    public void received(byte[] bytes) {
        heard("received bytes", () -> {}, () -> {});
    }

    /** Channels that the other end opened. */
    List<SideChannel> offered() {
        return copy(offered);
    }

    @Override
    public Optional<SideChannelListener> channelOffered(SideChannel channel) {
        // First: a test that sees the channel may go on and expect the next one.
        SideChannelListener hears = expects;
        heard("channelOffered", () -> offered.add(channel), () -> {});
        return Optional.ofNullable(hears);
    }

    @Override
    public void mediaStarted() {
        heard("mediaStarted", () -> {}, () -> {});
    }

    @Override
    public void failed(Operation operation, String detail) {
        heard("failed", () -> failures.add(operation), () -> {});
    }

    @Override
    public void closed() {
        heard("closed", () -> closed = true, () -> {});
    }

    // ---- media: on threads of their own, so not among the calls above

    @Override
    public boolean wantsVideo() {
        return wantsVideo;
    }

    @Override
    public void video(VideoFrame frame) {
        int luma = Byte.toUnsignedInt(frame.y().get(frame.height() / 2 * frame.strideY() + frame.width() / 2));
        count(() -> {
            pictures++;
            width = frame.width();
            brightness = luma;
            brightest = Math.max(brightest, luma);
        });
    }

    @Override
    public boolean wantsAudio() {
        return wantsAudio;
    }

    @Override
    public void audio(AudioFrame frame) {
        int peak = 0;
        for (short sample : frame.samples()) {
            peak = Math.max(peak, Math.abs(sample));
        }
        int peakOfBlock = peak;
        count(() -> {
            sounds++;
            loudness = peakOfBlock;
            loudest = Math.max(loudest, peakOfBlock);
        });
    }

    private void count(Runnable step) {
        synchronized (changes) {
            step.run();
            changes.notifyAll();
        }
    }

    @Override
    public String toString() {
        return name + " " + calls() + " failures " + failures() + " breaches " + breaches();
    }
}
