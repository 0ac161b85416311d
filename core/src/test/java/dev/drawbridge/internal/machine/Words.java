package dev.drawbridge.internal.machine;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.internal.wire.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Effects, events and inputs in few words, for assertions and for the generated tables. */
final class Words {
    private Words() {}

    /** All but the timers that are called off. */
    static List<String> of(List<Effect> effects) {
        List<String> words = new ArrayList<>();
        for (Effect effect : effects) {
            if (!(effect instanceof Effect.CancelTimer)) {
                words.add(of(effect));
            }
        }
        return words;
    }

    static String of(Effect effect) {
        if (effect instanceof Effect.OpenSocket open) {
            return "open socket " + open.generation();
        } else if (effect instanceof Effect.CloseSocket close) {
            return "close socket " + close.generation();
        } else if (effect instanceof Effect.CheckSocket check) {
            return "check socket " + check.generation();
        } else if (effect instanceof Effect.SendSignal send) {
            return "signal" + send.to().map(peer -> " " + peer.value()).orElse("") + " " + name(send.message());
        } else if (effect instanceof Effect.SendChannel send) {
            return "tell " + send.link() + " " + name(send.message());
        } else if (effect instanceof Effect.Emit emit) {
            return of(emit.event());
        } else if (effect instanceof Effect.StartTimer start) {
            return "start " + of(start.timer()) + " (" + of(start.delay()) + ")";
        } else if (effect instanceof Effect.CancelTimer cancel) {
            return "stop " + of(cancel.timer());
        } else if (effect instanceof Effect.SendData send) {
            return "send " + name(send.data()) + " to " + (send.links().isEmpty() ? "nobody" : send.links());
        } else if (effect instanceof Effect.RefuseData refuse) {
            return "refuse data: " + refuse.reason();
        } else if (effect instanceof Effect.CloseMedia) {
            return "close media";
        } else if (effect instanceof Effect.Finish) {
            return "finish";
        }
        return ofLink(effect);
    }

    private static String ofLink(Effect effect) {
        if (effect instanceof Effect.OpenLink open) {
            return "open link " + open.link();
        } else if (effect instanceof Effect.MakeOffer make) {
            return (make.iceRestart() ? "restart ICE on " : "make offer on ") + make.link();
        } else if (effect instanceof Effect.AcceptDescription accept) {
            return "accept " + lower(accept.description().type()) + " on " + accept.link();
        } else if (effect instanceof Effect.AddCandidates add) {
            return "add candidates on " + add.link();
        } else if (effect instanceof Effect.ReleaseMedia release) {
            return "release media on " + release.link();
        } else if (effect instanceof Effect.RequestKeyFrame request) {
            return "key frame on " + request.link();
        } else if (effect instanceof Effect.LimitVideo limit) {
            return "limit video on " + limit.link() + " to " + limit.kbps() + " kbps";
        } else if (effect instanceof Effect.LimitAudio limit) {
            return "limit audio on " + limit.link() + " to " + limit.kbps() + " kbps";
        } else if (effect instanceof Effect.CapVideo cap) {
            return "cap video on " + cap.link() + " at " + cap.kbps() + " kbps";
        } else if (effect instanceof Effect.CapAudio cap) {
            return "cap audio on " + cap.link() + " at " + cap.kbps() + " kbps";
        } else if (effect instanceof Effect.ScaleVideo scale) {
            return "scale video on " + scale.link() + " to " + scale.percent() + " %";
        } else if (effect instanceof Effect.FitVideo fit) {
            return "fit video on " + fit.link() + (fit.cover() ? " over " : " into ") + fit.width() + "x"
                    + fit.height();
        } else if (effect instanceof Effect.AnswerStats answer) {
            return "answer with the figures on " + answer.link();
        } else if (effect instanceof Effect.AskControl ask) {
            return "ask the program about " + ask.request().viewer() + "'s "
                    + ask.request().name();
        } else if (effect instanceof Effect.AskApproval ask) {
            return "ask the program about " + ask.request().viewer();
        } else if (effect instanceof Effect.CloseLink close) {
            return "close link " + close.link();
        } else if (effect instanceof Effect.FilesWanted wanted) {
            return "tell " + wanted.link() + " of files";
        } else if (effect instanceof Effect.FileHeard heard) {
            return "files: " + name(heard.message()) + " of " + heard.link();
        }
        throw new AssertionError("no words for " + effect);
    }

    static String of(SessionEvent event) {
        String name = event.getClass().getSimpleName();
        if (event instanceof SessionEvent.ViewerRequested e) {
            return name + " " + e.viewer();
        } else if (event instanceof SessionEvent.ViewerRefused e) {
            return name + " " + e.viewer() + " " + e.reason();
        } else if (event instanceof SessionEvent.ViewerJoined e) {
            return name + " " + e.viewer();
        } else if (event instanceof SessionEvent.ViewerInterrupted e) {
            return name + " " + e.viewer();
        } else if (event instanceof SessionEvent.ViewerResumed e) {
            return name + " " + e.viewer();
        } else if (event instanceof SessionEvent.ViewerLeft e) {
            return name + " " + e.viewer() + " " + e.reason();
        } else if (event instanceof SessionEvent.Sealed e) {
            return name + " " + e.viewer();
        } else if (event instanceof SessionEvent.StreamEnded e) {
            return name + " " + e.stream().value() + " " + e.reason();
        } else if (event instanceof SessionEvent.MemberJoined e) {
            return name + " " + e.member();
        } else if (event instanceof SessionEvent.MemberLeft e) {
            return name + " " + e.member();
        } else if (event instanceof SessionEvent.StreamAnnounced e) {
            return name + " " + e.member() + " " + e.stream().value();
        } else if (event instanceof SessionEvent.MaxPublishersReached e) {
            return name + " " + e.most();
        } else if (event instanceof SessionEvent.SceneCommand e) {
            return name + " " + e.scene() + " " + e.stream().value() + (e.shown() ? " shown" : " hidden");
        } else if (event instanceof SessionEvent.ProtocolViolation e) {
            return name + " " + e.violation();
        } else if (event instanceof SessionEvent.Closed e) {
            return name + " " + e.reason();
        }
        return name + stream(event).map(stream -> " " + stream).orElse("");
    }

    private static Optional<String> stream(SessionEvent event) {
        if (event instanceof SessionEvent.StreamRequested e) {
            return Optional.of(e.stream().value());
        } else if (event instanceof SessionEvent.StreamMissing e) {
            return Optional.of(e.stream().value() + " (" + of(e.retryIn()) + ")");
        } else if (event instanceof SessionEvent.StreamStarted e) {
            return Optional.of(e.stream().value());
        } else if (event instanceof SessionEvent.MediaStarted e) {
            return Optional.of(e.stream().value());
        } else if (event instanceof SessionEvent.NoPicture e) {
            return Optional.of(e.stream().value());
        } else if (event instanceof SessionEvent.NoCommonCodec e) {
            return Optional.of(e.stream().value());
        } else if (event instanceof SessionEvent.StreamInterrupted e) {
            return Optional.of(e.stream().value());
        } else if (event instanceof SessionEvent.StreamResumed e) {
            return Optional.of(e.stream().value());
        }
        return Optional.empty();
    }

    static String of(Timer timer) {
        return timer.kind() + (timer.subject() == 0 ? "" : " " + timer.subject());
    }

    static String of(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() / 1000.0 + " s";
    }

    static String name(Message message) {
        return message.getClass().getSimpleName();
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
