package dev.drawbridge.webrtc;

import com.squareup.moshi.JsonAdapter;
import com.squareup.moshi.Moshi;
import dev.drawbridge.testing.HandshakeServer;
import dev.drawbridge.testing.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Speaks just enough of the protocol, publisher's side or viewer's, to misbehave in it. Written from the protocol page and without
 * the library's own code, so that it also checks that.
 */
final class RawPeer implements AutoCloseable {
    static final String DEFAULT_KEY = "someEncryptionKey123";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonAdapter<Object> JSON = new Moshi.Builder().build().adapter(Object.class);
    private static final HexFormat HEX = HexFormat.of();

    private final String id = UUID.randomUUID().toString();
    private final boolean custom;
    private final String stream;
    private final byte[] key;
    private final BlockingQueue<Map<?, ?>> frames = new LinkedBlockingQueue<>();
    private final WebSocket socket;
    private volatile Consumer<Offer> offered;

    /** An offer that came, opened. */
    record Offer(String publisher, String session, String sdp) {}

    RawPeer(HandshakeServer server, String stream) {
        this(server, stream, DEFAULT_KEY);
    }

    /** With a password of letters and digits. */
    RawPeer(HandshakeServer server, String stream, String password) {
        custom = server.shape() != Shape.HOSTED;
        key = keyOf(password);
        this.stream = onTheWire(stream, password);
        socket = CLIENT.newWebSocketBuilder()
                .buildAsync(server.uri(), new Reader())
                .join();
    }

    private static byte[] keyOf(String password) {
        return sha256(password + "vdo.ninja");
    }

    /** What a stream is called there. */
    static String onTheWire(String stream, String password) {
        return stream + HEX.formatHex(keyOf(password), 0, 3);
    }

    /** Takes another key than the one that the stream's name on the wire comes from. */
    void forgetKey() {
        key[0]++;
    }

    /** Our name on the wire, in the custom dialect. */
    String id() {
        return id;
    }

    RawPeer ask() {
        return say(Map.of("request", "play", "streamID", stream));
    }

    /** The frame with which somebody of this name would ask for a stream, with the default key. */
    static String request(String from, String stream) {
        return JSON.toJson(Map.of("request", "play", "streamID", onTheWire(stream, DEFAULT_KEY), "from", from));
    }

    RawPeer announce() {
        return say(Map.of("request", "seed", "streamID", stream));
    }

    /** Calls this with every offer from now on, on a thread of the socket; {@link #awaitOffer} then sees none. */
    RawPeer whenOffered(Consumer<Offer> listener) {
        offered = listener;
        return this;
    }

    /** Waits until a publisher makes its offer. */
    Offer awaitOffer() throws InterruptedException {
        return offer(await(found -> found.containsKey("description")));
    }

    private Offer offer(Map<?, ?> frame) {
        Object description = read(open(text(frame, "description"), text(frame, "vector")));
        return new Offer(sender(frame), text(frame, "session"), text((Map<?, ?>) description, "sdp"));
    }

    /** Whether a description for us has come that nobody took yet; on a fan-out server those for others come too. */
    boolean offered() {
        return frames.stream()
                .anyMatch(frame -> frame.containsKey("description") && (!custom || id.equals(frame.get("UUID"))));
    }

    /** Waits until a viewer asks for the announced stream, and returns who it is. */
    String awaitRequest() throws InterruptedException {
        return sender(await(found -> "play".equals(found.get("request")) || "offerSDP".equals(found.get("request"))));
    }

    void awaitAnswer() throws InterruptedException {
        await(frame -> frame.containsKey("description"));
    }

    RawPeer answer(Offer offer, String sdp) {
        return describe(offer.publisher(), offer.session(), Map.of("type", "answer", "sdp", sdp));
    }

    RawPeer offer(String viewer, String sdp) {
        return describe(viewer, "s1", Map.of("type", "offer", "sdp", sdp));
    }

    /** What was offered, turned around: a good description of somebody who is not there. */
    static String mirrored(Offer offer) {
        return offer.sdp().replace("a=setup:actpass", "a=setup:active").replace("a=sendonly", "a=recvonly");
    }

    /** A description of any shape, well encrypted. */
    RawPeer describe(String to, String session, Object description) {
        Map<String, Object> frame = new LinkedHashMap<>(sealed("description", description));
        frame.put("UUID", to);
        frame.put("session", session);
        frame.put("streamID", stream);
        return say(frame);
    }

    /** Candidates of any shape, well encrypted. */
    RawPeer candidates(Offer offer, Object candidates) {
        Map<String, Object> frame = new LinkedHashMap<>(sealed("candidates", candidates));
        frame.put("UUID", offer.publisher());
        frame.put("session", offer.session());
        frame.put("type", "remote");
        return say(frame);
    }

    RawPeer say(Map<String, ?> fields) {
        Map<String, Object> frame = new LinkedHashMap<>(fields);
        if (custom) {
            frame.put("from", id);
        }
        return text(JSON.toJson(frame));
    }

    /** Any text at all. One at a time: a socket of this kind fails if two threads send. */
    synchronized RawPeer text(String text) {
        socket.sendText(text, true).join();
        return this;
    }

    /** The next frame of this kind; what comes before it is thrown away. */
    private Map<?, ?> await(Predicate<Map<?, ?>> wanted) throws InterruptedException {
        while (true) {
            Map<?, ?> frame = frames.poll(Stage.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (frame == null) {
                throw new AssertionError("no such frame came");
            }
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    private String sender(Map<?, ?> frame) {
        return text(frame, custom ? "from" : "UUID");
    }

    private static String text(Map<?, ?> frame, String name) {
        return String.valueOf(frame.get(name));
    }

    private Map<String, Object> sealed(String name, Object content) {
        byte[] iv = new byte[16];
        byte[] cipher = crypt(Cipher.ENCRYPT_MODE, JSON.toJson(content).getBytes(StandardCharsets.UTF_8), iv);
        return Map.of(name, HEX.formatHex(cipher), "vector", HEX.formatHex(iv));
    }

    private String open(String cipher, String vector) {
        return new String(
                crypt(Cipher.DECRYPT_MODE, HEX.parseHex(cipher), HEX.parseHex(vector)), StandardCharsets.UTF_8);
    }

    /** The descriptions and candidates that a frame holds, opened with this password; empty if it holds none for it. */
    static String opened(String frame, String password) {
        StringBuilder all = new StringBuilder();
        if (read(frame) instanceof Map<?, ?> fields && fields.get("vector") instanceof String vector) {
            for (String name : List.of("description", "candidate", "candidates")) {
                if (fields.get(name) instanceof String cipher) {
                    all.append(tried(HEX.parseHex(cipher), HEX.parseHex(vector), keyOf(password)));
                }
            }
        }
        return all.toString();
    }

    private static String tried(byte[] cipher, byte[] iv, byte[] key) {
        try {
            return new String(crypt(Cipher.DECRYPT_MODE, cipher, iv, key), StandardCharsets.UTF_8);
        } catch (IllegalStateException otherKey) {
            return "";
        }
    }

    private byte[] crypt(int mode, byte[] bytes, byte[] iv) {
        return crypt(mode, bytes, iv, key);
    }

    private static byte[] crypt(int mode, byte[] bytes, byte[] iv, byte[] key) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Object read(String json) {
        try {
            return JSON.fromJson(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Reader implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                if (read(text.toString()) instanceof Map<?, ?> frame) {
                    take(frame);
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(Map<?, ?> frame) {
            Consumer<Offer> listener = offered;
            if (listener != null && frame.containsKey("description")) {
                listener.accept(offer(frame));
            } else {
                frames.add(frame);
            }
        }
    }
}
