package dev.drawbridge.internal.runtime;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.AnnouncementRefused;
import dev.drawbridge.SessionEvent.AudioMuted;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.FileNotSent;
import dev.drawbridge.SessionEvent.FileOffered;
import dev.drawbridge.SessionEvent.LabelChanged;
import dev.drawbridge.SessionEvent.MaxPublishersReached;
import dev.drawbridge.SessionEvent.MemberJoined;
import dev.drawbridge.SessionEvent.MemberLeft;
import dev.drawbridge.SessionEvent.NoCommonCodec;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.SceneCommand;
import dev.drawbridge.SessionEvent.ServerNotice;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.SourceLost;
import dev.drawbridge.SessionEvent.SourceRestored;
import dev.drawbridge.SessionEvent.StreamAnnounced;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.TallyChanged;
import dev.drawbridge.SessionEvent.TurnExpired;
import dev.drawbridge.SessionEvent.TurnListFailed;
import dev.drawbridge.SessionEvent.VideoMuted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import java.util.Locale;

/** One line of log for an event; without stream ids and whatever else is not for a log. */
final class EventText {
    private EventText() {}

    static String of(SessionEvent event) {
        if (event instanceof ViewerRequested e) {
            return e.viewer() + " asked";
        } else if (event instanceof ViewerRefused e) {
            return e.viewer() + " was refused: " + words(e.reason())
                    + (e.detail().isEmpty() ? "" : " (" + e.detail() + ")");
        } else if (event instanceof ViewerJoined e) {
            return e.viewer() + " joined";
        } else if (event instanceof ViewerLeft e) {
            return e.viewer() + " left: " + words(e.reason());
        } else if (event instanceof StreamEnded e) {
            return "the stream ended: " + words(e.reason());
        } else if (event instanceof MemberJoined e) {
            return e.member() + " is in the room";
        } else if (event instanceof MemberLeft e) {
            return e.member() + " left the room";
        } else if (event instanceof StreamAnnounced e) {
            return e.member() + " publishes a stream";
        } else if (event instanceof MaxPublishersReached e) {
            return "more than " + e.most() + " streams in the room; the others wait";
        } else if (event instanceof SceneCommand e) {
            return "a director " + (e.shown() ? "shows" : "hides") + " a stream";
        } else if (event instanceof AnnouncementRefused e) {
            return "the stream id is taken; again in " + e.retryIn().toSeconds() + " s";
        } else if (event instanceof SignalingLost e) {
            return "the handshake server is lost (" + e.detail() + "); again in "
                    + e.retryIn().toMillis() + " ms";
        } else if (event instanceof ServerNotice e) {
            return "the handshake server says: " + e.text();
        } else if (event instanceof TurnListFailed e) {
            return "no list of TURN servers: " + e.detail();
        } else if (event instanceof NoCommonCodec e) {
            return "no common video codec: " + e.detail();
        } else if (event instanceof SourceLost e) {
            return "the source of " + words(e.kind()) + " delivers nothing any more";
        } else if (event instanceof SourceRestored e) {
            return "the source of " + words(e.kind()) + " is back";
        } else if (event instanceof TurnExpired e) {
            return "the credential of " + e.server() + " has expired";
        } else if (event instanceof FileOffered e) {
            return "a file of " + e.file().size() + " bytes is offered";
        } else if (event instanceof FileNotSent e) {
            return "a file was not sent: " + words(e.reason());
        } else if (event instanceof ProtocolViolation e) {
            return words(e.violation()) + ": " + e.detail();
        } else if (event instanceof TallyChanged e) {
            return e.viewer() + " tells how it uses the stream";
        } else if (event instanceof LabelChanged) {
            return "the other side has a name";
        } else if (event instanceof AudioMuted e) {
            return "the stream's sound is " + (e.muted() ? "muted" : "back");
        } else if (event instanceof VideoMuted e) {
            return "the stream's picture is " + (e.muted() ? "muted" : "back");
        } else if (event instanceof Closed e) {
            return closed(e.reason(), e.detail());
        }
        return words(event.getClass().getSimpleName().replaceAll("(?<=.)(?=\\p{Lu})", "_"));
    }

    static String closed(CloseReason reason, String detail) {
        return "closed: " + reason.text() + (detail.isEmpty() ? "" : " (" + detail + ")");
    }

    private static String words(Enum<?> value) {
        return words(value.name());
    }

    private static String words(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
