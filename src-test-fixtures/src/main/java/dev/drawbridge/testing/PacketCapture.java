package dev.drawbridge.testing;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every packet that a host of {@link NetworkNamespaces} sends and receives, by tcpdump.
 *
 * <p><b>Thread:</b> any. <b>Blocking:</b> {@code await} and {@code stop}, up to 10 s. <b>Bounds:</b> none; everything is kept in memory.
 */
public final class PacketCapture implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String END = "end of the capture";
    private static final Pattern DROPPED = Pattern.compile("(\\d+) packets dropped by kernel");
    private static final int FILE_HEADER = 24;
    private static final int PACKET_HEADER = 16;
    private static final int MAX_PACKET = 1 << 18;

    private final NetworkNamespaces.Host host;
    private final Process process;
    private final DataInputStream output;
    // Guarded by this:
    private final List<Packet> packets = new ArrayList<>();
    private boolean over;

    /** Between whom a packet went, above the network's own housekeeping. */
    public enum Protocol {
        /** ARP, and of ICMPv6 what takes its place: how neighbours and groups are found. */
        HOUSEKEEPING,
        /** UDP. */
        UDP,
        /** TCP. */
        TCP,
        /** All else. */
        OTHER
    }

    /**
     * One packet.
     *
     * @param outgoing whether this host sent it
     * @param from an address without a port; empty for what is neither IPv4 nor IPv6
     * @param to likewise
     * @param fromPort 0 unless it is UDP or TCP
     * @param toPort likewise
     * @param payload of UDP or TCP
     * @param bytes all of it, from the Ethernet header on
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Packet(
            Instant at,
            boolean outgoing,
            Protocol protocol,
            String from,
            int fromPort,
            String to,
            int toPort,
            byte[] payload,
            byte[] bytes) {

        /** {@code UDP 198.51.100.2 to 198.51.100.3:3478}, without the port of whoever sent it. */
        @Override
        public String toString() {
            return protocol + " " + from + " to " + to + (toPort == 0 ? "" : ":" + toPort);
        }
    }

    PacketCapture(NetworkNamespaces.Host host) {
        this.host = host;
        List<String> command = new ArrayList<>(host.inside());
        // Each packet at once, as it is. The usual buffer of 2 MiB holds 32 of them, too few on a busy machine.
        // Root stays root, since files are none of this.
        command.addAll(List.of(
                SystemProgram.find("tcpdump", "tcpdump"),
                "--immediate-mode",
                "--buffer-size=32768",
                "-U",
                "-Z",
                "root",
                "-i",
                "eth0",
                "-w",
                "-"));
        try {
            process = new ProcessBuilder(command).start();
            output = new DataInputStream(process.getInputStream());
            // It writes this when the packets begin to come.
            if (output.readNBytes(FILE_HEADER).length < FILE_HEADER) {
                throw new AssertionError("tcpdump does not listen: " + complaint());
            }
        } catch (IOException e) {
            throw new AssertionError("tcpdump does not run", e);
        }
        Thread reader = new Thread(this::read, "drawbridge-server-capture");
        reader.setDaemon(true);
        reader.start();
    }

    private String complaint() throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private void read() {
        try {
            while (true) {
                byte[] header = new byte[PACKET_HEADER];
                output.readFully(header);
                ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.nativeOrder());
                Instant at = Instant.ofEpochSecond(fields.getInt(0), fields.getInt(4) * 1_000L);
                int length = fields.getInt(8);
                if (length > MAX_PACKET) {
                    throw new IOException("a packet of " + length + " bytes");
                }
                byte[] bytes = new byte[length];
                output.readFully(bytes);
                add(packet(at, bytes));
            }
        } catch (EOFException e) {
            // It was stopped.
        } catch (IOException e) {
            System.err.println("the capture ended: " + e.getMessage());
        } finally {
            end();
        }
    }

    private synchronized void add(Packet packet) {
        packets.add(packet);
        notifyAll();
    }

    private synchronized void end() {
        over = true;
        notifyAll();
    }

    /** What came so far, in order. */
    public synchronized List<Packet> packets() {
        return List.copyOf(packets);
    }

    /**
     * Waits until such a packet has come, and returns the first one. <b>Blocking:</b> up to 10 s.
     *
     * @throws AssertionError if it has not come by then
     */
    public synchronized Packet await(Predicate<Packet> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int seen = 0;
        while (true) {
            for (; seen < packets.size(); seen++) {
                if (wanted.test(packets.get(seen))) {
                    return packets.get(seen);
                }
            }
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (over || millis <= 0) {
                throw new AssertionError("no such packet among " + packets.size());
            }
            wait(millis);
        }
    }

    /**
     * Ends it and returns everything up to now, in order, but for the packet by which it knows that nothing is missing.
     *
     * @throws AssertionError if a packet was lost on the way to the capture
     */
    public List<Packet> stop() throws IOException, InterruptedException {
        host.say(END);
        Packet last = await(packet -> new String(packet.payload(), StandardCharsets.UTF_8).equals(END));
        List<Packet> all = packets();
        process.toHandle().destroy(); // leaves its streams open, for its last words
        String farewell = complaint();
        Matcher dropped = DROPPED.matcher(farewell);
        if (!dropped.find() || !dropped.group(1).equals("0")) {
            throw new AssertionError("packets were lost: " + farewell);
        }
        return all.subList(0, all.indexOf(last));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    // ---- packets

    private Packet packet(Instant at, byte[] bytes) throws UnknownHostException {
        boolean outgoing = HexFormat.ofDelimiter(":").formatHex(bytes, 6, 12).equals(host.mac());
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        return switch (frame.getShort(12) & 0xffff) {
            case 0x0800 -> {
                int length = (bytes[14] & 0xf) * 4;
                yield packet(
                        at, outgoing, bytes, bytes[23] & 0xff, 26, 4, 14 + length, 14 + (frame.getShort(16) & 0xffff));
            }
            case 0x86dd ->
                packet(at, outgoing, bytes, bytes[20] & 0xff, 22, 16, 54, 54 + (frame.getShort(18) & 0xffff));
            case 0x0806 -> new Packet(at, outgoing, Protocol.HOUSEKEEPING, "", 0, "", 0, new byte[0], bytes);
            default -> new Packet(at, outgoing, Protocol.OTHER, "", 0, "", 0, new byte[0], bytes);
        };
    }

    private static Packet packet(
            Instant at, boolean outgoing, byte[] bytes, int number, int addresses, int size, int inner, int end)
            throws UnknownHostException {
        String from = address(bytes, addresses, size);
        String to = address(bytes, addresses + size, size);
        Protocol protocol =
                switch (number) {
                    case 17 -> Protocol.UDP;
                    case 6 -> Protocol.TCP;
                    // Behind options of the hop: that a host listens to a group.
                    case 0 -> Protocol.HOUSEKEEPING;
                    case 58 -> NEIGHBOURS.contains(bytes[inner] & 0xff) ? Protocol.HOUSEKEEPING : Protocol.OTHER;
                    default -> Protocol.OTHER;
                };
        if (protocol != Protocol.UDP && protocol != Protocol.TCP) {
            return new Packet(at, outgoing, protocol, from, 0, to, 0, new byte[0], bytes);
        }
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        int header = protocol == Protocol.UDP ? 8 : (bytes[inner + 12] >> 4 & 0xf) * 4;
        byte[] payload = Arrays.copyOfRange(bytes, inner + header, Math.min(end, bytes.length));
        return new Packet(
                at,
                outgoing,
                protocol,
                from,
                frame.getShort(inner) & 0xffff,
                to,
                frame.getShort(inner + 2) & 0xffff,
                payload,
                bytes);
    }

    /** ICMPv6: queries and reports of groups, and how routers and neighbours are found. */
    private static final Set<Integer> NEIGHBOURS = Set.of(130, 131, 132, 133, 134, 135, 136, 137, 143);

    private static String address(byte[] bytes, int from, int size) throws UnknownHostException {
        return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + size))
                .getHostAddress();
    }
}
