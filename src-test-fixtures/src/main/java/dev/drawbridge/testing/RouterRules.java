package dev.drawbridge.testing;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Remembers one id, one stream and one room for each client and forwards by them.
 *
 * <p>Each row of the table of this shape (docs/protocol.md) is kept, the odd ones too: a later {@code from} is not checked, and a
 * refused joinroom has changed the room all the same. One is not: a frame that is JSON {@code null} is just ignored.
 */
final class RouterRules implements Rules {
    private static final Packet ID_TAKEN = Packet.text("{\"error\":\"uuid already in use\"}");
    private static final Packet STREAM_TAKEN = Packet.text("{\"error\":\"sid already in use\"}");
    private static final Packet STREAM_FIXED = Packet.text("{\"error\":\"can't change sid\"}");

    private static final class Seat {
        final Line line;

        @Nullable
        String id;

        @Nullable
        String stream;

        @Nullable
        String room;

        Seat(Line line) {
            this.line = line;
        }
    }

    private final Map<Line, Seat> seats = new HashMap<>();
    private final Map<String, Seat> byId = new HashMap<>();
    private final Map<String, Seat> byStream = new HashMap<>();

    /** The members of each room; those who are in none are under {@code null}. */
    private final Map<@Nullable String, Set<Seat>> rooms = new HashMap<>();

    @Override
    public void opened(Line line) {
        Seat seat = new Seat(line);
        seats.put(line, seat);
        enter(seat, null);
    }

    @Override
    public void received(Line line, Packet packet) {
        Seat seat = seats.get(line);
        Envelope envelope =
                packet.opcode() == Packet.TEXT ? Envelope.read(packet.payload()).orElse(null) : null;
        if (seat == null || envelope == null || envelope.from().isEmpty() || envelope.oversized()) {
            return;
        }
        if (seat.id == null && !register(seat, envelope.from().get())) {
            line.send(ID_TAKEN);
            return;
        }
        boolean joins = envelope.asks("joinroom");
        if (joins) {
            leave(seat);
            enter(seat, envelope.roomId().orElse("undefined"));
        }
        if (joins || envelope.asks("seed")) {
            Packet refusal = envelope.streamId().map(id -> claim(seat, id)).orElse(null);
            if (refusal != null) {
                line.send(refusal);
                return;
            }
        }
        forward(seat, envelope, packet);
    }

    @Override
    public void closed(Line line) {
        Seat seat = seats.remove(line);
        if (seat == null) {
            return;
        }
        leave(seat);
        if (seat.id != null) {
            byId.remove(seat.id);
        }
        if (seat.stream != null) {
            byStream.remove(seat.stream);
        }
    }

    private boolean register(Seat seat, String id) {
        if (byId.putIfAbsent(id, seat) != null) {
            return false;
        }
        seat.id = id;
        seat.line.named(id);
        return true;
    }

    /** Takes the stream id, or says why not. */
    private @Nullable Packet claim(Seat seat, String stream) {
        if (seat.stream != null) {
            return seat.stream.equals(stream) ? null : STREAM_FIXED;
        }
        if (byStream.putIfAbsent(stream, seat) != null) {
            return STREAM_TAKEN;
        }
        seat.stream = stream;
        return null;
    }

    private void forward(Seat sender, Envelope envelope, Packet packet) {
        boolean plays = envelope.asks("play");
        String target = envelope.uuid().orElse(null);
        String stream = envelope.streamId().orElse(null);
        if (target == null && !plays) {
            for (Seat member : rooms.getOrDefault(sender.room, Set.of())) {
                if (member != sender) {
                    member.line.send(packet);
                }
            }
            return;
        }
        Seat receiver = target != null ? byId.get(target) : byStream.get(stream);
        if (receiver == null || receiver == sender || !same(sender.room, receiver.room)) {
            return;
        }
        if (!plays || (stream != null && stream.equals(receiver.stream))) {
            receiver.line.send(packet);
        }
    }

    private void enter(Seat seat, @Nullable String room) {
        seat.room = room;
        rooms.computeIfAbsent(room, r -> new LinkedHashSet<>()).add(seat);
    }

    private void leave(Seat seat) {
        Set<Seat> members = rooms.get(seat.room);
        if (members != null) {
            members.remove(seat);
            if (members.isEmpty()) {
                rooms.remove(seat.room);
            }
        }
    }

    private static boolean same(@Nullable String one, @Nullable String other) {
        return one == null ? other == null : one.equals(other);
    }
}
