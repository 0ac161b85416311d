package dev.drawbridge.internal.machine;

import dev.drawbridge.internal.machine.PublisherState.Admitted;
import dev.drawbridge.internal.machine.PublisherState.Candidate;
import dev.drawbridge.internal.machine.ViewerState.Feed;
import dev.drawbridge.internal.machine.ViewerState.Play;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** States in few words: the phase, and in brackets all that tells two states of a phase apart. */
final class Views {
    private Views() {}

    static String of(PublisherState state) {
        List<String> details = new ArrayList<>();
        if (state instanceof PublisherState.Open open) {
            details.add(of(open.server()));
            open.candidates().forEach(candidate -> details.add(of(candidate)));
            open.viewers().forEach(viewer -> details.add(of(viewer)));
        } else if (state instanceof PublisherState.Sealing sealing) {
            details.add("socket " + sealing.generation() + " is told to go");
            details.add(of(sealing.viewer()));
        } else if (state instanceof PublisherState.Sealed sealed) {
            details.add(of(sealed.viewer()));
        } else if (state instanceof PublisherState.Closing closing) {
            details.add(ending(closing.generation(), closing.mediaGone()));
            details.add(closing.reason().toString());
        } else if (state instanceof PublisherState.Closed closed) {
            details.add(closed.reason().toString());
        }
        return with(state.phase().name(), details);
    }

    static String of(ViewerState state) {
        List<String> details = new ArrayList<>();
        if (state instanceof ViewerState.Open open) {
            details.add(of(open.server()));
            open.feeds().forEach(feed -> details.add(of(feed)));
            open.room().members().forEach(member -> details.add(member.id() + (member.waits() ? " waits" : "")));
            if (open.early().count() > 0) {
                details.add(open.early().count() + " early candidate");
            }
        } else if (state instanceof ViewerState.Closing closing) {
            details.add(ending(closing.generation(), closing.mediaGone()));
            details.add(closing.reason().toString());
        } else if (state instanceof ViewerState.Closed closed) {
            details.add(closed.reason().toString());
        }
        return with(state.phase().name(), details);
    }

    private static String with(String phase, List<String> details) {
        return details.isEmpty() ? phase : phase + " (" + String.join(", ", details) + ")";
    }

    private static String of(Server server) {
        if (server instanceof Server.Dialing dialing) {
            return "dialing " + dialing.generation() + (dialing.restoring() ? " again" : "");
        } else if (server instanceof Server.Joining joining) {
            return "joining on " + joining.generation();
        } else if (server instanceof Server.Live live) {
            return "live on " + live.generation() + (live.refusals() == 0 ? "" : ", refused " + live.refusals() + "x");
        }
        Server.Away away = (Server.Away) server;
        return "away since " + away.last() + (away.gone() ? "" : ", which is not gone yet");
    }

    private static String of(Candidate candidate) {
        return "candidate " + candidate.link() + " " + candidate.stage().name().toLowerCase(Locale.ROOT)
                + (candidate.connected() ? " connected" : "")
                + candidate.said().map(said -> " called " + said.label()).orElse("");
    }

    private static String of(Admitted viewer) {
        return "viewer " + viewer.link() + (viewer.interrupted() ? " interrupted" : "")
                + (viewer.offering() ? " is offered anew" : "");
    }

    private static String of(Feed feed) {
        String asked = feed.asked() == 0 ? "" : " missed " + feed.asked() + "x";
        String lost = feed.losses() == 0 ? "" : " lost " + feed.losses() + "x";
        String play =
                feed.play().map(Views::of).orElse(feed.over() ? " is over" : feed.resting() ? " rests" : " wanted");
        return feed.stream().value() + play + asked + lost;
    }

    private static String of(Play play) {
        return " on link " + play.link()
                + (play.connected() ? play.interrupted() ? " interrupted" : " connected" : "")
                + (play.channelOpen() ? " channel open" : "")
                + (play.viaChannel() ? " offered over it" : "")
                + (play.secure() ? " sealed" : "");
    }

    private static String ending(int generation, boolean mediaGone) {
        String socket = generation == 0 ? "" : "socket " + generation;
        String media = mediaGone ? "" : generation == 0 ? "media" : " and media";
        return "waits for " + socket + media;
    }
}
