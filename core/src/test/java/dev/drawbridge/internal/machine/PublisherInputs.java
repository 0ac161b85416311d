package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.SESSION;
import static dev.drawbridge.internal.machine.Samples.answer;
import static dev.drawbridge.internal.machine.Samples.candidates;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.sdp;
import static dev.drawbridge.internal.machine.Samples.server;

import dev.drawbridge.ViewerId;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SignalingEnd;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every input that the world can come up with, the impossible ones too. */
final class PublisherInputs {
    private PublisherInputs() {}

    /**
     * Every kind of input of {@link Sample}, for everybody who is there, for links that are gone, that are next and that never
     * were, on the newest socket, the one before and the one after; and what one may say in somebody else's name.
     *
     * @param present peers by link
     * @param peers everybody there is
     * @param filters whether candidates may be taken out
     */
    static List<Input> all(Map<Integer, String> present, List<String> peers, int generation, boolean filters) {
        Set<Input> all = new LinkedHashSet<>();
        int next = present.keySet().stream().mapToInt(Integer::intValue).max().orElse(Situation.DEAD_LINK) + 1;
        List<Integer> links = new ArrayList<>(present.keySet());
        links.addAll(List.of(Situation.DEAD_LINK, next));
        for (int at = Math.max(1, generation - 1); at <= generation + 1; at++) {
            for (int link : links) {
                for (String peer : peers) {
                    if (peer.equals(present.getOrDefault(link, peer))) {
                        Sample.forPublisher(at, peer, link).forEach(sample -> all.add(sample.input()));
                    }
                    if (at == generation) {
                        answers(link, peer).forEach(message -> all.add(says(generation, peer, message)));
                    }
                }
            }
            for (SignalingEnd.Kind kind : SignalingEnd.Kind.values()) {
                all.add(new Input.SocketGone(at, Samples.end(kind)));
            }
            for (Message message : said()) {
                all.add(server(at, message));
            }
        }
        int probe = PublisherState.Open.PROBE;
        all.add(Samples.gathered(probe));
        all.add(new Input.TimerFired(Timer.of(Timer.Kind.RELAY, probe)));
        all.add(new Input.LinkFailed(probe, Operation.CREATE, "test"));
        all.add(Samples.data(Recipient.everybody(), "1".repeat(Situation.MUCH)));
        for (int link : links) {
            all.add(heard(link, new Message.Pong("of another ping")));
            for (Message message : answers(link, present.getOrDefault(link, peers.get(0)))) {
                all.add(heard(link, message));
            }
            all.add(Samples.data(
                    new Recipient.OneViewer(new ViewerId(link, present.getOrDefault(link, peers.get(0))))));
            all.add(new Input.DataSettled(link, Situation.MUCH));
            for (Timer.Kind kind : Timer.Kind.values()) {
                all.add(new Input.TimerFired(Sample.single(kind) ? Timer.of(kind) : Timer.of(kind, link)));
            }
        }
        return all.stream()
                .filter(input -> !ofNobody(input, peers))
                .filter(input -> filters || !(input instanceof Input.CandidatesDropped))
                .toList();
    }

    /** The samples know a carl, who is nobody if there are only two. */
    private static boolean ofNobody(Input input, List<String> peers) {
        return input instanceof Input.SignalReceived in
                && in.from().isPresent()
                && !peers.contains(in.from().get().value());
    }

    private static List<Message> said() {
        return Sample.forPublisher().stream()
                .map(Sample::input)
                .filter(Input.ChannelReceived.class::isInstance)
                .map(input -> ((Input.ChannelReceived) input).message())
                .distinct()
                .toList();
    }

    /** Answers and candidates for one link: the right ones, of others, of no session, of another session, in plain text. */
    private static List<Message> answers(int link, String peer) {
        Optional<String> session = Optional.of(SESSION + Integer.toString(link, 36));
        Optional<String> foreign = Optional.of("foreign");
        String sdp = sdp(Samples.certificate(peer));
        return List.of(
                answer(link, peer),
                answer(link, "eve"),
                answer(link, peer, false),
                new Message.Answer(Optional.empty(), sdp, true),
                new Message.Answer(foreign, sdp, true),
                new Message.Answer(session, "v=0\r\n", true),
                candidates(Side.VIEWER, session.get(), true),
                candidates(Side.VIEWER, session.get(), false),
                candidates(Side.VIEWER, foreign.get(), true),
                candidates(Side.PUBLISHER, session.get(), true));
    }
}
