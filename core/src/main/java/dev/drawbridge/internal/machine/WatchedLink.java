package dev.drawbridge.internal.machine;

import dev.drawbridge.RemoteControl;
import dev.drawbridge.SessionEvent.ChatReceived;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.LabelChanged;
import dev.drawbridge.SessionEvent.LeaveReason;
import dev.drawbridge.SessionEvent.TallyChanged;
import dev.drawbridge.SessionEvent.ViewerInterrupted;
import dev.drawbridge.SessionEvent.ViewerResumed;
import dev.drawbridge.ViewerId;
import dev.drawbridge.internal.ice.Fingerprints;
import dev.drawbridge.internal.machine.PublisherState.Admitted;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import java.util.List;
import java.util.Optional;

/** The publisher's dealings with one admitted viewer; the same with and without secure mode. Pure. */
final class WatchedLink {
    private static final String HANGUP = "hangup";

    private final PublisherTalk talk;

    WatchedLink(PublisherTalk talk) {
        this.talk = talk;
    }

    /** What became of the viewer: it stays, perhaps changed, or it leaves. */
    record Verdict(Admitted viewer, Optional<LeaveReason> leaves) {}

    private static Verdict stays(Admitted viewer) {
        return new Verdict(viewer, Optional.empty());
    }

    private static Verdict leaves(Admitted viewer, LeaveReason reason) {
        return new Verdict(viewer, Optional.of(reason));
    }

    /** An input that speaks of this viewer's link. */
    Verdict input(Admitted viewer, Input input, Effects out) {
        int link = viewer.link();
        if (input instanceof Input.ChannelReceived in) {
            return says(heard(viewer, in.message(), out), in.message(), false, out);
        }
        if (input instanceof Input.LinkChanged in) {
            return switch (in.state()) {
                case DISCONNECTED -> stays(becomes(viewer, viewer.down(true), out));
                case CONNECTED -> stays(becomes(viewer, viewer.down(false), out));
                case FAILED -> leaves(viewer, LeaveReason.LOST);
                case CONNECTING -> stays(viewer);
            };
        }
        if (input instanceof Input.DataSettled in) {
            return stays(viewer.with(viewer.pulse().settled(in.characters())));
        }
        if (input instanceof Input.TimerFired in) {
            return timer(viewer, in.timer().kind(), out);
        }
        if (input instanceof Input.PathForbidden) {
            return leaves(viewer, LeaveReason.FORBIDDEN_PATH);
        }
        if (input instanceof Input.ChannelClosed) {
            return leaves(viewer, LeaveReason.CHANNEL_CLOSED);
        }
        if (input instanceof Input.DisconnectAsked) {
            return leaves(viewer, LeaveReason.DISCONNECTED);
        }
        if (input instanceof Input.ControlDecided in) {
            return controlDecided(viewer, in, out);
        }
        if (input instanceof Input.LinkDescribed in) {
            out.channel(link, talk.offer(link, in.description().sdp()));
        } else if (input instanceof Input.LinkGathered in) {
            out.channel(link, talk.candidates(link, in.candidates()));
        } else if (input instanceof Input.LinkFailed in) {
            Reports.failed(in, out);
            // An offer that was not made or whose answer was refused must not block the next one.
            boolean over = in.operation() == Operation.OFFER || in.operation() == Operation.ACCEPT;
            return stays(over ? viewer.offering(false) : viewer);
        }
        return stays(viewer);
    }

    /** Both sides learn which addresses there are now, if the old path still carries the word. One at a time. */
    static Admitted restartIce(Admitted viewer, Effects out) {
        if (viewer.offering()) {
            return viewer;
        }
        out.add(new Effect.MakeOffer(viewer.link(), true));
        return viewer.offering(true);
    }

    /** Something that the viewer said, over its channel or still over the server. */
    Verdict says(Admitted viewer, Message message, boolean overServer, Effects out) {
        int link = viewer.link();
        if (message instanceof Message.Candidates found) {
            talk.candidates(link, found, overServer, out);
            return stays(viewer);
        }
        Reports.violations(message, out);
        if (overServer) {
            return stays(viewer); // all else comes over the viewer's own channel; the server could have made it up
        }
        if (message instanceof Message.Answer answer) {
            return answered(viewer, answer, out);
        }
        if (message instanceof Message.IceRestartRequest) {
            return stays(restartIce(viewer, out));
        }
        if (message instanceof Message.Bye) {
            return leaves(viewer, LeaveReason.BYE);
        }
        control(viewer, message, out);
        return stays(viewer);
    }

    private Verdict answered(Admitted viewer, Message.Answer answer, Effects out) {
        if (!talk.acceptable(viewer.link(), answer, false, out)) {
            return stays(viewer);
        }
        if (!Fingerprints.of(answer.sdp()).equals(viewer.fingerprints())) {
            Reports.fingerprintChanged(out);
            return leaves(viewer, LeaveReason.SECURITY_VIOLATION);
        }
        if (!viewer.offering()) {
            return stays(viewer);
        }
        talk.accept(viewer.link(), answer, out);
        return stays(viewer.offering(false));
    }

    private static void control(Admitted viewer, Message message, Effects out) {
        int link = viewer.link();
        wishes(link, message, out);
        if (message instanceof Message.Ping ping) {
            out.channel(link, new Message.Pong(ping.json()));
        } else if (message instanceof Message.KeyFrameRequest) {
            out.add(new Effect.RequestKeyFrame(link));
        } else if (message instanceof Message.StatsRequest wanted) {
            figures(link, wanted.often(), out);
        } else if (message instanceof Message.Privileged request) {
            out.add(new Effect.AskControl(link, new RemoteControl.Request(viewer.id(), request.name())));
        } else if (message instanceof Message.ViewerRequest request) {
            named(viewer.id(), request.label(), out);
            if (request.downloads()) {
                out.add(new Effect.FilesWanted(link));
            }
        } else if (message instanceof Message.LabelChange change) {
            out.emit(at -> new LabelChanged(at, viewer.id().toString(), change.label()));
        } else if (message instanceof Message.TallyReport report) {
            out.emit(at -> new TallyChanged(at, viewer.id(), report.tally()));
        } else if (message instanceof Message.Pipe pipe) {
            out.emit(at -> new DataReceived(at, viewer.id().toString(), pipe.json()));
        } else if (message instanceof Message.Chat chat) {
            out.emit(at -> new ChatReceived(at, viewer.id().toString(), chat.text()));
        } else if (message instanceof Message.OfFiles files) {
            out.add(new Effect.FileHeard(link, files));
        }
    }

    /** What a viewer wants of our encoder. Ours to follow or not, so there is no answer. */
    static void wishes(int link, Message message, Effects out) {
        if (message instanceof Message.BitrateRequest wanted) {
            out.add(new Effect.LimitVideo(link, wanted.kbps()));
        } else if (message instanceof Message.AudioBitrateRequest wanted) {
            out.add(new Effect.LimitAudio(link, wanted.kbps()));
        } else if (message instanceof Message.BitrateCeiling most) {
            out.add(new Effect.CapVideo(link, most.kbps()));
        } else if (message instanceof Message.AudioBitrateCeiling most) {
            out.add(new Effect.CapAudio(link, most.kbps()));
        } else if (message instanceof Message.ScaleRequest wanted) {
            out.add(new Effect.ScaleVideo(link, wanted.percent()));
        } else if (message instanceof Message.ResolutionRequest wanted) {
            out.add(new Effect.FitVideo(link, wanted.width(), wanted.height(), wanted.cover()));
        } else if (message instanceof Message.ViewerRequest request) {
            request.size().ifPresent(size -> wishes(link, size, out));
        }
    }

    /** What it calls itself, if anything. */
    static void named(ViewerId viewer, String label, Effects out) {
        if (!label.isEmpty()) {
            out.emit(at -> new LabelChanged(at, viewer.toString(), label));
        }
    }

    private static void figures(int link, Message.StatsRequest.Often often, Effects out) {
        Timer timer = Timer.of(Timer.Kind.STATS, link);
        switch (often) {
            case ONCE -> out.add(new Effect.AnswerStats(link));
            case AGAIN_AND_AGAIN -> {
                out.add(new Effect.AnswerStats(link));
                out.start(timer, Times.STATS);
            }
            case NO_MORE -> out.cancel(timer);
        }
    }

    /** A viewer who may hang up is let go as if the program had thought of it by itself. */
    private static Verdict controlDecided(Admitted viewer, Input.ControlDecided in, Effects out) {
        if (!in.allowed()) {
            out.channel(viewer.link(), new Message.Rejected(in.name()));
            return stays(viewer);
        }
        out.channel(viewer.link(), new Message.Approved(in.name()));
        return in.name().equals(HANGUP) ? leaves(viewer, LeaveReason.DISCONNECTED) : stays(viewer);
    }

    /** Something of the protocol, for those of these viewers whom it is for. */
    static void tell(List<Admitted> viewers, Input.TellAsked asked, Effects out) {
        viewers.stream()
                .filter(viewer -> asked.to().means(viewer.id()))
                .forEach(viewer -> out.channel(viewer.link(), asked.message()));
    }

    /** Data of the program, for those of these viewers whom it is for. */
    static List<Admitted> data(List<Admitted> viewers, Input.DataAsked asked, Effects out) {
        out.data(
                asked,
                viewers.stream()
                        .filter(viewer -> asked.to().means(viewer.id()))
                        .map(Admitted::link)
                        .toList());
        return viewers.stream()
                .map(viewer -> asked.to().means(viewer.id())
                        ? viewer.with(viewer.pulse().sent(asked.data().characters()))
                        : viewer)
                .toList();
    }

    // ---- whether it is there ----------------------------------------------------------------------------------------

    private static Verdict timer(Admitted viewer, Timer.Kind kind, Effects out) {
        if (kind == Timer.Kind.PING) {
            return stays(tick(viewer, out));
        }
        if (kind == Timer.Kind.STATS) {
            figures(viewer.link(), Message.StatsRequest.Often.AGAIN_AND_AGAIN, out);
            return stays(viewer);
        }
        if (kind != Timer.Kind.GRACE || !viewer.interrupted()) {
            return stays(viewer);
        }
        if (viewer.down()) {
            return leaves(viewer, LeaveReason.LOST);
        }
        // Silent on a path that stands: a page whose script is stopped, for instance. Who is dead has lost its path by
        // now.
        out.start(Timer.of(Timer.Kind.GRACE, viewer.link()), Times.GRACE);
        return stays(viewer);
    }

    /** Once a second, from the admission on. */
    static Admitted tick(Admitted viewer, Effects out) {
        out.start(Timer.of(Timer.Kind.PING, viewer.link()), Times.PING);
        Pulse pulse = viewer.pulse().tick();
        if (pulse.ping() > viewer.pulse().ping()) {
            out.channel(viewer.link(), new Message.Ping(Integer.toString(pulse.ping())));
        }
        return becomes(viewer, viewer.with(pulse), out);
    }

    private static Admitted heard(Admitted viewer, Message message, Effects out) {
        Pulse pulse = viewer.pulse().heard();
        boolean pong = message instanceof Message.Pong;
        Pulse now = pong ? pulse.answered(((Message.Pong) message).json()) : pulse;
        return becomes(viewer, viewer.with(now), out);
    }

    /** The path and the silence are one interruption, told once. */
    private static Admitted becomes(Admitted was, Admitted is, Effects out) {
        if (is.interrupted() && !was.interrupted()) {
            out.emit(at -> new ViewerInterrupted(at, is.id()));
            out.start(Timer.of(Timer.Kind.GRACE, is.link()), Times.GRACE);
        } else if (!is.interrupted() && was.interrupted()) {
            out.cancel(Timer.of(Timer.Kind.GRACE, is.link()));
            out.emit(at -> new ViewerResumed(at, is.id()));
        }
        return is;
    }
}
