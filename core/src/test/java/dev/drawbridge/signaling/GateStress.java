package dev.drawbridge.signaling;

import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import dev.drawbridge.stress.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The gate: once {@code close()} has returned nothing is received, and one Close is the last that was sent. Our connection with
 * its sockets and guards is the real one; OkHttp's WebSocket is replaced by one that a thread of the test plays.
 */
public final class GateStress {
    /** So many frames that the end falls among them, whichever side is quicker. */
    private static final int FRAMES = 20;

    /** By opcode. */
    private static final String LETTERS = ".t......C.p.....";

    private static final Request REQUEST =
            new Request.Builder().url("http://127.0.0.1/").build();

    private GateStress() {}

    private static String once(String letters) {
        return letters.replaceAll("([a-z])\\1+", "$1");
    }

    /** Writes frames as OkHttp does, head and payload apart, and still after it was told to close. */
    private static final class Line extends OkHttpClient implements WebSocket {
        private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
        private @Nullable OutputStream out;

        void connect(OkHttpConnection connection) {
            out = connection.sockets().output(sent);
            write("\r\n\r\n"); // the end of the upgrade
            sent.reset();
        }

        synchronized void frame(int opcode, String payload) {
            write((char) (0x80 | opcode) + "" + (char) payload.length());
            write(payload);
        }

        private void write(String bytes) {
            try {
                out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The frames that have begun: t for a text, p for a pong, C for the Close, repetitions left out. */
        String begun() {
            StringBuilder frames = new StringBuilder();
            byte[] bytes = sent.toByteArray();
            for (int at = 0; at < bytes.length; at += 2 + bytes[at + 1]) {
                frames.append(LETTERS.charAt(bytes[at] & 0xf));
            }
            return once(frames.toString());
        }

        /** The same at the very end, when none may be left half. */
        String whole() {
            byte[] bytes = sent.toByteArray();
            int at = 0;
            while (at < bytes.length) {
                at += 2 + bytes[at + 1];
            }
            return at == bytes.length ? begun() : begun() + " and half a frame";
        }

        @Override
        public WebSocket newWebSocket(Request request, WebSocketListener listener) {
            return this;
        }

        @Override
        public Request request() {
            return REQUEST;
        }

        @Override
        public long queueSize() {
            return 0;
        }

        @Override
        public boolean send(String text) {
            frame(1, text);
            return true;
        }

        @Override
        public boolean send(ByteString bytes) {
            return false;
        }

        @Override
        public boolean close(int code, @Nullable String reason) {
            frame(FrameHeader.CLOSE, "");
            return true;
        }

        @Override
        public void cancel() {}
    }

    /** A connection that stands. */
    abstract static class Open implements SignalingListener {
        final Line line = new Line();
        final OkHttpConnection connection = new OkHttpConnection("test", false, 1 << 20, this);
        private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
        final CompletableFuture<Boolean> gone = new CompletableFuture<>();

        Open() {
            line.connect(connection);
            connection.start(starting -> line, REQUEST.url().toString());
            while (connection.threads().getCompletedTaskCount() == 0) {
                Thread.onSpinWait();
            }
            connection.onOpen(
                    line,
                    new Response.Builder()
                            .request(REQUEST)
                            .protocol(Protocol.HTTP_1_1)
                            .code(101)
                            .message("")
                            .build());
            Patience.await(opened);
        }

        @Override
        public void opened() {
            opened.complete(true);
        }

        @Override
        public void received(String frame) {}

        @Override
        public void gone(SignalingEnd end) {
            gone.complete(true);
        }
    }

    /** The server speaks in the moment in which we leave. */
    @JCStressTest
    @Outcome(
            id = {"g, -", "rg, -"},
            expect = Expect.ACCEPTABLE,
            desc = "received before close() returned, or never; the end is told last")
    @Outcome(
            id = "rg, slow",
            expect = Expect.ACCEPTABLE_INTERESTING,
            desc =
                    "the system stopped the receiving thread for longer than close() may wait; the session drops the frame")
    @Outcome(expect = Expect.FORBIDDEN, desc = "a call after close() had returned, or after the end")
    @State
    public static class ReceiveAgainstClose extends Open {
        private static final long PATIENCE_NANOS = 90_000_000;
        private volatile boolean left;
        private volatile boolean slow;
        private final Queue<String> calls = new ConcurrentLinkedQueue<>();
        private volatile String late = "-";

        @Override
        public void received(String frame) {
            calls.add("r");
            for (int i = 0; i < 1000; i++) { // takes its time: also a call that has begun is to be over
                Thread.onSpinWait();
            }
            if (left) {
                late = slow ? "slow" : "late";
            }
        }

        @Override
        public void gone(SignalingEnd end) {
            calls.add("g");
            super.gone(end);
        }

        @Actor
        public void server() {
            for (int i = 0; i < FRAMES; i++) {
                connection.onMessage(line, "hello");
            }
        }

        @Actor
        public void close() {
            long began = System.nanoTime();
            connection.close();
            slow = System.nanoTime() - began >= PATIENCE_NANOS;
            left = true;
        }

        @Arbiter
        public void told(LL_Result result) {
            Patience.await(gone);
            result.r1 = once(String.join("", calls));
            result.r2 = late;
        }
    }

    /** A frame of ours is on its way in the moment in which we leave. */
    @JCStressTest
    @Outcome(
            id = {"C", "tC"},
            expect = Expect.ACCEPTABLE,
            desc = "whole frames, then one Close")
    @Outcome(expect = Expect.FORBIDDEN, desc = "no Close, part of a frame, or something behind the Close")
    @State
    public static class SendAgainstClose extends Open {
        @Actor
        public void send() {
            for (int i = 0; i < FRAMES; i++) {
                connection.send("x");
            }
        }

        @Actor
        public void close() {
            connection.close();
        }

        @Arbiter
        public void sent(L_Result result) {
            Patience.await(gone);
            result.r1 = line.whole();
        }
    }

    /** OkHttp answers a ping, or sends from its queue, without asking us, while we leave and after. */
    @JCStressTest
    @Outcome(
            id = {"C, C", "pC, pC"},
            expect = Expect.ACCEPTABLE,
            desc = "whole frames, then one Close, all before close() returned")
    @Outcome(expect = Expect.FORBIDDEN, desc = "no Close, part of a frame, or something behind the Close")
    @State
    public static class PongAgainstClose extends Open {
        private volatile String whenLeft = "";

        @Actor
        public void pong() {
            for (int i = 0; i < FRAMES; i++) {
                line.frame(0xa, "p");
            }
        }

        @Actor
        public void close() {
            connection.close();
            whenLeft = line.begun();
        }

        @Arbiter
        public void sent(LL_Result result) {
            Patience.await(gone);
            result.r1 = whenLeft;
            result.r2 = line.whole();
        }
    }

    /** The same where there is no goodbye. */
    @JCStressTest
    @Outcome(
            id = {"-, -", "p-, p-"},
            expect = Expect.ACCEPTABLE,
            desc = "whole frames, none of which began after cancel() returned")
    @Outcome(expect = Expect.FORBIDDEN, desc = "part of a frame, or one that began later")
    @State
    public static class PongAgainstCancel extends Open {
        private volatile String whenLeft = "";

        @Actor
        public void pong() {
            for (int i = 0; i < FRAMES; i++) {
                line.frame(0xa, "p");
            }
        }

        @Actor
        public void cancel() {
            connection.cancel();
            whenLeft = line.begun();
        }

        @Arbiter
        public void sent(LL_Result result) {
            Patience.await(gone);
            result.r1 = whenLeft + "-";
            result.r2 = line.whole() + "-";
        }
    }
}
