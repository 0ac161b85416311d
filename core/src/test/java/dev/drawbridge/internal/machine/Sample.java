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
import dev.drawbridge.internal.wire.Message.StatsRequest.Often;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SessionDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

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

    /** Every kind of input as a publisher meets it whose link 1 is for anna, on its first socket. */
    static List<Sample> forPublisher() {
        return forPublisher(1, "anna", 1);
    }

    static List<Sample> forPublisher(int generation, String peer, int link) {
        String signal = peer + " over the server";
        String channel = "channel " + link;
        List<Message> said = new ArrayList<>(messages("s1", "pub"));
        said.add(answer(link, peer));
        said.add(candidates(Side.VIEWER, Samples.SESSION + Integer.toString(link, 36), true));
        List<Sample> all = new ArrayList<>(ownAndServer(generation, link));
        said.forEach(message -> all.add(of(signal, message, says(generation, peer, message))));
        all.add(of("carl over the server", new Message.OfferWanted(), Samples.asks(generation, "carl")));
        all.add(of("carl over the server", answer(link, "carl"), says(generation, "carl", answer(link, "carl"))));
        all.addAll(link(link, SessionDescription.Type.OFFER));
        said.forEach(message -> all.add(of(channel, message, heard(link, message))));
        all.add(new Sample(channel, "Answer with another certificate", heard(link, answer(link, "eve"))));
        all.addAll(late(link));
        return all;
    }

    /** Every kind of input as a viewer meets it whose link 1 is for pub's session s1, on its first socket. */
    static List<Sample> forViewer() {
        return forViewer(1, "pub", 1, "s1");
    }

    static List<Sample> forViewer(int generation, String peer, int link, String session) {
        String signal = peer + " over the server";
        String channel = "channel " + link;
        List<Message> said = new ArrayList<>(messages(session, peer));
        said.add(new Message.Answer(Optional.of(session), sdp(certificate(peer)), true));
        said.add(candidates(Side.PUBLISHER, session, true));
        Message forged = offer(session, certificate("eve"));
        List<Sample> all = new ArrayList<>(ownAndServer(generation, link));
        said.forEach(message -> all.add(of(signal, message, says(generation, peer, message))));
        all.add(new Sample(
                signal, "Offer of a new session", says(generation, peer, offer(session + "x", certificate(peer)))));
        all.add(new Sample(signal, "Offer with another certificate", says(generation, peer, forged)));
        all.add(of("eve over the server", forged, says(generation, "eve", forged)));
        all.addAll(link(link, SessionDescription.Type.ANSWER));
        said.forEach(message -> all.add(of(channel, message, heard(link, message))));
        all.add(new Sample(
                channel, "PublisherInfo of a sealed one", heard(link, new Message.PublisherInfo("cam", true))));
        all.add(new Sample(channel, "Offer with another certificate", heard(link, forged)));
        all.addAll(late(link));
        return all;
    }

    private static Sample of(String source, Message message, Input input) {
        return new Sample(source, Words.name(message), input);
    }

    /** Every message that sounds the same whoever says it; not Answer and Candidates. */
    private static List<Message> messages(String session, String publisher) {
        return List.of(
                new Message.OfferWanted(),
                new Message.StreamAnnounced(STREAM),
                new Message.Entered(),
                offer(session, certificate(publisher)),
                new Message.Bye(),
                new Message.IceRestartRequest(),
                request("anna"),
                new Message.PublisherInfo("cam", false),
                new Message.Ping("1"),
                new Message.Pong("1"),
                new Message.KeyFrameRequest(),
                new Message.BitrateRequest(800),
                new Message.AudioBitrateRequest(64),
                new Message.BitrateCeiling(600),
                new Message.AudioBitrateCeiling(-1),
                new Message.ScaleRequest(50),
                new Message.ResolutionRequest(640, 360, false),
                new Message.AudioMuted(true),
                new Message.VideoMuted(false),
                new Message.LabelChange("Anna"),
                new Message.TallyReport(Samples.ON_AIR),
                new Message.StatsRequest(Often.AGAIN_AND_AGAIN),
                new Message.RemoteStats("{}"),
                new Message.Pipe("1"),
                new Message.Chat("hello"),
                new Message.SceneDisplay(List.of(new Message.SceneDisplay.Shown("1", STREAM, true))),
                new Message.Privileged("hangup"),
                new Message.Rejected("hangup"),
                new Message.FileList(List.of(new Message.FileList.Entry("f1", "f", 1))),
                new Message.FileRequest("f1", OptionalInt.empty()),
                new Message.FileGone("f1"),
                new Message.Approved("hangup"),
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

    private static List<Sample> ownAndServer(int generation, int link) {
        List<Sample> all = new ArrayList<>(List.of(
                new Sample("program", "Start", new Input.Start()),
                new Sample("program", "CloseAsked", new Input.CloseAsked()),
                new Sample("program", "Decided " + link + " yes", new Input.Decided(link, true)),
                new Sample("program", "Decided " + link + " no", new Input.Decided(link, false)),
                new Sample("program", "DisconnectAsked " + link, new Input.DisconnectAsked(link)),
                new Sample(
                        "program", "ControlDecided " + link + " yes", new Input.ControlDecided(link, "hangup", true)),
                new Sample(
                        "program", "ControlDecided " + link + " no", new Input.ControlDecided(link, "hangup", false)),
                new Sample(
                        "program",
                        "TellAsked",
                        new Input.TellAsked(Recipient.everybody(), new Message.AudioMuted(true))),
                new Sample("program", "NetworkChanged", new Input.NetworkChanged()),
                new Sample("program", "DataAsked", Samples.data(Recipient.everybody())),
                new Sample("program", "DataAsked for nobody", Samples.data(Samples.NOBODY)),
                new Sample("ourselves", "MediaGone", new Input.MediaGone()),
                new Sample("ourselves", "EffectFailed", new Input.EffectFailed("CloseLink", "test")),
                new Sample("socket " + generation, "SocketOpened", opened(generation)),
                new Sample("socket " + generation, "SocketGone", gone(generation)),
                new Sample("socket " + (generation + 1), "SocketOpened", opened(generation + 1)),
                new Sample("socket " + (generation + 1), "SocketGone", gone(generation + 1))));
        for (Timer.Kind kind : Timer.Kind.values()) {
            Timer timer = Timer.of(kind, single(kind) ? 0 : link);
            all.add(new Sample("timer", Words.of(timer), new Input.TimerFired(timer)));
        }
        for (Message message : List.of(
                new Message.Listing(List.of()),
                new Message.StreamIdTaken(),
                new Message.IdentityRejected(),
                new Message.Notice("hello"),
                new Message.Malformed("test"),
                new Message.Ignored())) {
            all.add(of("server", message, server(generation, message)));
        }
        return all;
    }

    /** Whether there is only one timer of this kind. */
    static boolean single(Timer.Kind kind) {
        return switch (kind) {
            case DIAL, RECONNECT, LISTING, RESEED, REPEAT, SEAL, CLOSE -> true;
            case ANSWER, RELAY, CONNECT, APPROVAL, GRACE, PING, STATS, PICTURE, OFFER, ASK, RETRY -> false;
        };
    }

    private static List<Sample> link(int link, SessionDescription.Type ours) {
        String source = "link " + link;
        List<Sample> all = new ArrayList<>(List.of(
                new Sample(source, "LinkDescribed", described(link, ours)),
                new Sample(source, "LinkGathered", gathered(link))));
        for (LinkState state : LinkState.values()) {
            all.add(new Sample(source, "LinkChanged " + state, changed(link, state)));
        }
        all.add(new Sample(
                source, "CandidatesDropped, none of ours left", new Input.CandidatesDropped(link, true, false, "")));
        all.add(new Sample(
                source, "CandidatesDropped, none of theirs left", new Input.CandidatesDropped(link, false, true, "")));
        all.add(new Sample(source, "PathForbidden", new Input.PathForbidden(link, "host/udp")));
        all.add(new Sample(source, "ChannelOpened", new Input.ChannelOpened(link)));
        all.add(new Sample(source, "DataSettled", new Input.DataSettled(link, 1)));
        all.add(new Sample(source, "ChannelClosed", new Input.ChannelClosed(link)));
        all.add(new Sample(source, "MediaBegan", new Input.MediaBegan(link)));
        for (Operation operation : Operation.values()) {
            all.add(new Sample(source, "LinkFailed " + operation, new Input.LinkFailed(link, operation, "test")));
        }
        return all;
    }

    private static List<Sample> late(int link) {
        return List.of(
                new Sample("link " + (link + 1), "LinkChanged CONNECTED", connected(link + 1)),
                new Sample("link 99, which never was", "LinkChanged CONNECTED", connected(99)),
                new Sample("link 99, which never was", "ChannelReceived Bye", heard(99, new Message.Bye())));
    }
}
