package dev.drawbridge.webrtc;

import dev.drawbridge.spi.IceServer;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaReceiver;
import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCPeerConnectionIceErrorEvent;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks one TURN server for a relay, by a connection to nobody that may use nothing else, as a session under {@code privacy} would.
 * The connection is left to the end of its JVM.
 */
final class RelayProbe implements PeerConnectionObserver {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int QUOTA = 486;
    private static final int NO_CAPACITY = 508;
    /** From here on there was no answer, from one of the server's addresses to one of ours. */
    private static final int NO_ANSWER = 700;
    /** What others of these addresses get then, where it is known at once. */
    private static final long OTHERS_MILLIS = 3_000;

    private static final int LISTENS_MILLIS = 1_000;

    private final String name;
    private final IceServer server;
    private final Hosts hosts;
    private final boolean anyCertificate;
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile long begun = System.nanoTime();
    private volatile String relayAfter = "";
    private volatile int error;
    private volatile String problem = "";
    private @Nullable RTCPeerConnection connection; // held on to, or the library forgets it

    /** @param name what the report calls it */
    RelayProbe(String name, IceServer server, Hosts hosts, boolean anyCertificate) {
        this.name = name;
        this.server = server;
        this.hosts = hosts;
        this.anyCertificate = anyCertificate;
    }

    String name() {
        return name;
    }

    /** Returns at once. */
    void begin() {
        NativeThread.post(() -> {
            begun = System.nanoTime();
            try {
                LinkSettings settings = new LinkSettings(
                        LinkSettings.Role.PUBLISHER,
                        List.of(server),
                        true,
                        true,
                        true,
                        anyCertificate,
                        false,
                        false,
                        false,
                        OptionalInt.empty(),
                        List.of(),
                        MediaReceiver.NONE);
                RTCPeerConnection made =
                        Factories.publish().createPeerConnection(IceServerList.configuration(settings), this);
                connection = made;
                made.createDataChannel(ChannelLink.LABEL, new RTCDataChannelInit());
                made.createOffer(new RTCOfferOptions(), new Offer(made));
            } catch (Throwable e) {
                over(e instanceof IllegalArgumentException ? String.valueOf(e.getMessage()) : Details.of(e));
            }
        });
    }

    private void over(String why) {
        problem = why;
        decided.countDown();
    }

    /** @param limit from {@link #begin} on */
    void await(Duration limit, Notes notes) throws InterruptedException {
        String shown = hosts.shown(server);
        if (!known()) {
            notes.fail("no address is known for " + shown, "check the name in turn=, and this machine's DNS");
            return;
        }
        long left = limit.toNanos() - (System.nanoTime() - begun);
        boolean unused = decided.await(left, TimeUnit.NANOSECONDS);
        if (!relayAfter.isEmpty()) {
            notes.found(shown + ": a relay after " + relayAfter);
        } else if (error == UNAUTHORIZED || error == FORBIDDEN) {
            notes.fail(
                    shown + " refuses the user name or the password",
                    "check both in turn=user;password;url; one that was made for a time may have ended");
        } else if (error == QUOTA || error == NO_CAPACITY) {
            notes.fail(shown + " has no relay left for this user", "wait, or take another relay");
        } else if (!problem.isEmpty()) {
            notes.fail(shown + ": " + problem, "mend turn=user;password;url");
        } else {
            unreachable(shown, notes);
        }
    }

    private void unreachable(String shown, Notes notes) {
        boolean tls = server.url().startsWith("turns:");
        if (!tls && !server.url().endsWith("transport=tcp")) {
            notes.fail(
                    shown + " does not answer",
                    "check that it listens there, and that no firewall is in the way (UDP to its port); try the same with"
                            + " ?transport=tcp");
        } else if (!listens()) {
            notes.fail(
                    shown + " is out of reach",
                    "check that it listens there, and that no firewall is in the way (TCP to its port)");
        } else if (tls) {
            notes.fail(
                    shown + " answers, but TLS is not agreed on",
                    "have it show a certificate of an authority that libwebrtc knows (docs/options.md, relays), or trust any"
                            + " with NetworkPolicy.anyTurnCertificate");
        } else {
            notes.fail(shown + " answers, but gives no relay", "check that it is a TURN server");
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Hosts.host(server), Hosts.port(server)), LISTENS_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean known() {
        try {
            InetAddress[] all = InetAddress.getAllByName(Hosts.host(server));
            return all.length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
        NativeThread.callback(() -> {
            if (relayAfter.isEmpty() && candidate.sdp.contains(" typ relay")) {
                relayAfter = Doctor.millis(begun);
                decided.countDown();
            }
        });
    }

    /** An answer says more than that there was none. */
    @Override
    public void onIceCandidateError(RTCPeerConnectionIceErrorEvent event) {
        NativeThread.callback(() -> {
            int code = event.getErrorCode();
            if (code < NO_ANSWER) {
                error = code;
                decided.countDown();
            } else {
                var unused = NativeThread.after(OTHERS_MILLIS, decided::countDown);
            }
        });
    }

    private final class Offer implements CreateSessionDescriptionObserver, SetSessionDescriptionObserver {
        private final RTCPeerConnection at;

        Offer(RTCPeerConnection at) {
            this.at = at;
        }

        @Override
        public void onSuccess(RTCSessionDescription offer) {
            NativeThread.callback(() -> NativeThread.post(() -> at.setLocalDescription(offer, this)));
        }

        @Override
        public void onSuccess() {
            // From now on it is asked.
        }

        @Override
        public void onFailure(String text) {
            NativeThread.callback(() -> over(Details.of(String.valueOf(text))));
        }
    }
}
