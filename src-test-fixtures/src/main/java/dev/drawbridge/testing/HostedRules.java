package dev.drawbridge.testing;

import com.squareup.moshi.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** The server owns the ids and knows streams, rooms, directors and the viewers that wait for a stream. */
final class HostedRules implements Rules {
    private static final Packet STREAM_TAKEN = alert("Stream ID is already in use.");
    private static final Packet STREAM_FIXED = alert("Stream ID cannot change on an existing connection.");

    /** Streams that one viewer may wait for at once; more are not remembered. */
    private static final int MAX_WAITING = 256;

    private static final class Member {
        final Line line;
        final String id;
        final Set<String> waitsFor = new HashSet<>();

        @Nullable
        String stream;

        @Nullable
        Room room;

        Member(Line line, String id) {
            this.line = line;
            this.id = id;
        }
    }

    private static final class Room {
        final String id;
        final Set<Member> members = new LinkedHashSet<>();

        @Nullable
        Member director;

        Room(String id) {
            this.id = id;
        }
    }

    private final Supplier<String> ids;
    private final Map<Line, Member> members = new HashMap<>();
    private final Map<String, Member> byId = new HashMap<>();
    private final Map<String, Member> byStream = new HashMap<>();
    private final Map<String, Room> rooms = new HashMap<>();
    private final Map<String, Set<Member>> waiting = new HashMap<>();

    /** @param ids gives each client its own */
    HostedRules(Supplier<String> ids) {
        this.ids = ids;
    }

    @Override
    public void opened(Line line) {
        Member member = new Member(line, ids.get());
        members.put(line, member);
        byId.put(member.id, member);
        line.named(member.id);
    }

    @Override
    public void received(Line line, Packet packet) {
        Member member = members.get(line);
        Envelope envelope =
                packet.opcode() == Packet.TEXT ? Envelope.read(packet.payload()).orElse(null) : null;
        if (member == null || envelope == null || envelope.oversized()) {
            return;
        }
        if (envelope.request().isEmpty()) {
            envelope.uuid().map(byId::get).ifPresent(target -> relay(member, target, packet));
            return;
        }
        switch (envelope.request().get()) {
            case "seed" -> envelope.streamId().ifPresent(stream -> seed(member, stream));
            case "play" -> envelope.streamId().ifPresent(stream -> play(member, stream));
            case "joinroom" ->
                envelope.roomId()
                        .flatMap(HostedRules::roomName)
                        .ifPresent(room -> join(member, room, envelope.claims()));
            case "migrate" ->
                envelope.target().map(byId::get).ifPresent(target -> envelope.roomId()
                        .flatMap(HostedRules::roomName)
                        .ifPresent(room -> migrate(member, target, room)));
            default -> {
                // A ping, or something newer than this server: no answer.
            }
        }
    }

    @Override
    public void closed(Line line) {
        Member member = members.remove(line);
        if (member == null) {
            return;
        }
        byId.remove(member.id);
        if (member.stream != null) {
            byStream.remove(member.stream);
        }
        for (String stream : member.waitsFor) {
            Set<Member> viewers = waiting.get(stream);
            if (viewers != null) {
                viewers.remove(member);
                if (viewers.isEmpty()) {
                    waiting.remove(stream);
                }
            }
        }
        leave(member);
    }

    private static void relay(Member sender, Member target, Packet packet) {
        target.line.send(new Packet(Packet.TEXT, Envelope.readdress(packet.payload(), sender.id)));
    }

    private void seed(Member member, String stream) {
        if (member.stream != null && !member.stream.equals(stream)) {
            member.line.send(STREAM_FIXED);
            return;
        }
        Member owner = byStream.putIfAbsent(stream, member);
        if (owner != null && owner != member) {
            member.line.send(STREAM_TAKEN);
            return;
        }
        member.stream = stream;
        if (member.room != null) {
            Map<String, Object> news = request("videoaddedtoroom");
            news.put("UUID", member.id);
            news.put("streamID", stream);
            tellOthers(member.room, member, news);
            return;
        }
        Set<Member> viewers = waiting.remove(stream);
        if (viewers != null) {
            for (Member viewer : viewers) {
                viewer.waitsFor.remove(stream);
                askForOffer(member, viewer);
            }
        }
    }

    private void play(Member viewer, String stream) {
        Member seeder = byStream.get(stream);
        if (seeder != null && (seeder.room == null || seeder.room == viewer.room)) {
            askForOffer(seeder, viewer);
        } else if (viewer.waitsFor.size() < MAX_WAITING) {
            viewer.waitsFor.add(stream);
            waiting.computeIfAbsent(stream, s -> new LinkedHashSet<>()).add(viewer);
        }
    }

    private void join(Member member, String name, boolean claims) {
        if (member.room != null) {
            return;
        }
        Room room = rooms.computeIfAbsent(name, Room::new);
        boolean claimed = claims && room.director == null;
        if (claimed) {
            room.director = member;
        }
        Map<String, Object> listing = listing("listing", room, member);
        if (claims) {
            listing.put("claim", claimed);
        }
        member.line.send(json(listing));
        enter(member, room);
    }

    private void migrate(Member director, Member target, String name) {
        Room from = director.room;
        if (from == null || from.director != director || target.room != from) {
            return;
        }
        leave(target);
        Room room = rooms.computeIfAbsent(name, Room::new);
        target.line.send(json(listing("transferred", room, target)));
        enter(target, room);
    }

    private static void enter(Member member, Room room) {
        member.room = room;
        room.members.add(member);
        Map<String, Object> news = request("someonejoined");
        news.put("UUID", member.id);
        if (room.director == member) {
            news.put("director", true);
        }
        if (member.stream != null) {
            news.put("streamID", member.stream);
        }
        tellOthers(room, member, news);
    }

    private void leave(Member member) {
        Room room = member.room;
        if (room == null) {
            return;
        }
        member.room = null;
        room.members.remove(member);
        if (room.director == member) {
            room.director = null;
        }
        if (room.members.isEmpty()) {
            rooms.remove(room.id);
        }
    }

    private static void askForOffer(Member seeder, Member viewer) {
        Map<String, Object> order = request("offerSDP");
        order.put("UUID", viewer.id);
        seeder.line.send(json(order));
    }

    private static void tellOthers(Room room, Member self, Map<String, Object> news) {
        Packet packet = json(news);
        for (Member other : room.members) {
            if (other != self) {
                other.line.send(packet);
            }
        }
    }

    private static Map<String, Object> listing(String request, Room room, Member reader) {
        Map<String, Object> listing = request(request);
        List<Map<String, Object>> list = new ArrayList<>();
        for (Member member : room.members) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("UUID", member.id);
            if (member.stream != null) {
                entry.put("streamID", member.stream);
            }
            list.add(entry);
        }
        listing.put("list", list);
        if (room.director != null && room.director != reader) {
            listing.put("director", room.director.id);
        }
        return listing;
    }

    private static Map<String, Object> request(String name) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("request", name);
        return fields;
    }

    private static Packet alert(String message) {
        Map<String, Object> fields = request("alert");
        fields.put("message", message);
        return json(fields);
    }

    /** Names of rooms are trimmed and do not know upper case. */
    private static Optional<String> roomName(String room) {
        return Optional.of(room.trim().toLowerCase(Locale.ROOT)).filter(name -> !name.isEmpty());
    }

    private static Packet json(Map<String, Object> fields) {
        Buffer out = new Buffer();
        try (JsonWriter writer = JsonWriter.of(out)) {
            writer.jsonValue(fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Packet(Packet.TEXT, out.readByteArray());
    }
}
