package dev.drawbridge.internal.wire;

import static dev.drawbridge.fuzz.FuzzInput.holds;
import static dev.drawbridge.fuzz.FuzzInput.same;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.crypto.Keys;
import dev.drawbridge.internal.crypto.WebText;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The two ends of a conversation, one reading what a stranger made up, the other repeating it as its own. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes the maps
enum Ends {
    PUBLISHER(true, Optional.empty(), Codecs.KEYS),
    VIEWER(false, Optional.empty(), Codecs.KEYS),
    PUBLISHER_IN_ROOM(true, Optional.of("roomA"), Codecs.KEYS),
    VIEWER_IN_ROOM(false, Optional.of("roomA"), Codecs.KEYS),
    PUBLISHER_WITHOUT_KEYS(true, Optional.empty(), Codecs.NO_KEYS),
    VIEWER_WITHOUT_KEYS(false, Optional.empty(), Codecs.NO_KEYS);

    private static final String ME = "me";
    private static final String OTHER = "other";

    private final boolean publishing;
    private final Map<Dialect, WireCodec> readers = new EnumMap<>(Dialect.class);
    private final Map<Dialect, WireCodec> writers = new EnumMap<>(Dialect.class);

    Ends(boolean publishing, Optional<String> room, Keys keys) {
        this.publishing = publishing;
        Optional<StreamId> stream = Optional.of(Codecs.STREAM);
        for (Dialect dialect : Dialect.values()) {
            readers.put(dialect, Codecs.codec(dialect, ME, publishing ? stream : Optional.empty(), room, keys));
            writers.put(dialect, Codecs.codec(dialect, OTHER, publishing ? Optional.empty() : stream, room, keys));
        }
    }

    /** Any text of the server gives a message that a server may send, within its limits, and one of a peer survives a repetition. */
    void hear(Dialect dialect, String text) {
        Received received = readers.get(dialect).readSignal(text);
        Message message = received.message();
        MessageRules.bounded(message);
        received.from().ifPresent(from -> MessageRules.word(from.value()));
        holds(message instanceof Message.Malformed || MessageRules.depth(text) <= Limits.JSON_DEPTH, "too deep");
        if (fromServer(message)) {
            holds(received.from().isEmpty(), "the server's words from a peer");
            holds(dialect == Dialect.HOSTED || !(message instanceof Message.Listing), "a listing of nobody");
        } else if (message instanceof Message.OfferWanted || message instanceof Message.StreamAnnounced) {
            holds(received.from().isPresent(), "a request of nobody");
            holds(publishing || message instanceof Message.StreamAnnounced, "a viewer that is asked for an offer");
        } else if (fromPeer(message)) {
            holds(received.from().isPresent(), "a peer's words from nobody");
            boolean own = received.from().get().value().equals(ME);
            holds(dialect == Dialect.HOSTED || !own, "our own words");
            repeat(dialect, text, message);
        } else {
            holds(
                    message instanceof Message.Ignored
                            || message instanceof Message.Undecipherable
                            || message instanceof Message.Malformed,
                    "not for the handshake server: " + message);
        }
    }

    private void repeat(Dialect dialect, String text, Message message) {
        if (halves(text)) {
            return;
        }
        try {
            String again = writers.get(dialect).writeSignal(Codecs.peer(ME), message);
            same(readers.get(dialect).readSignal(again).message(), message, "repeated");
        } catch (MessageTooBigException e) {
            holds(e.size() > e.limit(), "too big");
        }
    }

    /** The same for the data channel. */
    void hearChannel(String text) {
        WireCodec reader = readers.get(Dialect.HOSTED);
        Message message = reader.readChannel(text);
        MessageRules.bounded(message);
        holds(message instanceof Message.Malformed || MessageRules.depth(text) <= Limits.JSON_DEPTH, "too deep");
        holds(!fromServer(message), "the server's words on the data channel");
        boolean dropped = message instanceof Message.Ignored
                || message instanceof Message.Undecipherable
                || message instanceof Message.Malformed
                || message instanceof Message.Privileged;
        if (dropped || halves(text)) {
            return;
        }
        try {
            same(reader.readChannel(writers.get(Dialect.HOSTED).writeChannel(message)), message, "repeated");
        } catch (MessageTooBigException e) {
            holds(e.size() > e.limit(), "too big");
        }
    }

    /** Half a surrogate pair has no UTF-8, so it is not repeated as it was. */
    private static boolean halves(String text) {
        return text.contains("\\u") || !WebText.wellFormed(text);
    }

    private static boolean fromServer(Message message) {
        return message instanceof Message.Listing
                || message instanceof Message.StreamIdTaken
                || message instanceof Message.IdentityRejected
                || message instanceof Message.Notice;
    }

    private static boolean fromPeer(Message message) {
        return message instanceof Message.Offer
                || message instanceof Message.Answer
                || message instanceof Message.Candidates
                || message instanceof Message.Bye
                || message instanceof Message.IceRestartRequest;
    }
}
