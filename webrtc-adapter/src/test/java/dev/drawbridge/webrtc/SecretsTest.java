package dev.drawbridge.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.drawbridge.AuditLog;
import dev.drawbridge.CloseReason;
import dev.drawbridge.OptionsException;
import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ServerNotice;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionEvent.TurnListFailed;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.Violation;
import dev.drawbridge.SessionException;
import dev.drawbridge.SessionOptions;
import dev.drawbridge.testing.EventRecorder;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.LeakGuard;
import dev.drawbridge.testing.LogEntry;
import dev.drawbridge.testing.LogEntry.Kind;
import dev.drawbridge.testing.Shape;
import dev.drawbridge.testing.TurnListServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Canaries in password, stream id, room, TURN credentials and the server's address are in no log at any level, not on the console,
 * in no thread's name, no event, no exception, no audit log, and no text form of anything that the public API hands out; neither
 * are the ICE passwords, fingerprints and addresses of the session's SDP. What tells them on purpose is asked by name: {@code
 * StreamId.value}, {@code Secret.reveal}, {@code toQuery}, {@code viewLink}, the names of a viewer's links, {@code
 * DataReceived.from} and {@code json}, and the options' own accessors of texts. {@code TextFormsTest} has every public type.
 */
class SecretsTest {
    private static final String CANARY = "canary7";
    private static final String PASSWORD = "Canary7Password";
    private static final String STREAM = "Canary7Stream";
    private static final String ROOM = "canary7room";
    private static final String SECRETS =
            "&password=" + PASSWORD + "&turn=canary7user;canary7credential;turn:127.0.0.1:9";
    private static final String SERVERS_KEY = "/%3Fkey=canary7key";

    private static final String WIRE_STREAM = RawPeer.onTheWire(STREAM, PASSWORD);
    private static final String WIRE_ROOM =
            sha256(ROOM + PASSWORD + "vdo.ninja").substring(0, 16);
    private static final String KEY = sha256(PASSWORD + "vdo.ninja");

    /** Beside the values: whatever comes with one of these words. */
    private static final List<String> SDP_WORDS =
            List.of("ice-pwd", "ufrag", "a=fingerprint", "a=candidate", "candidate:");

    private static final Pattern SDP_VALUE = Pattern.compile(
            "a=ice-pwd:([^\\s\\\\\"]+)|a=fingerprint:[\\w-]+ ([0-9A-Fa-f:]+)|candidate:\\S+ \\d \\w+ \\d+ (\\S+)");

    /** What a hostile server and its clients send to a publisher, the canaries in what is not read. */
    private static final List<String> MALFORMED = List.of(
            "{\"from\":\"x\",\"streamID\":\"" + WIRE_STREAM + "\",\"description\":[" + PASSWORD,
            "{\"from\":7,\"request\":\"" + PASSWORD + "\"}",
            "{\"from\":\"x\",\"" + WIRE_STREAM + "\":" + "[".repeat(50) + "]".repeat(50) + "}",
            "{\"from\":\"x\",\"description\":\"" + WIRE_STREAM + "\",\"vector\":\"" + WIRE_STREAM + "\"}",
            "{\"from\":\"x\",\"candidates\":\"" + KEY + "\",\"vector\":\"" + KEY + "\"}",
            WIRE_STREAM,
            "{\"error\":\"" + WIRE_STREAM + " may not be in " + WIRE_ROOM + "\"}");

    /** The test's own server and clients, which are no part of a session. */
    private static final List<String> NOT_OURS =
            List.of("org.eclipse.jetty", "dev.drawbridge.testing", "jdk.", "java.");

    /** What would end or change the session, waits, or makes more of the same. */
    private static final Set<String> NOT_ASKED = Set.of(
            "close",
            "closed",
            "awaitClosed",
            "clone",
            "notify",
            "notifyAll",
            "wait",
            "hashCode",
            "toString",
            "getClass");

    @RegisterExtension
    final LeakGuard guard = new LeakGuard(Duration.ofSeconds(60));

    @TempDir
    Path folder;

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final Set<String> secretsOfSdp = new TreeSet<>();
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final java.util.logging.Logger jul = LogManager.getLogManager().getLogger("");
    private final Level rootLevel = root.getLevel();
    private final java.util.logging.Level julLevel = jul.getLevel();

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            String thrown =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            keep(
                    event.getLoggerName(),
                    event.getLevel() + " " + event.getThreadName() + " " + event.getFormattedMessage() + " " + thrown);
        }
    };

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            String thrown = logged.getThrown() == null ? "" : trace(logged.getThrown());
            keep(String.valueOf(logged.getLoggerName()), logged.getMessage() + " " + thrown);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private void keep(String logger, String text) {
        if (NOT_OURS.stream().noneMatch(logger::startsWith)) {
            seen.add(logger + ": " + text);
        }
    }

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(console, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(console, true, StandardCharsets.UTF_8));
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
        root.setLevel(Level.TRACE);
        handler.setLevel(java.util.logging.Level.ALL);
        jul.addHandler(handler);
        jul.setLevel(java.util.logging.Level.ALL);
    }

    @AfterEach
    void stopListening() {
        root.setLevel(rootLevel);
        root.detachAppender(appender);
        jul.removeHandler(handler);
        jul.setLevel(julLevel);
        System.setOut(out);
        System.setErr(err);
    }

    @Test
    void a_whole_session_in_a_room_with_a_server_that_goes_and_comes_back_shows_no_secret() throws Exception {
        try (Stage stage = new Stage(Shape.ROUTER);
                TurnListServer lists = new TurnListServer().serve(TurnListServer.list("canary7listed"));
                TurnListServer none = new TurnListServer().serve("canary7")) {
            EventRecorder story = new EventRecorder();
            SessionOptions options =
                    options(stage, "push=" + STREAM + "&secure&room=" + ROOM + SECRETS + "&" + key(lists));
            Publisher publisher =
                    stage.keep(stage.publishing(options).listener(story).start());
            Path file = folder.resolve("audit");
            CompletionStage<Void> written = publisher.audit().writeTo(file);
            MALFORMED.forEach(stage.server.faults()::sendToAll);
            story.await(ServerNotice.class);
            story.await(ProtocolViolation.class, 3);
            stage.server.faults().restart();
            story.await(SignalingRestored.class);

            String query = "view=" + STREAM + "&room=" + ROOM + SECRETS;
            Watcher wrong = stage.watch(options(stage, query.replace(PASSWORD, PASSWORD + "wrong")));
            Watcher watcher = stage.watch(options(stage, query + "&" + key(none)));
            watcher.story.await(TurnListFailed.class);
            watcher.story.await(MediaStarted.class);
            story.await(Sealed.class);
            assertThat(lists.requests()).as("the list is asked for").hasSize(1);
            publisher.send(PASSWORD);
            watcher.viewer.send(STREAM);
            story.await(DataReceived.class);
            watcher.story.await(DataReceived.class);
            stage.server.faults().restart();
            watcher.story.await(SignalingRestored.class);
            for (Object object : List.of(publisher, watcher.viewer, wrong.viewer, watcher.media, options)) {
                look(object);
            }
            lookAtThreads();

            watcher.close();
            wrong.close();
            story.await(Closed.class);
            look(publisher);
            look(watcher.viewer);
            story.events().forEach(event -> seen.add(event.toString()));
            watcher.story.events().forEach(event -> seen.add(event.toString()));
            written.toCompletableFuture().get(5, TimeUnit.SECONDS);
            seen.add(Files.readString(file));
            look(AuditLog.verify(file));
            collectSecretsOfSdp(stage);
            assertThat(stage.server.log()).extracting(LogEntry::text).anyMatch(frame -> frame.contains(WIRE_ROOM));
        }
        assertThat(seen)
                .as("everything was listened to")
                .anyMatch(text -> text.startsWith("dev.drawbridge.session: DEBUG"))
                .anyMatch(text -> text.startsWith("okhttp3"));
        assertThat(secretsOfSdp).as("of two peers").hasSizeGreaterThan(4);
        assertNothingSecret();
    }

    @Test
    void a_session_with_strangers_and_refused_viewers_shows_no_secret_and_a_defect_of_the_program_once()
            throws Exception {
        try (Stage stage = new Stage(Shape.HOSTED)) {
            EventRecorder story = new EventRecorder();
            AtomicInteger asked = new AtomicInteger();
            Publisher publisher =
                    stage.keep(stage.publishing(options(stage, "push=" + STREAM + "&secure&prompt" + SECRETS))
                            .approval(request -> {
                                if (asked.incrementAndGet() <= 2) {
                                    throw new IllegalStateException("a defect of the program");
                                }
                                return CompletableFuture.completedFuture(true);
                            })
                            .listener(event -> {
                                story.accept(event);
                                throw new IllegalStateException("a defect of the program");
                            })
                            .start());
            RawPeer unreadable =
                    stage.keep(new RawPeer(stage.server, STREAM, PASSWORD)).ask();
            RawPeer.Offer offer = unreadable.awaitOffer();
            unreadable.forgetKey();
            unreadable.answer(offer, RawPeer.mirrored(offer));
            assertThat(story.await(ProtocolViolation.class).violation()).isEqualTo(Violation.UNREADABLE);
            RawPeer garbled =
                    stage.keep(new RawPeer(stage.server, STREAM, PASSWORD)).ask();
            offer = garbled.awaitOffer();
            garbled.candidates(
                    offer, List.of(candidate("canary7 1 udp canary7"), candidate("1 1 udp 7 canary7 9 typ host")));
            // The library refuses this line and quotes it.
            garbled.answer(offer, "v=0\r\na=ice-pwd:canary7");
            story.await(ViewerRefused.class);
            for (int refused = 2; refused <= 3; refused++) {
                Watcher watcher = stage.watch(options(stage, "view=" + STREAM + SECRETS));
                story.await(ViewerRefused.class, refused);
                look(watcher.viewer);
                watcher.close();
            }
            Watcher watcher = stage.watch(options(stage, "view=" + STREAM + SECRETS));
            watcher.story.await(MediaStarted.class);
            story.await(Sealed.class);
            look(publisher);
            look(watcher.viewer);
            lookAtThreads();
            publisher.close();
            watcher.close();
            look(publisher);
            look(watcher.viewer);
            collectSecretsOfSdp(stage);
        }
        assertThat(secretsOfSdp).as("of several peers").hasSizeGreaterThan(6);
        assertNothingSecret();
        for (String defect : List.of("A listener threw", "The approval of viewer-")) {
            assertThat(seen)
                    .filteredOn(text -> text.contains("WARN") && text.contains(defect))
                    .hasSize(1);
            assertThat(seen).anyMatch(text -> text.contains("DEBUG") && text.contains(defect));
        }
    }

    private static Map<String, ?> candidate(String line) {
        return Map.of("candidate", "candidate:" + line, "sdpMid", "0", "sdpMLineIndex", 0);
    }

    @Test
    void a_session_that_cannot_start_shows_no_secret() throws Exception {
        Set<CloseReason> codes = EnumSet.noneOf(CloseReason.class);
        try (Stage stage = new Stage(Shape.ROUTER);
                Stage tls = new Stage(HandshakeServer.builder().tls(true).start());
                HostileServer hostile = new HostileServer(stage.server.uri(), true)) {
            codes.add(codeOfStart("ws://127.0.0.1:1", ""));
            codes.add(codeOfStart(tls.server.uri().toString(), ""));
            codes.add(codeOfStart(stage.server.uri().toString(), "&videodevice=nosuch"));
            var unused = CompletableFuture.runAsync(() -> {
                try {
                    hostile.attack(client -> {
                        HostileServer.answer(client, "HTTP/1.1 101 " + STREAM + "\r\nX: " + PASSWORD + "\r\n\r\n");
                    });
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            codes.add(codeOfStart(hostile.address(), ""));
            stage.server.faults().refuse(503);
            codes.add(codeOfStart(stage.server.uri().toString(), ""));
            stage.server.faults().clear();
            Thread.currentThread().interrupt();
            codes.add(codeOfStart(stage.server.uri().toString(), ""));
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(codes)
                .containsExactlyInAnyOrder(
                        CloseReason.SERVER_UNREACHABLE,
                        CloseReason.TLS_FAILED,
                        CloseReason.NO_MEDIA,
                        CloseReason.SERVER_PROTOCOL,
                        CloseReason.SERVER_REFUSED,
                        CloseReason.CLOSED_BY_APPLICATION);
        assertNothingSecret();
    }

    private CloseReason codeOfStart(String server, String more) throws Exception {
        SessionOptions options = SessionOptions.parse(
                "push=" + STREAM + "&secure&room=" + ROOM + SECRETS + more + "&wss=" + server + SERVERS_KEY);
        WebRtcMedia media = more.isEmpty() ? Stage.pattern() : WebRtcMedia.create();
        Throwable thrown =
                catchThrowable(() -> Publisher.builder(options).media(media).start());
        lookAt(thrown);
        assertThat(thrown).isInstanceOf(SessionException.class);
        return ((SessionException) thrown).code();
    }

    @Test
    void options_that_cannot_be_used_show_no_secret() throws Exception {
        String end = "&wss=ws://127.0.0.1:1" + SERVERS_KEY;
        for (String wrong : List.of(
                "push=" + STREAM + "x".repeat(50) + SECRETS + end,
                "view=" + STREAM + ":s" + SECRETS + end,
                "push=" + STREAM + SECRETS + "&hash=000000" + end,
                "push=" + STREAM + SECRETS + "&nopassword" + end,
                "push=" + STREAM + "&password=" + PASSWORD.repeat(100) + end,
                "push=" + STREAM + "&password=" + PASSWORD + "%ED%A0%80%" + "&salt=" + PASSWORD.repeat(20) + end,
                "push=" + STREAM + "&turn=canary7user;canary7credential" + end,
                "push=" + STREAM + "&turn=canary7user;canary7credential;https://canary7" + end,
                "push=" + STREAM + "&turn=canary7user;;turn:canary7:99999" + end,
                "push=" + STREAM + "&turn=canary7\n;turn:canary7;turn:127.0.0.1" + end,
                "push=" + STREAM + "&tcp&stun=" + PASSWORD + SECRETS + end,
                "push=" + STREAM + "&vb=" + PASSWORD + "&retry=" + PASSWORD + "&maxviewers=" + PASSWORD + end,
                "push=" + STREAM + "&codec=" + PASSWORD + "&icefilter=" + PASSWORD.repeat(10) + end,
                "push=" + STREAM + SECRETS + "&wss=ws://canary7:canary7@127.0.0.1:1/#canary7",
                "push=" + STREAM + SECRETS + "&wss=https://canary7/",
                "push=" + STREAM + SECRETS + "&wss=ws://192.0.2.1" + SERVERS_KEY,
                "https://canary7@canary7/?push=" + STREAM + SECRETS,
                "ftp://canary7/?push=" + STREAM + SECRETS)) {
            Throwable thrown = catchThrowable(() -> SessionOptions.parse(wrong));
            assertThat(thrown).as(wrong).isInstanceOf(OptionsException.class);
            lookAt(thrown);
        }
        lookAt(catchThrowable(() -> Publisher.start(SessionOptions.parse("view=" + STREAM + SECRETS + end))));
        lookAt(catchThrowable(
                () -> Publisher.start(SessionOptions.parse("push=" + STREAM + "&prompt" + SECRETS + end))));
        assertNothingSecret();
    }

    private static String key(TurnListServer lists) {
        return lists.option().replace("Canary9", "canary7");
    }

    private static SessionOptions options(Stage stage, String query) {
        return stage.options(query + "&" + stage.at(URI.create(stage.server.uri() + SERVERS_KEY)));
    }

    private void lookAt(Throwable thrown) throws Exception {
        assertThat(thrown).isNotNull();
        seen.add(trace(thrown));
        look(thrown);
    }

    private void lookAtThreads() {
        Thread.getAllStackTraces().keySet().forEach(thread -> seen.add("thread: " + thread.getName()));
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    /** The text forms of this and of everything of ours that can be reached from it through public methods without parameters. */
    private void look(Object from) throws Exception {
        Set<Object> known = new HashSet<>();
        Deque<Object> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            Object object = next.pop();
            if (object instanceof Optional<?> optional) {
                optional.ifPresent(next::push);
            } else if (object instanceof Collection<?> list) {
                list.forEach(next::push);
            } else if (object instanceof Map<?, ?> map) {
                map.values().forEach(next::push);
            } else if (object.getClass().getName().startsWith("dev.drawbridge.") && known.add(object)) {
                seen.add(object.getClass().getName() + " says " + object);
                for (Method method : object.getClass().getMethods()) {
                    if (method.getParameterCount() == 0
                            && !Modifier.isStatic(method.getModifiers())
                            && Modifier.isPublic(method.getDeclaringClass().getModifiers())
                            && !NOT_ASKED.contains(method.getName())) {
                        Optional.ofNullable(method.invoke(object)).ifPresent(next::push);
                    }
                }
            }
        }
        if (from instanceof Session) {
            assertThat(known).as("events, figures, options were reached").hasSizeGreaterThan(10);
        }
    }

    /** What the peers told each other through the server, opened with the password. */
    private void collectSecretsOfSdp(Stage stage) {
        stage.server.log().stream()
                .filter(entry -> entry.isIn(Kind.TEXT))
                .map(entry -> RawPeer.opened(entry.text(), PASSWORD))
                .flatMap(text -> SDP_VALUE.matcher(text).results())
                .forEach(found -> {
                    for (int group = 1; group <= found.groupCount(); group++) {
                        Optional.ofNullable(found.group(group)).ifPresent(secretsOfSdp::add);
                    }
                });
        secretsOfSdp.removeAll(Set.of("127.0.0.1", "0.0.0.0", "::1", "canary7"));
    }

    private void assertNothingSecret() {
        seen.add("console: " + console.toString(StandardCharsets.UTF_8));
        List<String> secrets = new ArrayList<>(SDP_WORDS);
        secrets.addAll(List.of(CANARY, KEY.substring(0, 16), WIRE_ROOM));
        for (String text : List.of("Canary7", CANARY)) {
            secrets.add(hex(text.getBytes(StandardCharsets.UTF_8)));
            secrets.addAll(base64(text));
        }
        secrets.addAll(base64(new String(HexFormat.of().parseHex(KEY), StandardCharsets.ISO_8859_1)));
        secretsOfSdp.forEach(value -> secrets.addAll(List.of(value, value.replace(":", ""))));
        String any = secrets.stream()
                .map(secret -> Pattern.quote(secret.toLowerCase(Locale.ROOT)))
                .reduce("\\b" + KEY.substring(0, 6) + "\\b", (some, one) -> some + "|" + one);
        Pattern leak = Pattern.compile(any);
        List<String> leaks = new ArrayList<>();
        for (String text : seen) {
            Matcher found = leak.matcher(text.toLowerCase(Locale.ROOT));
            if (found.find()) {
                leaks.add("'" + found.group() + "' in " + text);
            }
        }
        assertThat(leaks).isEmpty();
    }

    /** What of a text's Base64 does not depend on what stands before and behind it, for each of the three ways to stand there. */
    private static List<String> base64(String text) {
        List<String> forms = new ArrayList<>();
        for (int before = 0; before < 3; before++) {
            byte[] bytes = ("\0".repeat(before) + text).getBytes(StandardCharsets.ISO_8859_1);
            String whole = Base64.getEncoder().withoutPadding().encodeToString(bytes);
            forms.add(whole.substring((before * 8 + 5) / 6, bytes.length * 8 / 6));
        }
        return forms;
    }

    private static String sha256(String text) {
        try {
            return hex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
