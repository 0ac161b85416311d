package dev.drawbridge.internal.runtime;

import dev.drawbridge.Dialect;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.machine.Input;
import dev.drawbridge.internal.machine.PublisherMachine;
import dev.drawbridge.internal.machine.PublisherRules;
import dev.drawbridge.internal.machine.PublisherState;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.PeerId;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.stress.Patience;
import java.util.Optional;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** At most one viewer: the real machine behind the real loop, with callbacks of two threads in the same moment. */
public final class AdmissionStress {
    private static final PublisherRules RULES = new PublisherRules(
            StreamId.of("camera1"), Dialect.CUSTOM, true, 1, false, true, false, false, false, "", "session");

    private AdmissionStress() {}

    /** A secure publisher that is announced. */
    abstract static class Secure {
        final Stubs.Server server = new Stubs.Server();
        final Stubs.Media media = new Stubs.Media();
        private final SessionCore<PublisherState> core =
                new SessionCore<>(new PublisherMachine(RULES), Stubs.setup(server, media));

        Secure() {
            core.post(new Input.Start());
            settle();
        }

        /** Somebody asks, takes our offer and answers; what is missing is the connection. */
        final void negotiate(String peer) {
            int link = media.links.size() + 1;
            say(peer, new Message.OfferWanted());
            settle();
            media.links
                    .get(link - 1)
                    .localDescription(new SessionDescription(SessionDescription.Type.OFFER, sdp("FF")));
            settle();
            String session = "session" + Integer.toString(link, 36);
            say(peer, new Message.Answer(Optional.of(session), sdp("0" + link), true));
            settle();
        }

        final void connect(int link) {
            media.links.get(link - 1).state(LinkState.CONNECTED);
        }

        final int joined() {
            return (int) core.events().journal().stream()
                    .filter(ViewerJoined.class::isInstance)
                    .count();
        }

        /** Waits until everything that was posted before is done. */
        final void settle() {
            Patience.await(core.ask(PeerLink::stats));
        }

        final void end() {
            core.post(new Input.CloseAsked());
            Patience.await(core.closed());
        }

        private void say(String peer, Message message) {
            core.post(new Input.SignalReceived(1, Optional.of(new PeerId(peer)), message));
        }

        private static String sdp(String certificate) {
            return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
                    + "a=fingerprint:sha-256 " + (certificate + ":").repeat(32).substring(0, 95) + "\r\n";
        }
    }

    /** Two candidates are connected at once. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "one joined, got media, and only its link is left")
    @Outcome(expect = Expect.FORBIDDEN, desc = "two were let in, or none")
    @State
    public static class ConnectAgainstConnect extends Secure {
        public ConnectAgainstConnect() {
            negotiate("anna");
            negotiate("bert");
        }

        @Actor
        public void anna() {
            connect(1);
        }

        @Actor
        public void bert() {
            connect(2);
        }

        @Arbiter
        public void admitted(III_Result result) {
            settle();
            result.r1 = joined();
            result.r2 = media.released.get();
            result.r3 = media.links.size() - media.closed.get();
            end();
        }
    }

    /** Somebody asks in the moment of the admission. */
    @JCStressTest
    @Outcome(
            id = "1, 0, 1",
            expect = Expect.ACCEPTABLE,
            desc = "one joined, nothing was sent behind the gate, one link is left")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a request got through the gate")
    @State
    public static class ConnectAgainstRequest extends Secure {
        private static final String PLAY = "{\"from\":\"bert\",\"request\":\"play\",\"streamID\":\"camera1808d64\"}";

        public ConnectAgainstRequest() {
            negotiate("anna");
        }

        @Actor
        public void anna() {
            connect(1);
        }

        @Actor
        public void bert() {
            server.listener.received(PLAY);
        }

        @Arbiter
        public void admitted(III_Result result) {
            settle();
            result.r1 = joined();
            result.r2 = server.sentAfterClose.get();
            result.r3 = media.links.size() - media.closed.get();
            end();
        }
    }
}
