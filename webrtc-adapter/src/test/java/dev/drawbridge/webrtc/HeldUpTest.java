package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.SendException;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import dev.drawbridge.testing.LeakGuard;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCPeerConnection;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Channels beside {@code sendChannel} that are closed while nothing gets to the peer. */
class HeldUpTest {
    private static final int MESSAGE = 200_000;

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(20));

    @Test
    void what_was_sent_before_the_close_arrives_later_and_then_the_peer_hears_of_the_end() throws Exception {
        try (Pair pair = new Pair(Stage.pattern());
                NarrowPath path = connect(pair)) {
            Heard atViewer = new Heard();
            pair.viewer.sideChannels = atViewer;
            List<SideChannel> open = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                open.add(open(pair).get(5, TimeUnit.SECONDS));
                var unused = open.get(i).send("here");
            }
            atViewer.awaitTexts(10);
            path.holdUp(true);
            open.forEach(HeldUpTest::sendAndClose);
            assertThat(open(pair)).succeedsWithin(Duration.ofSeconds(5));
            assertThat(atViewer.endings()).isZero();
            path.holdUp(false);
            atViewer.awaitEndings(10);
            assertThat(atViewer.bytes()).isEqualTo(10 * MESSAGE);
        }
    }

    @Test
    void thirty_two_are_closed_at_a_time_and_more_can_be_opened_when_the_peer_takes_them() throws Exception {
        try (Pair pair = new Pair(Stage.pattern());
                NarrowPath path = connect(pair)) {
            path.holdUp(true);
            for (int i = 0; i < 2 * Link.MAX_SIDE_CHANNELS; i++) {
                sendAndClose(open(pair).get(5, TimeUnit.SECONDS));
            }
            assertThat(refusal(pair)).isEqualTo(SendException.Reason.TOO_MUCH_WAITING);
            path.holdUp(false);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (refusal(pair) != null) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                Thread.sleep(20);
            }
        }
    }

    @Test
    void a_peer_that_does_not_end_the_channels_that_nobody_hears_is_given_up() throws Exception {
        try (Pair pair = new Pair(Stage.pattern());
                NarrowPath path = connect(pair)) {
            path.holdUp(true);
            openAtViewer(pair, Link.MAX_SIDE_CHANNELS);
            pair.viewer.link.send("all are there");
            pair.publisher.next(pair.publisher.texts, "text");
            assertThat(pair.publisher.states).doesNotContain(LinkState.FAILED);
            openAtViewer(pair, 1);
            LinkState state = null;
            while (state != LinkState.FAILED) {
                state = pair.publisher.next(pair.publisher.states, "end");
            }
        }
    }

    private static void openAtViewer(Pair pair, int channels) {
        NativeThread.post(() -> {
            RTCPeerConnection peer = ((ViewerLink) pair.viewer.link).connection;
            for (int i = 0; i < channels; i++) {
                peer.createDataChannel("unheard", new RTCDataChannelInit());
            }
        });
    }

    private static void sendAndClose(SideChannel channel) {
        var unused = channel.send(new byte[MESSAGE]);
        channel.close();
    }

    /** Why no channel can be opened; null if one was. */
    private static SendException.Reason refusal(Pair pair) throws Exception {
        try {
            open(pair).get(5, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return ((SendException) e.getCause()).reason();
        }
    }

    private static CompletableFuture<SideChannel> open(Pair pair) {
        return pair.publisher.link.openChannel("one more", new Heard()).toCompletableFuture();
    }

    /** The viewer is at the far end of the path, and the publisher knows no other way. */
    private static NarrowPath connect(Pair pair) throws Exception {
        pair.publisher.carry = false;
        pair.viewer.carry = false;
        pair.publisher.link.offer(false);
        pair.viewer.link.accept(pair.publisher.next(pair.publisher.descriptions, "offer"));
        pair.publisher.link.accept(pair.viewer.next(pair.viewer.descriptions, "answer"));
        while (true) {
            IceCandidate candidate = pair.viewer.next(pair.viewer.candidates, "candidate");
            String[] words = candidate.candidate().split(" ");
            if (words[2].equalsIgnoreCase("udp") && !words[4].contains(":")) {
                NarrowPath path = new NarrowPath(new InetSocketAddress(words[4], Integer.parseInt(words[5])), 50 << 20);
                words[4] = path.address().getHostAddress();
                words[5] = Integer.toString(path.port());
                pair.publisher.link.add(
                        new IceCandidate(String.join(" ", words), candidate.sdpMid(), candidate.sdpMLineIndex()));
                pair.publisher.await(pair.publisher.opened, "channel");
                pair.viewer.await(pair.viewer.opened, "channel");
                return path;
            }
        }
    }

    /** What comes through all channels that it hears. */
    private static final class Heard implements SideChannelListener {
        private int texts;
        private int bytes;
        private int endings;

        synchronized int bytes() {
            return bytes;
        }

        synchronized int endings() {
            return endings;
        }

        synchronized void awaitTexts(int all) throws InterruptedException {
            await(() -> texts == all);
        }

        synchronized void awaitEndings(int all) throws InterruptedException {
            await(() -> endings == all);
        }

        private synchronized void await(BooleanSupplier condition) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!condition.getAsBoolean()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                wait(100);
            }
        }

        @Override
        public synchronized void received(String text) {
            texts++;
            notifyAll();
        }

        @Override
        public synchronized void received(byte[] more) {
            bytes += more.length;
        }

        @Override
        public synchronized void closed() {
            endings++;
            notifyAll();
        }
    }
}
