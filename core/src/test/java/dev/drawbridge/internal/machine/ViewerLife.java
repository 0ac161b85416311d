package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.candidates;
import static dev.drawbridge.internal.machine.Samples.certificate;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.gathered;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.sdp;
import static dev.drawbridge.internal.machine.Samples.server;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.machine.ViewerState.Feed;
import dev.drawbridge.internal.machine.ViewerState.Play;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.SessionDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A viewer's life in a world of publishers that come, go and return, and of others who offer in their name. */
final class ViewerLife extends Life<ViewerState> {
    /** Shared by all lives, which would spend half of their time making samples. */
    private static final Map<String, List<Sample>> NOISE = new ConcurrentHashMap<>();

    /** Who comes and goes in a room. */
    private static final List<StreamId> STRANGERS =
            List.of(StreamId.of("anna1"), StreamId.of("bert1"), StreamId.of("carl1"), StreamId.of("dora1"));

    private final ViewerRules rules;
    private final List<StreamId> known;
    private final Set<Integer> members = new HashSet<>();
    private final Map<String, String> streams = new HashMap<>();
    private final Map<Integer, String> carries = new HashMap<>();
    private final Set<Integer> sealedLinks = new HashSet<>();
    private final Set<String> over = new HashSet<>();
    private int offers;
    private int started;

    ViewerLife(ViewerRules rules, Random chance) {
        super(new ViewerMachine(rules), chance);
        this.rules = rules;
        known = rules.following().room() ? Lists.plusAll(rules.streams(), STRANGERS) : rules.streams();
    }

    int started() {
        return started;
    }

    // ---- the world

    @Override
    List<Input> plausible() {
        List<Input> next = new ArrayList<>();
        ViewerState state = driver.state();
        if (state instanceof ViewerState.Idle) {
            next.add(new Input.Start());
        } else if (state instanceof ViewerState.Open open) {
            ofServer(open.server(), next);
            open.feeds().forEach(feed -> of(feed, next));
            if (rules.room()) {
                inTheRoom(open.room(), next);
            }
        } else if (state instanceof ViewerState.Closing) {
            next.add(new Input.MediaGone());
            next.add(gone(sockets()));
        }
        return next;
    }

    /** Members come, publish, offer to newcomers, and are listed or not. */
    private void inTheRoom(Room room, List<Input> next) {
        StreamId stream = any(STRANGERS);
        String peer = "pub-" + stream.value() + (chance.nextInt(3) == 0 ? "-again" : "");
        next.add(says(sockets(), peer, new Message.Entered()));
        next.add(says(sockets(), peer, new Message.StreamAnnounced(stream)));
        next.add(says(sockets(), peer, Samples.offer(stream, "s" + ++offers, certificate(peer))));
        if (chance.nextInt(4) == 0) {
            List<Message.Listing.Member> listed = new ArrayList<>();
            room.members().stream()
                    .filter(member -> chance.nextInt(3) > 0)
                    .forEach(member -> listed.add(new Message.Listing.Member(member.peer(), member.stream())));
            listed.add(Samples.member("pub-" + stream.value(), stream));
            next.add(server(sockets(), new Message.Listing(listed)));
        }
    }

    private static void ofServer(Server server, List<Input> next) {
        if (server instanceof Server.Dialing dialing) {
            next.add(opened(dialing.generation()));
        } else if (server instanceof Server.Joining joining) {
            next.add(server(joining.generation(), new Message.Listing(List.of())));
        } else if (server instanceof Server.Away away) {
            next.add(away.gone() ? new Input.TimerFired(Timer.of(Timer.Kind.RECONNECT)) : gone(away.last()));
        }
    }

    private void of(Feed feed, List<Input> next) {
        String peer = "pub-" + feed.stream().value();
        if (feed.play().isEmpty()) {
            next.add(says(sockets(), peer, offer(feed, "s" + ++offers)));
            next.add(says(sockets(), peer, new Message.StreamAnnounced(feed.stream())));
            next.add(says(sockets(), peer, candidates(Side.PUBLISHER, "s" + (offers + 1), true)));
            return;
        }
        Play play = feed.play().get();
        int link = play.link();
        if (!play.connected()) {
            next.add(described(link, SessionDescription.Type.ANSWER));
            next.add(connected(link));
            next.add(new Input.ChannelOpened(link));
            next.add(new Input.MediaBegan(link));
            return;
        }
        next.add(play.interrupted() ? connected(link) : changed(link, LinkState.DISCONNECTED));
        next.add(heard(link, offer(feed, play.session().orElseThrow())));
        next.add(heard(link, new Message.Pipe("1")));
        next.add(gathered(link));
        next.add(Samples.data(Recipient.everybody()));
        if (chance.nextInt(4) == 0) {
            next.add(heard(link, new Message.Bye()));
            next.add(heard(link, new Message.PublisherInfo("cam", true)));
            next.add(says(sockets(), peer, offer(feed, "s" + ++offers)));
        }
    }

    private static Message offer(Feed feed, String session) {
        return new Message.Offer(
                Optional.of(feed.stream()),
                Optional.of(session),
                sdp(certificate("pub-" + feed.stream().value())),
                true);
    }

    @Override
    List<Sample> samples(int generation, int link) {
        String peer = "pub-" + any(known);
        String session = "s" + (1 + chance.nextInt(Math.min(offers + 1, 20)));
        String key = generation + " " + peer + " " + link + " " + session;
        return NOISE.computeIfAbsent(key, any -> Sample.forViewer(generation, peer, link, session));
    }

    @Override
    void observed(Input input) {
        if (input instanceof Input.ChannelReceived in
                && in.message() instanceof Message.PublisherInfo info
                && info.secure()
                && live.contains(in.link())) {
            sealedLinks.add(in.link());
        }
    }

    // ---- what must hold

    @Override
    void judge(Effect effect, Input cause) {
        boolean ofPublishers = effect instanceof Effect.MakeOffer
                || effect instanceof Effect.ReleaseMedia
                || effect instanceof Effect.RequestKeyFrame
                || effect instanceof Effect.LimitVideo
                || effect instanceof Effect.LimitAudio
                || effect instanceof Effect.AskApproval;
        must(!ofPublishers, "a viewer sends no media and makes no offers: %s", effect);
        if (effect instanceof Effect.OpenLink open) {
            String stream = open.stream().orElseThrow().value();
            must(!rules.following().except().contains(open.stream().get()), "%s is excluded", stream);
            must(!over.contains(stream), "%s ended for good", stream);
            boolean first = live.stream().noneMatch(link -> stream.equals(carries.get(link)));
            must(first, "a second link for %s", stream);
            carries.put(open.link(), stream);
        } else if (effect instanceof Effect.AcceptDescription accept) {
            must(accept.description().type() == SessionDescription.Type.OFFER, "only offers are accepted");
        } else if (effect instanceof Effect.SendSignal send && send.message() instanceof Message.Play play) {
            must(!streams.containsKey(play.stream().value()), "%s plays and is asked for", play.stream());
            must(!over.contains(play.stream().value()), "%s ended for good", play.stream());
            must(!rules.following().except().contains(play.stream()), "%s is excluded", play.stream());
        } else if (effect instanceof Effect.SendChannel send && send.message() instanceof Message.Pipe) {
            must(streams.containsKey(carries.get(send.link())), "data goes where a stream plays");
        } else if (effect instanceof Effect.Emit emit) {
            happened(emit.event());
        }
    }

    private void happened(SessionEvent event) {
        if (event instanceof SessionEvent.StreamStarted e) {
            becomes(e.stream(), "plays", "");
            started++;
        } else if (event instanceof SessionEvent.StreamInterrupted e) {
            becomes(e.stream(), "interrupted", "plays");
        } else if (event instanceof SessionEvent.StreamResumed e) {
            becomes(e.stream(), "plays", "interrupted");
        } else if (event instanceof SessionEvent.StreamEnded e) {
            must(streams.remove(e.stream().value()) != null, "%s ends before it began", e.stream());
            boolean sealed =
                    sealedLinks.stream().anyMatch(link -> e.stream().value().equals(carries.get(link)));
            // Who comes back into a room after a seal is somebody new.
            boolean named = rules.streams().contains(e.stream());
            boolean broken = e.reason() == SessionEvent.LeaveReason.SECURITY_VIOLATION;
            if (rules.once() || broken || (sealed && named)) {
                over.add(e.stream().value());
            }
        } else if (event instanceof SessionEvent.MediaStarted e) {
            must(streams.containsKey(e.stream().value()), "media of %s before it began", e.stream());
        } else if (event instanceof SessionEvent.DataReceived e) {
            must(streams.containsKey(e.from()), "data of %s before it began", e.from());
        } else if (event instanceof SessionEvent.StreamRequested e) {
            must(!streams.containsKey(e.stream().value()), "%s plays and is asked for", e.stream());
        } else if (event instanceof SessionEvent.MemberJoined e) {
            must(rules.room() && members.add(e.member().number()), "%s joined twice or nowhere", e.member());
        } else if (event instanceof SessionEvent.MemberLeft e) {
            must(members.remove(e.member().number()), "%s left without being there", e.member());
        } else if (event instanceof SessionEvent.StreamAnnounced e) {
            must(members.contains(e.member().number()), "%s publishes and is not there", e.member());
        } else if (event instanceof SessionEvent.Closed e) {
            must(streams.isEmpty(), "at the end: %s", streams);
            boolean ended = e.reason() == CloseReason.STREAM_ENDED;
            must(!ended || !rules.following().room(), "a room does not end with its streams");
        }
    }

    private void becomes(StreamId stream, String now, String before) {
        String was = streams.getOrDefault(stream.value(), "");
        must(was.equals(before), "%s was %s and becomes %s", stream, was, now);
        streams.put(stream.value(), now);
    }

    @Override
    void settled() {
        if (driver.state() instanceof ViewerState.Open open) {
            Set<Integer> known = new HashSet<>();
            open.feeds().forEach(feed -> feed.play().ifPresent(play -> known.add(play.link())));
            must(live.equals(known), "links %s live and %s are known", live, known);
            must(open.watched() <= rules.following().most(), "more streams than allowed: %s", open.watched());
            must(open.room().members().size() == members.size(), "the members are those that were told");
            Set<Integer> numbers = new HashSet<>();
            open.feeds().forEach(feed -> numbers.add(feed.number()));
            driver.timers().keySet().stream()
                    .filter(timer -> Asking.OF_FEEDS.contains(timer.kind()))
                    .forEach(timer -> must(numbers.contains(timer.subject()), "%s runs for nobody", timer));
            boolean seats = open.watched() < rules.following().most() && open.server() instanceof Server.Live;
            must(!seats || open.room().next().isEmpty(), "somebody waits beside a free place");
        }
    }
}
