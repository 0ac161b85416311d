package dev.drawbridge.testing;

import dev.drawbridge.spi.Scheduler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A bad way between clients and their server. Each message, in either direction, may be lost, come twice, fall behind up to ten
 * later ones, be damaged and be late, all by chance from a seed. A message that was sent while there were faults may arrive after
 * their end.
 */
final class SimWire implements FakeServer.Wire {
    static final Duration LATEST = Duration.ofSeconds(5);
    private static final int MOST_BEHIND = 10;

    /** How likely each fault is for one message. */
    record Rates(double drop, double duplicate, double reorder, double corrupt, double delay) {
        static final Rates NONE = new Rates(0, 0, 0, 0, 0);
        /** As promised; for reordering and lateness, of which only the size is promised, one message in ten. */
        static final Rates PROMISED = new Rates(0.05, 0.05, 0.1, 0.02, 0.1);
    }

    /** A message that waits until others have overtaken it. */
    private static final class Held {
        private final Runnable release;
        private int behind;

        Held(int behind, Runnable release) {
            this.behind = behind;
            this.release = release;
        }
    }

    private record Lane(FakeConnection line, LogEntry.Direction way) {}

    private final Scheduler clock;
    private final Random chance;
    private final Rates rates;
    private final Instant until;
    private final boolean poisons;
    private final Duration latency;
    private final SimFaults faults;
    private final Map<Lane, List<Held>> held = new HashMap<>();

    /**
     * @param until no faults for what is sent from here on
     * @param poisons whether damage on the way up can make a client look like somebody else to the server
     * @param faults is told of each, and may forbid it
     */
    SimWire(Scheduler clock, Random chance, Rates rates, Instant until, boolean poisons, SimFaults faults) {
        this.clock = clock;
        this.chance = chance;
        this.rates = rates;
        this.until = until;
        this.poisons = poisons;
        this.latency = Duration.ofMillis(1 + chance.nextInt(60));
        this.faults = faults;
    }

    @Override
    public void carry(FakeConnection line, LogEntry.Direction way, Packet packet, Consumer<Packet> arrive) {
        Random own = new Random(
                chance.nextLong()); // one draw for each message, so that forbidding a fault changes no other's
        Lane lane = new Lane(line, way);
        overtake(lane);
        boolean drop = own.nextDouble() < rates.drop;
        boolean duplicate = own.nextDouble() < rates.duplicate;
        boolean reorder = own.nextDouble() < rates.reorder;
        boolean corrupt = own.nextDouble() < rates.corrupt;
        boolean delay = own.nextDouble() < rates.delay;
        boolean healthy = !(drop || duplicate || reorder || corrupt || delay);
        if (healthy || !clock.now().isBefore(until)) {
            clock.schedule(latency, () -> arrive.accept(packet));
            return;
        }
        String harm = (duplicate ? " duplicate" : "")
                + (reorder ? " reorder" : "")
                + (corrupt ? " corrupt" : "")
                + (delay ? " delay" : "");
        String what = drop ? "drop" : harm.strip();
        String whose = "connection " + line.number() + " " + (way == LogEntry.Direction.IN ? "up" : "down");
        if (!faults.happens(what + " " + subject(packet.words()) + ", " + whose)) {
            clock.schedule(latency, () -> arrive.accept(packet));
            return;
        }
        if (drop) {
            return;
        }
        Packet damaged = corrupt ? damaged(packet, own) : packet;
        if (corrupt && way == LogEntry.Direction.IN && !poisons && anotherIdentity(packet, damaged)) {
            return; // the server throws it away
        }
        Duration late = latency.plusMillis(delay ? own.nextInt((int) LATEST.toMillis()) : 0);
        if (reorder) {
            hold(lane, own, () -> clock.schedule(late, () -> arrive.accept(damaged)));
        } else {
            clock.schedule(late, () -> arrive.accept(damaged));
        }
        if (duplicate) {
            Duration again = latency.plusMillis(own.nextInt((int) LATEST.toMillis()));
            clock.schedule(again, () -> arrive.accept(packet));
        }
    }

    private void hold(Lane lane, Random own, Runnable release) {
        Held message = new Held(1 + own.nextInt(MOST_BEHIND), release);
        List<Held> others = held.computeIfAbsent(lane, l -> new ArrayList<>());
        others.add(message);
        // Where nobody comes to overtake it, it goes on all the same.
        clock.schedule(Duration.ofMillis(own.nextInt((int) LATEST.toMillis())), () -> {
            if (others.remove(message)) {
                release.run();
            }
        });
    }

    private void overtake(Lane lane) {
        List<Held> waiting = held.getOrDefault(lane, List.of());
        for (Held message : List.copyOf(waiting)) {
            if (--message.behind == 0) {
                waiting.remove(message);
                message.release.run();
            }
        }
    }

    /** Some bytes changed, a tail cut off, or a piece twice. */
    private static Packet damaged(Packet packet, Random own) {
        byte[] bytes = packet.payload().clone();
        if (bytes.length == 0) {
            return packet;
        }
        int at = own.nextInt(bytes.length);
        switch (own.nextInt(4)) {
            case 0 -> bytes = Arrays.copyOf(bytes, at);
            case 1 -> {
                byte[] twice = Arrays.copyOf(bytes, bytes.length + at);
                System.arraycopy(bytes, 0, twice, bytes.length, at);
                bytes = twice;
            }
            default -> {
                for (int i = 0; i <= own.nextInt(3); i++) {
                    bytes[own.nextInt(bytes.length)] ^= (byte) (1 << own.nextInt(8));
                }
            }
        }
        return Packet.text(new String(bytes, StandardCharsets.UTF_8));
    }

    /** A server takes a client for the one whose id it has read first, for as long as the connection lasts, and nobody can tell. */
    private static boolean anotherIdentity(Packet said, Packet read) {
        Optional<Envelope> before = Envelope.read(said.payload());
        Optional<Envelope> after = Envelope.read(read.payload());
        return after.isPresent()
                && !(before.flatMap(Envelope::from).equals(after.flatMap(Envelope::from))
                        && before.flatMap(Envelope::streamId).equals(after.flatMap(Envelope::streamId))
                        && before.flatMap(Envelope::roomId).equals(after.flatMap(Envelope::roomId)));
    }

    private static String subject(String text) {
        for (String word :
                List.of("joinroom", "seed", "play", "offerSDP", "listing", "description", "candidate", "bye")) {
            if (text.contains("\"" + word)) {
                return word.toLowerCase(Locale.ROOT);
            }
        }
        return "message";
    }
}
