package dev.drawbridge;

import dev.drawbridge.RequestException.Reason;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.StreamEnded;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.internal.machine.Recipient;
import dev.drawbridge.internal.wire.Exchanged;
import dev.drawbridge.internal.wire.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Named channels and requests over the data of a session, as the JavaScript SDK has them (protocol section 4.6), so that both
 * sides need not agree on a format of their own.
 *
 * <pre>{@code
 * Exchange exchange = Exchange.over(publisher);
 * exchange.subscribe("lights", message -> lamp.set(message.json()));
 * exchange.respond("temperature", request -> CompletableFuture.completedStage("21.5"));
 * exchange.publish("alarms", "{\"door\":\"open\"}");
 * }</pre>
 *
 * <p>A peer is called what {@link DataReceived#from} calls it: {@code viewer-1}, or a stream id. Everything of it is told as {@link
 * DataReceived} as well; nothing needs a handshake server, so it works behind a raised bridge.
 *
 * <p><b>Thread:</b> every method may be called from any thread; subscribers and responders are called on the thread of the session's
 * listeners, and what they throw is logged. <b>Blocking:</b> none. <b>After the session's end:</b> nothing is received, and what is
 * sent fails.
 */
public final class Exchange implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);
    /** Requests of ours that wait, and such of others that are being answered. */
    private static final int MOST = 1_024;

    private final Session session;
    private final Map<String, List<Consumer<ChannelMessage>>> subscribers = new ConcurrentHashMap<>();
    private final Map<String, Responder> responders = new ConcurrentHashMap<>();
    private final Map<String, Asked> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger answering = new AtomicInteger();
    private final Subscription events;

    /**
     * Something that was published.
     *
     * @param from as in {@link DataReceived}
     * @param json one JSON value
     */
    public record ChannelMessage(String from, String channel, String json) {
        @Override
        public String toString() {
            return "ChannelMessage(" + json.length() + " chars)";
        }
    }

    /**
     * Something that was asked.
     *
     * @param from as in {@link DataReceived}
     * @param json one JSON value
     */
    public record Request(String from, String type, String json) {
        @Override
        public String toString() {
            return "Request(" + json.length() + " chars)";
        }
    }

    /** Answers requests of one type. */
    @FunctionalInterface
    public interface Responder {
        /**
         * Answers with one JSON value, then or later. If the stage fails, or this throws, the other side is told the message of the
         * exception: put nothing secret there. What is no JSON is told as a failure too.
         */
        CompletionStage<String> respond(Request request);
    }

    /** A request of ours on its way. */
    private record Asked(String peer, CompletableFuture<String> response) {}

    private Exchange(Session session) {
        this.session = session;
        events = session.subscribe(this::heard);
        var unused = session.closed().thenRun(this::close);
    }

    /** Over the data of this session. There may be several; each hears everything. */
    public static Exchange over(Session session) {
        return new Exchange(session);
    }

    // ---- channels ---------------------------------------------------------------------------------------------------

    /**
     * Sends a message on a channel to everybody; whoever has subscribed there hears it. Stage and failures are those of {@link
     * Session#sendJson(String)}.
     *
     * @param channel at most 128 characters
     * @param json one JSON value, nested at most 30 deep
     * @throws IllegalArgumentException if the channel's name is too long, or it is no such JSON
     */
    public CompletionStage<Integer> publish(String channel, String json) {
        return session.sendJson(Exchanged.published(name(channel, "channel"), value(json), System.currentTimeMillis()));
    }

    /**
     * Hears what is published on a channel from now on, by anybody at the other end of the session. Others are told that we listen, now
     * and when they join; the SDK shows that to its program.
     *
     * @param channel at most 128 characters
     * @throws IllegalArgumentException if the channel's name is too long
     */
    public Subscription subscribe(String channel, Consumer<ChannelMessage> subscriber) {
        subscribers.compute(name(channel, "channel"), (name, list) -> {
            List<Consumer<ChannelMessage>> now = list == null ? new CopyOnWriteArrayList<>() : list;
            now.add(subscriber);
            return now;
        });
        var unused = session.sendJson(Exchanged.subscription(true, List.of(channel)));
        return () -> unsubscribe(channel, subscriber);
    }

    private void unsubscribe(String channel, Consumer<ChannelMessage> subscriber) {
        subscribers.computeIfPresent(channel, (name, list) -> {
            if (!list.remove(subscriber) || !list.isEmpty()) {
                return list;
            }
            var unused = session.sendJson(Exchanged.subscription(false, List.of(channel)));
            return null;
        });
    }

    // ---- requests ---------------------------------------------------------------------------------------------------

    /**
     * Asks a peer and waits for its response.
     *
     * <p><b>Failures</b> are {@link RequestException}s. The stage completes on the thread of the session's listeners, a failure in
     * the JDK's common pool.
     *
     * @param peer as in {@link DataReceived#from}
     * @param type what the other side's responder is called, at most 128 characters
     * @param json one JSON value, nested at most 30 deep
     * @param patience above zero
     * @throws IllegalArgumentException if the type is too long, it is no such JSON, or there is no patience
     */
    public CompletionStage<String> request(String peer, String type, String json, Duration patience) {
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience is " + patience + ", so no response could come in time");
        }
        String id = UUID.randomUUID().toString();
        String message = Exchanged.request(name(type, "type"), id, value(json));
        CompletableFuture<String> response = new CompletableFuture<>();
        if (waiting.size() >= MOST) {
            response.completeExceptionally(new RequestException(Reason.TOO_MANY, MOST + " requests are waiting"));
            return response.minimalCompletionStage();
        }
        waiting.put(id, new Asked(peer, response));
        var unusedEnd = response.orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((some, none) -> waiting.remove(id));
        var unused = sendTo(peer, message).whenComplete((nothing, thrown) -> {
            if (thrown != null) {
                response.completeExceptionally(notSent(thrown));
            }
        });
        // Failures come from the process' one timer and from the session's thread, where the program's code has no
        // business.
        return response.exceptionallyComposeAsync(thrown -> CompletableFuture.failedStage(
                        thrown instanceof TimeoutException
                                ? new RequestException(Reason.NO_RESPONSE, "no response within " + patience)
                                : thrown))
                .minimalCompletionStage();
    }

    /**
     * Answers requests of one type from now on, instead of who did so before. Requests that nobody answers get no response. At most
     * 1,024 are being answered at a time; what is above gets a failure.
     *
     * @param type at most 128 characters
     * @throws IllegalArgumentException if it is too long
     */
    public Subscription respond(String type, Responder responder) {
        responders.put(name(type, "type"), responder);
        return () -> responders.remove(type, responder);
    }

    /** Hears and answers no more; what still waits for a response fails with {@code CLOSED}. The session goes on. Idempotent. */
    @Override
    public void close() {
        events.close();
        subscribers.clear();
        responders.clear();
        waiting.values().forEach(asked -> asked.response()
                .completeExceptionally(new RequestException(Reason.CLOSED, "closed before a response came")));
    }

    // ---- what is heard ----------------------------------------------------------------------------------------------

    private void heard(SessionEvent event) {
        if (event instanceof DataReceived data) {
            Exchanged.read(data.json()).ifPresent(message -> heard(data.from(), message));
        } else if (event instanceof ViewerJoined joined) {
            greet(joined.viewer().toString());
        } else if (event instanceof ViewerLeft left) {
            gone(left.viewer().toString());
        } else if (event instanceof StreamStarted started) {
            greet(started.stream().value());
        } else if (event instanceof StreamEnded ended) {
            gone(ended.stream().value());
        }
    }

    private void heard(String from, Exchanged message) {
        if (message instanceof Exchanged.Published published) {
            ChannelMessage told = new ChannelMessage(from, published.channel(), published.json());
            for (Consumer<ChannelMessage> subscriber : subscribers.getOrDefault(published.channel(), List.of())) {
                guarded(() -> subscriber.accept(told));
            }
        } else if (message instanceof Exchanged.Request request) {
            Responder responder = responders.get(request.type());
            if (responder != null) {
                answer(from, request, responder);
            }
        } else if (message instanceof Exchanged.Response response) {
            Asked asked = waiting.get(response.id());
            // Whoever was not asked cannot answer.
            if (asked != null && asked.peer().equals(from)) {
                response.error()
                        .ifPresentOrElse(
                                error -> asked.response()
                                        .completeExceptionally(new RequestException(Reason.FAILED, error)),
                                () -> asked.response().complete(response.json()));
            }
        }
    }

    private void answer(String from, Exchanged.Request request, Responder responder) {
        if (answering.incrementAndGet() > MOST) {
            answered(from, Exchanged.failure(request.id(), "too many requests at a time"));
            return;
        }
        CompletionStage<String> response;
        try {
            response = Objects.requireNonNull(
                    responder.respond(new Request(from, request.type(), request.json())), "no response");
        } catch (Throwable thrown) { // the program's defect is an answer too
            response = CompletableFuture.failedStage(thrown);
        }
        var unused = response.whenComplete((json, thrown) -> answered(from, response(request.id(), json, thrown)));
    }

    private void answered(String to, String message) {
        answering.decrementAndGet();
        var unused = sendTo(to, message);
    }

    private static String response(String id, @Nullable String json, @Nullable Throwable thrown) {
        if (thrown != null) {
            Throwable cause = thrown.getCause() != null ? thrown.getCause() : thrown;
            log.debug("A request failed in its responder", thrown);
            String text = String.valueOf(cause.getMessage());
            return Exchanged.failure(id, text.length() > Limits.NOTICE ? text.substring(0, Limits.NOTICE) : text);
        }
        return json != null && Exchanged.carries(json)
                ? Exchanged.response(id, json)
                : Exchanged.failure(id, "the response is not JSON");
    }

    /** Who has just come is told what we listen to. */
    private void greet(String peer) {
        if (!subscribers.isEmpty()) {
            var unused = sendTo(peer, Exchanged.subscription(true, List.copyOf(subscribers.keySet())));
        }
    }

    private void gone(String peer) {
        for (Asked asked : waiting.values()) {
            if (asked.peer().equals(peer)) {
                asked.response()
                        .completeExceptionally(new RequestException(Reason.PEER_GONE, "the peer went away first"));
            }
        }
    }

    private CompletionStage<Integer> sendTo(String peer, String json) {
        return session.json(new Recipient.Named(peer), json);
    }

    private static RequestException notSent(Throwable thrown) {
        SendException why = (SendException) (thrown.getCause() == null ? thrown : thrown.getCause());
        return switch (why.reason()) {
            case PEER_GONE -> new RequestException(Reason.PEER_GONE, "the peer went away first");
            case SESSION_CLOSED -> new RequestException(Reason.CLOSED, "the session is over");
            default -> new RequestException(why);
        };
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable thrown) { // one subscriber's defect is not the next one's
            log.warn("A subscriber of a channel threw", thrown);
        }
    }

    private static String name(String name, String what) {
        if (name.isEmpty() || name.length() > Limits.ID) {
            throw new IllegalArgumentException(
                    "a " + what + " of " + name.length() + " characters; 1 to " + Limits.ID + " are allowed");
        }
        return name;
    }

    private static String value(String json) {
        if (!Exchanged.carries(json)) {
            throw new IllegalArgumentException("not one JSON value, or one that is nested deeper than 30");
        }
        return json;
    }
}
