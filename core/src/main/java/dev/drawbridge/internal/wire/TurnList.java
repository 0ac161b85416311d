package dev.drawbridge.internal.wire;

import com.squareup.moshi.JsonReader;
import dev.drawbridge.Secret;
import dev.drawbridge.internal.options.IceUrls;
import dev.drawbridge.spi.IceServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The public service's list of TURN servers (protocol 8). Who serves it is a stranger: what cannot be used is passed over, above all
 * addresses that are none, because such a one would end the process in the native library.
 */
public final class TurnList {
    private static final int MAX_ENTRIES = 256;
    private static final int MAX_URLS = 4;
    private static final int DAY = 1440;
    private static final int UDP = 2;
    private static final int TCP = 1;

    private final List<Entry> entries;

    private TurnList(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * One server.
     *
     * @param addresses of one machine, over several transports perhaps
     * @param zone where it is, in minutes west of UTC
     */
    private record Entry(List<IceServer> addresses, OptionalInt zone, boolean udp) {

        /** How far away it is by the clock; as far as can be if it does not say where it is. */
        int distance(int from) {
            if (zone.isEmpty()) {
                return DAY / 2;
            }
            int apart = Math.abs(zone.getAsInt() - from) % DAY;
            return Math.min(apart, DAY - apart);
        }

        Entry overTcp() {
            return new Entry(
                    addresses.stream()
                            .filter(server -> IceUrls.overTcp(server.url()))
                            .toList(),
                    zone,
                    udp);
        }
    }

    /** Reads a list; empty if it is none at all. */
    public static Optional<TurnList> read(String json) {
        try {
            return Optional.of(new TurnList(Json.read(json, TurnList::servers)));
        } catch (BadFrame e) {
            return Optional.empty();
        }
    }

    /**
     * The servers to use, as the web page chooses among those that it has kept: the nearest by time zone, at most two over UDP and one
     * over TCP or TLS. The page uses a list that has just come as a whole; we do not, since every server that is asked for a
     * relay learns our address and makes gathering longer.
     *
     * @param zone where we are, in minutes west of UTC
     * @param tcpOnly only what is reached over TCP or TLS
     * @return empty if there is none that can be used
     */
    public List<IceServer> nearest(int zone, boolean tcpOnly) {
        List<IceServer> chosen = new ArrayList<>();
        int udp = tcpOnly ? 0 : UDP;
        int tcp = TCP;
        for (Entry entry : byDistance(zone, tcpOnly)) {
            if (entry.udp() ? udp-- > 0 : tcp-- > 0) {
                chosen.addAll(entry.addresses());
            }
        }
        return chosen;
    }

    /** Of the same distance, in the order of the list. */
    private List<Entry> byDistance(int zone, boolean tcpOnly) {
        return entries.stream()
                .map(entry -> tcpOnly ? entry.overTcp() : entry)
                .filter(entry -> !entry.addresses().isEmpty())
                .sorted(Comparator.comparingInt(entry -> entry.distance(zone)))
                .toList();
    }

    private static List<Entry> servers(JsonReader reader) throws IOException, BadFrame {
        List<Entry> entries = new ArrayList<>();
        boolean found = false;
        reader.beginObject();
        while (reader.hasNext()) {
            if (reader.nextName().equals("servers")) {
                found = true;
                reader.beginArray();
                while (reader.hasNext()) {
                    entry(reader, entries);
                }
                reader.endArray();
            } else {
                Json.skip(reader, 1);
            }
        }
        reader.endObject();
        if (!found) {
            throw BadFrame.wrongType("servers");
        }
        return entries;
    }

    private static void entry(JsonReader reader, List<Entry> entries) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_OBJECT || entries.size() == MAX_ENTRIES) {
            Json.skip(reader, 2);
            return;
        }
        String username = "";
        String credential = "";
        List<String> urls = List.of();
        OptionalInt zone = OptionalInt.empty();
        Optional<Boolean> udp = Optional.empty();
        reader.beginObject();
        while (reader.hasNext()) {
            switch (reader.nextName()) {
                case "username" -> username = text(reader, 3);
                case "credential" -> credential = text(reader, 3);
                case "urls" -> urls = urls(reader);
                case "tz" -> zone = zone(reader);
                case "udp" -> udp = truth(reader);
                default -> Json.skip(reader, 3);
            }
        }
        reader.endObject();
        List<IceServer> usable = usable(username, credential, urls);
        if (!usable.isEmpty()) {
            boolean reachedOverUdp =
                    udp.orElseGet(() -> usable.stream().anyMatch(server -> !IceUrls.overTcp(server.url())));
            entries.add(new Entry(usable, zone, reachedOverUdp));
        }
    }

    private static List<IceServer> usable(String username, String credential, List<String> urls) {
        return urls.stream()
                .map(url -> new IceServer(IceUrls.normalised(url), username, Optional.of(Secret.of(credential))))
                .filter(IceUrls::usable)
                .distinct()
                .limit(MAX_URLS)
                .toList();
    }

    /** The text, or an empty one for what is none or too long. */
    private static String text(JsonReader reader, int depth) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.STRING) {
            Json.skip(reader, depth);
            return "";
        }
        String text = reader.nextString();
        return text.length() <= Limits.TURN_WORD && text.chars().noneMatch(Character::isISOControl) ? text : "";
    }

    private static List<String> urls(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BEGIN_ARRAY) {
            return List.of(text(reader, 3));
        }
        List<String> urls = new ArrayList<>();
        reader.beginArray();
        while (reader.hasNext()) {
            urls.add(text(reader, 4));
        }
        reader.endArray();
        return urls;
    }

    private static OptionalInt zone(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.NUMBER) {
            Json.skip(reader, 3);
            return OptionalInt.empty();
        }
        double minutes = reader.nextDouble();
        return Math.abs(minutes) <= DAY ? OptionalInt.of((int) Math.round(minutes)) : OptionalInt.empty();
    }

    private static Optional<Boolean> truth(JsonReader reader) throws IOException, BadFrame {
        if (reader.peek() != JsonReader.Token.BOOLEAN) {
            Json.skip(reader, 3);
            return Optional.empty();
        }
        return Optional.of(reader.nextBoolean());
    }
}
