package dev.drawbridge.internal.runtime;

import dev.drawbridge.IceFilter;
import dev.drawbridge.NetworkContact.Purpose;
import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.RemoteControl;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.StreamId;
import dev.drawbridge.ViewerApproval;
import dev.drawbridge.internal.crypto.EffectivePassword;
import dev.drawbridge.internal.crypto.Envelope;
import dev.drawbridge.internal.crypto.Keys;
import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.wire.WireCodec;
import dev.drawbridge.spi.IceServer;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that one session is made of, from its options and the parts that were handed in. */
public final class SessionSetup {
    private static final Logger log = LoggerFactory.getLogger(SessionSetup.class);
    private static final AtomicInteger SESSIONS = new AtomicInteger();
    private static final RandomGenerator RANDOM = new SecureRandom();
    private static final int RELAYED_KBPS = 4000;
    /** 100 bits. */
    private static final int FILE_ID = 20;

    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    private final int number;
    private final SessionOptions options;
    private final SignalingTransport signaling;
    private final MediaTransport media;
    private final Optional<ViewerApproval> approval;
    private final Optional<RemoteControl> control;
    private final Scheduler scheduler;
    private final boolean realTime;
    private final RandomGenerator chance;
    private final Supplier<byte[]> ivs;
    private final EventHub events;
    private final CompletableFuture<Void> mediaReady = new CompletableFuture<>();
    private final Optional<StreamId> ownStream;
    private final LinkSettings.Role role;
    private final Function<StreamId, MediaReceiver> receivers;
    private final Contacts contacts;
    private OptionalLong mostFileBytes = OptionalLong.empty();

    /**
     * @param scheduler a virtual clock of a test; empty for the real one
     * @param chance from a seed, for a simulation that is to be played again; empty for what nobody can guess
     * @param receivers where a viewer's media goes, by stream
     */
    public SessionSetup(
            SessionOptions options,
            LinkSettings.Role role,
            SignalingTransport signaling,
            MediaTransport media,
            Optional<ViewerApproval> approval,
            Optional<RemoteControl> control,
            Optional<Scheduler> scheduler,
            Optional<RandomGenerator> chance,
            Function<StreamId, MediaReceiver> receivers) {
        this.number = SESSIONS.incrementAndGet();
        this.options = options;
        this.signaling = signaling;
        this.media = media;
        this.approval = approval;
        this.control = control;
        this.realTime = scheduler.isEmpty();
        this.scheduler = scheduler.orElseGet(() -> new SystemScheduler("drawbridge-" + name()));
        this.chance = chance.orElse(RANDOM);
        this.ivs = chance.map(SessionSetup::ivs).orElseGet(Envelope::randomIvs);
        this.events = new EventHub("drawbridge-events-" + number);
        this.role = role;
        this.ownStream = role == LinkSettings.Role.PUBLISHER ? options.push() : Optional.empty();
        this.receivers = receivers;
        if (options.network()
                .iceFilter()
                .filter(f -> f.kind() == IceFilter.Kind.TEXT)
                .isPresent()) {
            log.warn(
                    "icefilter is a text that candidate lines have to contain, which says nothing sure about addresses; "
                            + "take host, srflx, relay, udp, tcp or a network such as 10.0.0.0/8");
        }
        this.contacts = contacts(options, signaling);
    }

    private static Contacts contacts(SessionOptions options, SignalingTransport signaling) {
        NetworkPolicy network = options.network();
        Contacts contacts = new Contacts(network);
        Map<Purpose, URI> addresses = new EnumMap<>(Purpose.class);
        addresses.put(Purpose.HANDSHAKE, options.endpoint().uri());
        network.turnList()
                .filter(list -> PathPolicy.of(network).asksServers())
                .ifPresent(list -> addresses.put(Purpose.TURN_LIST, list));
        addresses.forEach((purpose, address) -> {
            contacts.web(purpose, address);
            signaling.proxy(address).ifPresent(contacts::proxy);
        });
        return contacts;
    }

    /** As in the names of its threads. */
    String name() {
        return "session-" + number;
    }

    Contacts contacts() {
        return contacts;
    }

    /** What was set for the bitrate of video, or else what a relay is spared to carry (protocol 8). */
    public OptionalInt videoKbps(OptionalInt set) {
        return set.isEmpty() && options.network().relayOnly() ? OptionalInt.of(RELAYED_KBPS) : set;
    }

    /** As the web page reckons it: without daylight saving time. */
    private int zone() {
        ZoneOffset standard = ZoneId.systemDefault().getRules().getStandardOffset(scheduler.now());
        return options.network().timeZone().orElse(-standard.getTotalSeconds() / 60);
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    /** Whether waiting for the session makes sense: its clock runs by itself. */
    public boolean realTime() {
        return realTime;
    }

    public EventHub events() {
        return events;
    }

    public MediaTransport media() {
        return media;
    }

    public CompletableFuture<Void> mediaReady() {
        return mediaReady;
    }

    /** Whether only relays lead anywhere. */
    public boolean needsRelay() {
        return paths().needsRelay();
    }

    /** Stages of the program are completed on a thread of their own: a listener may wait for one, and a slow program waits alone. */
    Deliveries deliveries() {
        if (!realTime) {
            return new Deliveries(Runnable::run, () -> {});
        }
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Threads.daemon("drawbridge-sent-" + number));
        thread.allowCoreThreadTimeOut(true);
        return new Deliveries(thread, thread::shutdown);
    }

    /** The program takes files up to this size. */
    public void takeFiles(long most) {
        mostFileBytes = OptionalLong.of(most);
    }

    public boolean takesFiles() {
        return mostFileBytes.isPresent();
    }

    /** Disks may be slow, so they have a thread of their own; with a clock that somebody moves everything happens at once. */
    private FileDesk.Rules fileRules() {
        Supplier<String> ids = () -> letters(FILE_ID);
        if (!realTime) {
            return new FileDesk.Rules(mostFileBytes, ids, Runnable::run, () -> {});
        }
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Threads.daemon("drawbridge-files-" + number));
        thread.allowCoreThreadTimeOut(true);
        // After the end there is only to be cleaned up, by whoever notices.
        thread.setRejectedExecutionHandler((task, executor) -> task.run());
        return new FileDesk.Rules(mostFileBytes, ids, thread, thread::shutdown);
    }

    EffectRunner.World world(Scheduler guarded, Marks marks, Deliveries deliveries) {
        Keys keys = Keys.of(EffectivePassword.of(options.password()), options.salt());
        return new EffectRunner.World(
                options.endpoint().uri(),
                signaling,
                media,
                guarded,
                events,
                () -> new WireCodec(options.endpoint().dialect(), letters(20), ownStream, options.room(), keys, ivs),
                paths(),
                this::linkSettings,
                options.network(),
                zone(),
                contacts,
                approval,
                control,
                mediaReady,
                this::runAside,
                realTime ? events.executor() : scheduler::execute,
                chance,
                marks,
                deliveries,
                fileRules());
    }

    /** On a thread of its own; with a clock that somebody moves there is but one thread, so that every run is the same. */
    private void runAside(Runnable task) {
        if (realTime) {
            Threads.daemon("drawbridge-close").newThread(task).start();
        } else {
            scheduler.execute(task);
        }
    }

    private PathPolicy paths() {
        return PathPolicy.of(options.network());
    }

    private LinkSettings linkSettings(Optional<StreamId> stream, List<IceServer> servers) {
        return new LinkSettings(
                role,
                servers,
                paths().needsRelay(),
                paths().gathers("udp"),
                paths().gathers("tcp"),
                options.network().anyTurnCertificate(),
                roaming(),
                stream.map(options::wantsVideo).orElseGet(options::video),
                stream.map(options::wantsAudio).orElseGet(options::audio),
                videoKbps(options.maxVideoBitrate()),
                options.codecs(),
                options.encoding(),
                stream.map(receivers).orElse(MediaReceiver.NONE));
    }

    /** What looks at addresses has to know them all. */
    private boolean roaming() {
        return !paths().judges() && options.network().roaming().orElseGet(OwnNetworks::single);
    }

    private static Supplier<byte[]> ivs(RandomGenerator seeded) {
        return () -> {
            byte[] iv = new byte[Envelope.IV_BYTES];
            seeded.nextBytes(iv);
            return iv;
        };
    }

    /** Unguessable, and without characters that look alike. */
    public String letters(int count) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append(LETTERS.charAt(chance.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
