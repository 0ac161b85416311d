package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.STREAM;
import static dev.drawbridge.internal.machine.Samples.answer;
import static dev.drawbridge.internal.machine.Samples.candidates;
import static dev.drawbridge.internal.machine.Samples.certificate;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.gathered;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.offer;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.request;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.sdp;
import static dev.drawbridge.internal.machine.Samples.server;

import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SessionDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One input of the generated tables.
 *
 * @param source who or what it comes from, as the tables call it
 * @param name what it is, without its source
 */
record Sample(String source, String name, Input input) {

    @Override
    public String toString() {
        return source + ": " + name;
    }

    /** Every kind of input as a publisher meets it whose first link is for anna. */
    static List<Sample> forPublisher() {
        List<Message> anna = new ArrayList<>(messages());
        anna.add(answer(1, "anna"));
        anna.add(candidates(Side.VIEWER, Samples.SESSION + "1", true));
        List<Sample> all = new ArrayList<>(ownAndServer());
        anna.forEach(message -> all.add(of("anna over the server", message, says(1, "anna", message))));
        all.add(of("carl over the server", new Message.OfferWanted(), Samples.asks(1, "carl")));
        all.add(of("carl over the server", answer(1, "carl"), says(1, "carl", answer(1, "carl"))));
        all.addAll(link());
        anna.forEach(message -> all.add(of("channel 1", message, heard(1, message))));
        all.add(new Sample("channel 1", "Answer with another certificate", heard(1, answer(1, "eve"))));
        all.addAll(late());
        return all;
    }

    /** Every kind of input as a viewer meets it whose publisher is pub. */
    static List<Sample> forViewer() {
        List<Message> pub = new ArrayList<>(messages());
        pub.add(new Message.Answer(Optional.of("s1"), sdp(certificate("pub")), true));
        pub.add(candidates(Side.PUBLISHER, "s1", true));
        List<Sample> all = new ArrayList<>(ownAndServer());
        pub.forEach(message -> all.add(of("pub over the server", message, says(1, "pub", message))));
        all.add(new Sample(
                "pub over the server", "Offer of a new session", says(1, "pub", offer("s2", certificate("pub")))));
        all.add(new Sample(
                "pub over the server",
                "Offer with another certificate",
                says(1, "pub", offer("s1", certificate("eve")))));
        all.add(of(
                "eve over the server",
                offer("e1", certificate("eve")),
                says(1, "eve", offer("e1", certificate("eve")))));
        all.addAll(link());
        pub.forEach(message -> all.add(of("channel 1", message, heard(1, message))));
        all.add(new Sample(
                "channel 1", "PublisherInfo of a sealed one", heard(1, new Message.PublisherInfo("cam", true))));
        all.add(new Sample("channel 1", "Offer with another certificate", heard(1, offer("s1", certificate("eve")))));
        all.addAll(late());
        return all;
    }

    private static Sample of(String source, Message message, Input input) {
        return new Sample(source, Words.name(message), input);
    }

    /** Every message that sounds the same whoever says it; not Answer and Candidates. */
    private static List<Message> messages() {
        return List.of(
                new Message.OfferWanted(),
                new Message.StreamAnnounced(STREAM),
                offer("s1", certificate("pub")),
                new Message.Bye(),
                new Message.IceRestartRequest(),
                request("anna"),
                new Message.PublisherInfo("cam", false),
                new Message.Ping("1"),
                new Message.Pong("1"),
                new Message.KeyFrameRequest(),
                new Message.BitrateRequest(800),
                new Message.AudioBitrateRequest(64),
                new Message.Pipe("1"),
                new Message.Chat("hello"),
                new Message.Privileged("hangup"),
                new Message.Rejected("hangup"),
                new Message.Seed(),
                new Message.Play(STREAM),
                new Message.JoinRoom(),
                new Message.Listing(List.of()),
                new Message.StreamIdTaken(),
                new Message.IdentityRejected(),
                new Message.Notice("hello"),
                new Message.Undecipherable(),
                new Message.Malformed("test"),
                new Message.Ignored());
    }

    private static List<Sample> ownAndServer() {
        List<Sample> all = new ArrayList<>(List.of(
                new Sample("program", "Start", new Input.Start()),
                new Sample("program", "CloseAsked", new Input.CloseAsked()),
                new Sample("program", "Decided 1 yes", new Input.Decided(1, true)),
                new Sample("program", "Decided 1 no", new Input.Decided(1, false)),
                new Sample("program", "DisconnectAsked 1", new Input.DisconnectAsked(1)),
                new Sample("program", "DataAsked", new Input.DataAsked(Optional.empty(), new Message.Pipe("1"))),
                new Sample("ourselves", "MediaGone", new Input.MediaGone()),
                new Sample("ourselves", "EffectFailed", new Input.EffectFailed("CloseLink", "test")),
                new Sample("socket 1", "SocketOpened", opened(1)),
                new Sample("socket 1", "SocketGone", gone(1)),
                new Sample("socket 2", "SocketOpened", opened(2)),
                new Sample("socket 2", "SocketGone", gone(2))));
        for (Timer.Kind kind : Timer.Kind.values()) {
            Timer timer = Timer.of(kind, single(kind) ? 0 : 1);
            all.add(new Sample("timer", Words.of(timer), new Input.TimerFired(timer)));
        }
        for (Message message : List.of(
                new Message.Listing(List.of()),
                new Message.StreamIdTaken(),
                new Message.IdentityRejected(),
                new Message.Notice("hello"),
                new Message.Malformed("test"),
                new Message.Ignored())) {
            all.add(of("server", message, server(1, message)));
        }
        return all;
    }

    private static boolean single(Timer.Kind kind) {
        return switch (kind) {
            case DIAL, RECONNECT, LISTING, RESEED, SEAL, CLOSE -> true;
            case ANSWER, CONNECT, APPROVAL, GRACE, OFFER, RETRY -> false;
        };
    }

    private static List<Sample> link() {
        List<Sample> all = new ArrayList<>(List.of(
                new Sample("link 1", "LinkDescribed", described(1, SessionDescription.Type.OFFER)),
                new Sample("link 1", "LinkGathered", gathered(1))));
        for (LinkState state : LinkState.values()) {
            all.add(new Sample("link 1", "LinkChanged " + state, changed(1, state)));
        }
        all.add(new Sample("link 1", "ChannelOpened", new Input.ChannelOpened(1)));
        all.add(new Sample("link 1", "ChannelClosed", new Input.ChannelClosed(1)));
        all.add(new Sample("link 1", "MediaBegan", new Input.MediaBegan(1)));
        for (Operation operation : Operation.values()) {
            all.add(new Sample("link 1", "LinkFailed " + operation, new Input.LinkFailed(1, operation, "test")));
        }
        return all;
    }

    private static List<Sample> late() {
        return List.of(
                new Sample("link 2", "LinkChanged CONNECTED", connected(2)),
                new Sample("link 9, which never was", "LinkChanged CONNECTED", connected(9)),
                new Sample("link 9, which never was", "ChannelReceived Bye", heard(9, new Message.Bye())));
    }
}
