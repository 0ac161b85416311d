package dev.drawbridge.testing;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Hosts of a small network on this machine: Linux network namespaces behind one switch, each with an IPv4 and an IPv6 address that
 * are kept for examples, a default route to a gateway that leads nowhere, and no way to any other network.
 *
 * <pre>{@code
 * try (NetworkNamespaces network = NetworkNamespaces.create()) {
 *     NetworkNamespaces.Host host = network.host("publisher");
 *     PacketCapture capture = host.capture();
 *     Process program = new ProcessBuilder(Stream.of(host.inside(), command).flatMap(List::stream).toList()).start();
 * }
 * }</pre>
 *
 * <p>Needs root and Debian's iproute2. Names carry the id of this process; what a process that is gone has left is removed by the
 * next one.
 *
 * <p><b>Thread:</b> one. <b>After close:</b> the hosts and what ran on them are gone.
 */
public final class NetworkNamespaces implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("drawbridge-([0-9]+)-[a-z0-9-]+");
    private static final File FOLDER = new File("/run/netns");
    private static final int SECONDS_TO_DIE = 5;
    private static int networks;

    private final String ip;
    private final String prefix;
    private final String middle;
    private final List<String> namespaces = new ArrayList<>();
    private final Thread atExit = new Thread(this::removeAll, "drawbridge-server-namespaces");
    private int hosts = 1; // the gateway

    private NetworkNamespaces(String ip, int number) throws IOException, InterruptedException {
        this.ip = ip;
        prefix = "drawbridge-" + ProcessHandle.current().pid() + "-" + number + "-";
        middle = namespace("switch");
        in(middle, "link add bridge type bridge mcast_snooping 0");
        up(middle, "bridge", 1);
    }

    /**
     * A network without hosts.
     *
     * @throws AssertionError if this process may not make one, with what it lacks
     */
    public static NetworkNamespaces create() {
        String ip = SystemProgram.find("ip", "iproute2");
        try {
            removeStale(ip);
            NetworkNamespaces network = new NetworkNamespaces(ip, next());
            Runtime.getRuntime().addShutdownHook(network.atExit);
            return network;
        } catch (IOException e) {
            throw new AssertionError("this test makes network namespaces, so it has to run as root on Linux", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static synchronized int next() {
        return ++networks;
    }

    /** One more host, with a name of small letters. */
    public Host host(String name) throws IOException, InterruptedException {
        int number = ++hosts;
        String namespace = namespace(name);
        // Made where they belong, so that neither end is ever seen on the machine's own network.
        run("link add eth0 netns " + namespace + " address " + mac(number) + " type veth peer name port" + number
                + " netns " + middle);
        in(middle, "link set port" + number + " master bridge addrgenmode none up");
        in(namespace, "link set lo up");
        up(namespace, "eth0", number);
        routes(namespace);
        return new Host(namespace, number);
    }

    private void routes(String namespace) throws IOException, InterruptedException {
        in(namespace, "route replace default via " + v4(1));
        in(namespace, "-6 route replace default via " + v6(1));
    }

    /** Without a link-local address: those would have to be announced first. */
    private void up(String namespace, String device, int number) throws IOException, InterruptedException {
        in(namespace, "link set " + device + " addrgenmode none");
        in(namespace, "addr add " + v4(number) + "/24 dev " + device);
        in(namespace, "addr add " + v6(number) + "/64 dev " + device + " nodad");
        in(namespace, "link set " + device + " up");
    }

    private static String v4(int number) {
        return "198.51.100." + number;
    }

    private static String v6(int number) {
        return "2001:db8:77::" + number;
    }

    /** One in which no part of an address is repeated. */
    static String mac(int number) {
        return String.format("02:db:00:00:00:%02x", number);
    }

    private String namespace(String name) throws IOException, InterruptedException {
        String namespace = prefix + name;
        run("netns add " + namespace);
        namespaces.add(namespace);
        return namespace;
    }

    private void in(String namespace, String words) throws IOException, InterruptedException {
        run("-n " + namespace + " " + words);
    }

    private void run(String words) throws IOException, InterruptedException {
        run(ip, words);
    }

    private static String run(String ip, String words) throws IOException, InterruptedException {
        return SystemProgram.run(
                Stream.concat(Stream.of(ip), Stream.of(words.split(" "))).toList());
    }

    private static void removeStale(String ip) throws IOException, InterruptedException {
        String[] names = FOLDER.list();
        for (String name : names == null ? new String[0] : names) {
            Matcher ours = NAME.matcher(name);
            if (ours.matches()
                    && ProcessHandle.of(Long.parseLong(ours.group(1))).isEmpty()) {
                remove(ip, name);
            }
        }
    }

    /** What runs in it goes first: it would keep the namespace alive without a name. */
    private static void remove(String ip, String namespace) throws IOException, InterruptedException {
        List<ProcessHandle> running = run(ip, "netns pids " + namespace)
                .lines()
                .map(Long::valueOf)
                .map(ProcessHandle::of)
                .flatMap(Optional::stream)
                .toList();
        running.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : running) {
            var unused = process.onExit()
                    .orTimeout(SECONDS_TO_DIE, TimeUnit.SECONDS)
                    .exceptionally(late -> process)
                    .join();
        }
        run(ip, "netns del " + namespace);
    }

    private synchronized void removeAll() {
        for (String namespace : namespaces) {
            try {
                remove(ip, namespace);
            } catch (IOException e) {
                System.err.println("a network namespace was not removed: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        namespaces.clear();
    }

    /** Ends what runs on the hosts and removes them. Idempotent. */
    @Override
    public void close() {
        removeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // It runs already, and finds nothing.
        }
    }

    /** One host; its one network interface is {@code eth0}. */
    public final class Host {
        private final String namespace;
        private volatile int number;

        private Host(String namespace, int number) {
            this.namespace = namespace;
            this.number = number;
        }

        /** Its IPv4 address. */
        public InetAddress address() {
            return numeric(v4(number));
        }

        /** Its IPv6 address. */
        public InetAddress address6() {
            return numeric(v6(number));
        }

        /** Gives it one more address, a private one at which all hosts that have one reach each other, and returns that. */
        public InetAddress addLanAddress() throws IOException, InterruptedException {
            String address = "10.77.0." + number;
            in(namespace, "addr add " + address + "/24 dev eth0");
            return numeric(address);
        }

        /** Takes both its addresses away and gives it others at once, as when a machine changes from one network to another. */
        public void move() throws IOException, InterruptedException {
            in(namespace, "addr flush dev eth0");
            number = ++hosts;
            up(namespace, "eth0", number);
            routes(namespace);
        }

        /** Its hardware address, as in {@code 02:db:00:00:00:02}. */
        String mac() {
            return NetworkNamespaces.mac(number);
        }

        /** What has to stand in front of a command so that it runs on this host. The process is that of the command itself. */
        public List<String> inside() {
            return List.of(ip, "netns", "exec", namespace);
        }

        /**
         * Begins to write down every packet that comes and goes; returns when none is missed any more. Needs Debian's tcpdump.
         *
         * @throws AssertionError if that cannot be done
         */
        public PacketCapture capture() {
            return new PacketCapture(this);
        }

        /** Sends a datagram with this text to the discard port of the gateway, where nobody listens. */
        void say(String text) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(inside());
            command.addAll(List.of("bash", "-c", "printf %s \"$0\" >/dev/udp/" + v4(1) + "/9", text));
            String unused = SystemProgram.run(command);
        }

        private InetAddress numeric(String address) {
            try {
                return InetAddress.getByName(address);
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }
    }
}
