package dev.drawbridge.webrtc;

import dev.drawbridge.Secret;
import dev.drawbridge.SessionException;
import dev.drawbridge.spi.IceServer;
import dev.drawbridge.webrtc.Doctor.Check;
import dev.drawbridge.webrtc.Doctor.Clock;
import dev.drawbridge.webrtc.NativeChecks.Kind;
import dev.drawbridge.webrtc.NativeChecks.Order;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.RTCRtpCapabilities;
import dev.onvoid.webrtc.media.MediaDevices;
import dev.onvoid.webrtc.media.MediaType;
import dev.onvoid.webrtc.media.video.VideoCaptureCapability;
import dev.onvoid.webrtc.media.video.VideoDevice;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.SourceDataLine;
import javax.sound.sampled.TargetDataLine;

/**
 * The other JVM of the {@link Doctor}: reads from its input what to look at, and writes what it found to its output, in lines that begin
 * with {@link #MARK}, since the library writes there too. It ends with its input.
 */
final class DoctorChild {
    static final String MARK = "@doctor ";

    private static final String ANOTHER_SOURCE = "choose videodevice=testpattern, give own frames, or use datamode";
    /** What goes with every codec and is none. */
    private static final Set<String> NO_CODECS = Set.of("RTX", "RED", "ULPFEC", "FLEXFEC-03", "CN", "TELEPHONE-EVENT");

    private final Clock clock = new Clock(Doctor.LIMIT);
    private final Hosts hosts;
    private final boolean anyTurnCertificate;
    private final List<Order> orders;
    private final List<RelayProbe> relays = new ArrayList<>();

    private DoctorChild(DataInputStream in) throws IOException {
        hosts = new Hosts(in.readBoolean());
        anyTurnCertificate = in.readBoolean();
        orders = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            Kind kind = Kind.valueOf(in.readUTF());
            String name = in.readUTF();
            IceServer server = new IceServer(in.readUTF(), in.readUTF(), Optional.of(Secret.of(in.readUTF())));
            orders.add(new Order(kind, name, kind == Kind.RELAY ? server : null));
        }
    }

    /** Called by the {@link Doctor} alone. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // loggers
        DoctorChild child = new DoctorChild(new DataInputStream(System.in));
        Thread leash = new Thread(() -> endWith(System.in), "drawbridge-doctor-leash");
        leash.setDaemon(true);
        leash.start();
        out.println(MARK + "ready");
        for (Order order : child.orders) {
            say(out, child.look(order));
        }
        Runtime.getRuntime().halt(0); // whatever threads the library has
    }

    private static void endWith(InputStream in) {
        try {
            while (in.read() >= 0) {
                // Nothing more is expected.
            }
        } catch (IOException e) {
            // Likewise the end.
        }
        Runtime.getRuntime().halt(0);
    }

    private static void say(PrintStream out, Check check) {
        StringBuilder lines = new StringBuilder(MARK + "verdict " + check.verdict() + "\n");
        check.findings()
                .forEach(
                        finding -> lines.append(MARK + "found ").append(finding).append('\n'));
        check.advice()
                .forEach(advice -> lines.append(MARK + "advise ").append(advice).append('\n'));
        lines.append(MARK + "end ").append(check.took().toMillis()).append('\n');
        out.print(lines);
        out.flush();
    }

    private Check look(Order order) {
        return Doctor.check(
                order.name(),
                order.kind().limit,
                clock,
                switch (order.kind()) {
                    case LOADING -> DoctorChild::loading;
                    case CODECS -> DoctorChild::codecs;
                    case CAMERAS -> DoctorChild::cameras;
                    case MICROPHONES -> notes -> sound(notes, TargetDataLine.class, "microphone");
                    case SPEAKERS -> notes -> sound(notes, SourceDataLine.class, "speaker");
                    case CONNECTION -> SelfConnection::look;
                    case RELAY -> notes -> relay(order, notes);
                });
    }

    // ---- the library ------------------------------------------------------------------------------------------------

    private static void loading(Notes notes) throws Exception {
        long begin = System.nanoTime();
        try {
            onNative(() -> {
                Factories.publish();
                return Factories.view();
            });
            notes.found("the library loads, in " + Doctor.millis(begin));
        } catch (SessionException e) {
            Throwable cause = e.getCause();
            if (cause == null) {
                notes.fail("the library does not load", String.valueOf(e.getMessage()));
            } else {
                notes.fail("the library does not load: " + NativeLibrary.words(cause), NativeLibrary.hint(cause));
            }
        }
    }

    private static void codecs(Notes notes) throws Exception {
        PeerConnectionFactory sending = onNative(Factories::publish);
        PeerConnectionFactory receiving = onNative(Factories::view);
        Set<String> sent = names(onNative(() -> sending.getRtpSenderCapabilities(MediaType.VIDEO)));
        Set<String> received = names(onNative(() -> receiving.getRtpReceiverCapabilities(MediaType.VIDEO)));
        Set<String> sound = names(onNative(() -> sending.getRtpSenderCapabilities(MediaType.AUDIO)));
        notes.found("video to be sent: " + String.join(" ", sent));
        notes.found("video to be received: " + String.join(" ", received));
        notes.found("sound: " + String.join(" ", sound));
        if (!sent.contains("VP8") || !received.contains("VP8")) {
            notes.fail("VP8 is missing, which every browser understands", "use the library as Maven has it");
        }
    }

    private static Set<String> names(RTCRtpCapabilities known) {
        return known.getCodecs().stream()
                .map(codec -> codec.getName().toUpperCase(Locale.ROOT))
                .filter(name -> !NO_CODECS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** On the native thread; its own exceptions come through. */
    static <T> T onNative(Callable<T> call) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        NativeThread.post(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception known ? known : e;
        }
    }

    // ---- devices ----------------------------------------------------------------------------------------------------

    private static void cameras(Notes notes) throws IOException {
        List<VideoDevice> cameras = MediaDevices.getVideoCaptureDevices();
        if (!cameras.isEmpty()) {
            cameras.forEach(camera -> notes.found(camera.getName() + ": " + formats(camera)));
        } else if (hidden()) {
            notes.warn(
                    "there is a camera (/dev/video…) that this user may not open",
                    "add the user to the group video (usermod -aG video <user>) and log in again");
        } else {
            notes.warn("none", "plug one in, or " + ANOTHER_SOURCE);
        }
    }

    private static String formats(VideoDevice camera) {
        List<VideoCaptureCapability> all = MediaDevices.getVideoCaptureCapabilities(camera);
        return all.stream()
                .max(Comparator.comparingInt((VideoCaptureCapability one) -> one.width * one.height)
                        .thenComparingInt(one -> one.frameRate))
                .map(best -> all.size() + (all.size() == 1 ? " format" : " formats") + ", up to " + best.width + "x"
                        + best.height + " at " + best.frameRate + " pictures a second")
                .orElse("it tells no formats");
    }

    private static boolean hidden() throws IOException {
        Path devices = Path.of("/dev");
        if (!Files.isDirectory(devices)) {
            return false;
        }
        try (Stream<Path> files = Files.list(devices)) {
            return files.anyMatch(
                    file -> String.valueOf(file.getFileName()).startsWith("video") && !Files.isReadable(file));
        }
    }

    /** Java's own sound system, as it is what the microphone is read with. */
    private static void sound(Notes notes, Class<? extends DataLine> kind, String what) {
        try {
            List<String> names = new ArrayList<>();
            Line.Info wanted = new Line.Info(kind);
            for (Mixer.Info info : AudioSystem.getMixerInfo()) {
                Mixer mixer = AudioSystem.getMixer(info);
                boolean has = kind == TargetDataLine.class
                        ? mixer.getTargetLineInfo(wanted).length > 0
                        : mixer.getSourceLineInfo(wanted).length > 0;
                if (has) {
                    names.add(info.getName());
                }
            }
            if (!names.isEmpty()) {
                names.forEach(notes::found);
            } else if (kind == TargetDataLine.class) {
                notes.warn("none", "plug one in, give own sound, or publish without: audiodevice=0");
            } else {
                notes.found("none, so sound goes to the program alone");
            }
        } catch (NoClassDefFoundError e) {
            notes.warn("no " + what + ", because this Java lacks the module java.desktop", "use a Java that has it");
        }
    }

    // ---- relays -----------------------------------------------------------------------------------------------------

    /** All are asked at once, when the first is to be looked at: one that is dead takes long to be known as such. */
    private void relay(Order order, Notes notes) throws InterruptedException {
        if (relays.isEmpty()) {
            for (Order one : orders) {
                IceServer server = one.relay();
                if (server != null) {
                    relays.add(new RelayProbe(one.name(), server, hosts, anyTurnCertificate));
                }
            }
            relays.forEach(RelayProbe::begin);
        }
        for (RelayProbe probe : relays) {
            if (probe.name().equals(order.name())) {
                probe.await(Kind.RELAY.limit.minusMillis(500), notes);
            }
        }
    }
}
