package dev.drawbridge.testing;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.AnnouncementRefused;
import dev.drawbridge.SessionEvent.AudioMuted;
import dev.drawbridge.SessionEvent.ChatReceived;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.FileNotSent;
import dev.drawbridge.SessionEvent.FileOffered;
import dev.drawbridge.SessionEvent.FileSent;
import dev.drawbridge.SessionEvent.LabelChanged;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.MemberJoined;
import dev.drawbridge.SessionEvent.MemberLeft;
import dev.drawbridge.SessionEvent.NoPicture;
import dev.drawbridge.SessionEvent.RemoteStats;
import dev.drawbridge.SessionEvent.RoomEntered;
import dev.drawbridge.SessionEvent.SceneCommand;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ServerNotice;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionEvent.StreamAnnounced;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.StreamInterrupted;
import dev.drawbridge.SessionEvent.StreamMissing;
import dev.drawbridge.SessionEvent.StreamRequested;
import dev.drawbridge.SessionEvent.StreamResumed;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.TallyChanged;
import dev.drawbridge.SessionEvent.VideoMuted;
import dev.drawbridge.SessionEvent.ViewerInterrupted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionEvent.ViewerResumed;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The order in which the events of one session may come, checked event by event. Refused is not left:
 *
 * <pre>{@code
 * viewer of a publisher   Requested ( Refused | Joined ( Interrupted Resumed )* Interrupted? Left )
 * stream of a viewer      ( Started ( Interrupted Resumed )* Interrupted? Ended )*
 * member of a room        Joined Announced* Left?, all of it after RoomEntered or, at a publisher, Announced
 * session                 anything* Closed
 * secure session          ... Joined Sealed? Left Closed, with one Joined at most and nothing of the server after it
 * }</pre>
 *
 * <p>A listener that breaks a test must do so on the test's thread, so this is best fed from {@link dev.drawbridge.Session#events}
 * or an {@link EventRecorder} when the session is over. The memory that it takes is that of the viewers, streams and members it heard of.
 *
 * <p><b>Thread:</b> one at a time. <b>Blocking:</b> nothing.
 */
public final class EventGrammar implements Consumer<SessionEvent> {
    private static final String NEVER = "unheard of";
    private static final Set<String> PRESENT = Set.of("joined", "interrupted");

    private final boolean secure;
    private final Map<String, String> viewers = new TreeMap<>();
    private final Map<String, String> streams = new TreeMap<>();
    private final Map<String, String> members = new TreeMap<>();
    private int requests;
    private boolean found;
    private boolean joined;
    private boolean left;
    private boolean sealed;
    private boolean lost;
    private boolean entered;
    private boolean closed;

    private EventGrammar(boolean secure) {
        this.secure = secure;
    }

    /** For a session of any kind. Whether it is secure shows at its seal, and is held against everything from there on. */
    public static EventGrammar of() {
        return new EventGrammar(false);
    }

    /** For a publisher in secure mode. */
    public static EventGrammar ofSecure() {
        return new EventGrammar(true);
    }

    /**
     * Checks the events of a whole session.
     *
     * @throws AssertionError if they are in no order that is allowed, or {@code Closed} is missing
     */
    public static void check(boolean secure, List<SessionEvent> events) {
        EventGrammar grammar = new EventGrammar(secure);
        try {
            events.forEach(grammar);
            must(grammar.closed, "the session never closed");
        } catch (AssertionError broken) {
            throw new AssertionError(broken.getMessage() + "; the session: " + EventRecorder.story(events), broken);
        }
    }

    /** Whether the session has closed. */
    public boolean isClosed() {
        return closed;
    }

    /** @throws AssertionError if this event must not come now */
    @Override
    public void accept(SessionEvent event) {
        String name = event.getClass().getSimpleName();
        must(!closed, name + " after Closed");
        must(!(sealed || (secure && joined)) || !speaksOfServer(event), name + " after the bridge went up");
        must(!(left && (secure || sealed)) || event instanceof Closed, name + " after the only viewer left");
        if (event instanceof Closed) {
            viewers.forEach((viewer, is) -> must(is.equals("refused") || is.equals("left"), viewer + " was " + is));
            streams.forEach((stream, is) -> must(is.equals("ended"), "stream " + stream + " was " + is));
            closed = true;
        } else if (!ofViewer(event)) {
            ofServer(event);
            ofStream(event);
            ofMember(event);
        }
    }

    private static boolean speaksOfServer(SessionEvent event) {
        return event instanceof Announced
                || event instanceof AnnouncementRefused
                || event instanceof SignalingLost
                || event instanceof SignalingRestored
                || event instanceof MemberJoined
                || event instanceof MemberLeft
                || event instanceof StreamAnnounced
                || event instanceof ServerNotice
                || event instanceof ViewerRequested
                || event instanceof ViewerRefused
                || event instanceof ViewerJoined;
    }

    // ---- viewers of a publisher -------------------------------------------------------------------------------------

    private boolean ofViewer(SessionEvent event) {
        if (event instanceof ViewerRequested e) {
            must(found, "ViewerRequested before there was an announcement");
            requests++;
            must(e.viewer().number() == requests, e.viewer() + " is not the next number after " + (requests - 1));
            becomes(viewers, e.viewer().toString(), "requested", Set.of(NEVER));
        } else if (event instanceof ViewerRefused e) {
            becomes(viewers, e.viewer().toString(), "refused", Set.of("requested"));
        } else if (event instanceof ViewerJoined e) {
            becomes(viewers, e.viewer().toString(), "joined", Set.of("requested"));
            joined = true;
            must(
                    !secure || !viewers.containsValue("requested"),
                    "a candidate stays beside the only viewer: " + viewers);
        } else if (event instanceof ViewerInterrupted e) {
            becomes(viewers, e.viewer().toString(), "interrupted", Set.of("joined"));
        } else if (event instanceof ViewerResumed e) {
            becomes(viewers, e.viewer().toString(), "joined", Set.of("interrupted"));
        } else if (event instanceof ViewerLeft e) {
            becomes(viewers, e.viewer().toString(), "left", PRESENT);
            left = true;
        } else if (event instanceof Sealed e) {
            must(!sealed, "Sealed twice");
            must(PRESENT.contains(viewers.getOrDefault(e.viewer().toString(), NEVER)), "Sealed without " + e.viewer());
            sealed = true;
        } else {
            return false;
        }
        return true;
    }

    // ---- server and streams -----------------------------------------------------------------------------------------

    private void ofServer(SessionEvent event) {
        if (event instanceof Announced) {
            found = true;
        } else if (event instanceof AnnouncementRefused) {
            must(found, "AnnouncementRefused before there was an announcement");
        } else if (event instanceof SignalingLost) {
            lost = true;
        } else if (event instanceof SignalingRestored) {
            must(lost, "SignalingRestored without SignalingLost");
            lost = false;
            found = true;
        }
    }

    private void ofStream(SessionEvent event) {
        if (event instanceof StreamRequested e) {
            String is = streams.getOrDefault(e.stream().value(), NEVER);
            must(!PRESENT.contains(is), "StreamRequested for " + e.stream() + ", which was " + is);
        } else if (event instanceof StreamMissing e) {
            String is = streams.getOrDefault(e.stream().value(), NEVER);
            must(!PRESENT.contains(is), "StreamMissing for " + e.stream() + ", which was " + is);
        } else if (event instanceof StreamStarted e) {
            becomes(streams, e.stream().value(), "joined", Set.of(NEVER, "ended"));
        } else if (event instanceof MediaStarted e) {
            String is = streams.getOrDefault(e.stream().value(), NEVER);
            must(PRESENT.contains(is), "MediaStarted of " + e.stream() + ", which was " + is);
        } else if (event instanceof NoPicture e) {
            there(e.stream().value(), "NoPicture");
        } else if (event instanceof StreamInterrupted e) {
            becomes(streams, e.stream().value(), "interrupted", Set.of("joined"));
        } else if (event instanceof StreamResumed e) {
            becomes(streams, e.stream().value(), "joined", Set.of("interrupted"));
        } else if (event instanceof StreamEnded e) {
            becomes(streams, e.stream().value(), "ended", PRESENT);
        } else if (event instanceof DataReceived e) {
            there(e.from(), "DataReceived");
        } else if (event instanceof ChatReceived e) {
            there(e.from(), "ChatReceived");
        } else if (event instanceof FileOffered e) {
            there(e.file().from(), "FileOffered");
        } else if (event instanceof FileSent e) {
            there(e.to(), "FileSent");
        } else if (event instanceof FileNotSent e) {
            there(e.to(), "FileNotSent");
        } else if (event instanceof LabelChanged e) {
            there(e.from(), "LabelChanged");
        } else if (event instanceof TallyChanged e) {
            there(e.viewer().toString(), "TallyChanged");
        } else if (event instanceof AudioMuted e) {
            there(e.stream().value(), "AudioMuted");
        } else if (event instanceof VideoMuted e) {
            there(e.stream().value(), "VideoMuted");
        } else if (event instanceof RemoteStats e) {
            there(e.stream().value(), "RemoteStats");
        }
    }

    // ---- members of a room ------------------------------------------------------------------------------------------

    private void ofMember(SessionEvent event) {
        if (event instanceof RoomEntered) {
            must(!entered, "RoomEntered twice");
            entered = true;
        } else if (event instanceof MemberJoined e) {
            must(entered || found, "MemberJoined before RoomEntered and Announced");
            becomes(members, e.member().toString(), "there", Set.of(NEVER));
        } else if (event instanceof MemberLeft e) {
            becomes(members, e.member().toString(), "gone", Set.of("there"));
        } else if (event instanceof StreamAnnounced e) {
            becomes(members, e.member().toString(), "there", Set.of("there"));
        } else if (event instanceof SceneCommand e) {
            there(e.from().value(), "SceneCommand");
        }
    }

    private void there(String from, String name) {
        boolean there = PRESENT.contains(viewers.getOrDefault(from, NEVER))
                || PRESENT.contains(streams.getOrDefault(from, NEVER));
        must(there, name + " of " + from + ", which is not there");
    }

    private static void becomes(Map<String, String> all, String who, String now, Set<String> before) {
        String was = all.getOrDefault(who, NEVER);
        must(before.contains(was), who + " was " + was + " and becomes " + now);
        all.put(who, now);
    }

    private static void must(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
