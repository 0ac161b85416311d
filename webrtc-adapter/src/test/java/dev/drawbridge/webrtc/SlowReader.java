package dev.drawbridge.webrtc;

import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.SideChannel;
import dev.drawbridge.spi.SideChannelListener;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real media transport of somebody who takes his time over every acknowledgement, and counts what has come and is not acknowledged. */
final class SlowReader {
    private static final Pattern ACKNOWLEDGED = Pattern.compile("\\{\"ack\":(\\d+)}");

    private final Executor later;
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong most = new AtomicLong();

    SlowReader(Duration delay) {
        later = CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    long most() {
        return most.get();
    }

    MediaTransport around(MediaTransport real) {
        return replacing(MediaTransport.class, real, "open", (method, arguments) -> {
            arguments[1] = listening((PeerLinkListener) arguments[1]);
            return method.call(arguments);
        });
    }

    private PeerLinkListener listening(PeerLinkListener inner) {
        return replacing(PeerLinkListener.class, inner, "channelOffered", (method, arguments) -> inner.channelOffered(
                        slow((SideChannel) arguments[0]))
                .map(this::counting));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is the answer of the method that is replaced
    private SideChannel slow(SideChannel real) {
        return replacing(SideChannel.class, real, "send", (method, arguments) -> {
            Matcher ack = ACKNOWLEDGED.matcher(arguments[0] instanceof String text ? text : "");
            if (!ack.matches()) {
                return method.call(arguments);
            }
            CompletableFuture<Void> sent = new CompletableFuture<>();
            later.execute(() -> {
                // On a busy machine what was delayed alike may come in another order.
                acknowledged.accumulateAndGet(Long.parseLong(ack.group(1)), Math::max);
                var unused = real.send((String) arguments[0]).thenRun(() -> sent.complete(null));
            });
            return sent;
        });
    }

    private SideChannelListener counting(SideChannelListener inner) {
        return replacing(SideChannelListener.class, inner, "received", (method, arguments) -> {
            if (arguments[0] instanceof byte[] bytes) {
                long held = arrived.addAndGet(bytes.length) - acknowledged.get();
                most.accumulateAndGet(held, Math::max);
            }
            return method.call(arguments);
        });
    }

    /** The real media transport of a holder, which counts what was handed over and has not left. */
    static final class Holder {
        private final AtomicLong held = new AtomicLong();
        private final AtomicLong most = new AtomicLong();

        long most() {
            return most.get();
        }

        MediaTransport around(MediaTransport real) {
            return replacing(
                    MediaTransport.class,
                    real,
                    "open",
                    (method, arguments) -> replacing(
                            PeerLink.class, (PeerLink) method.call(arguments), "openChannel", (opening, its) -> {
                                CompletionStage<?> made = (CompletionStage<?>) opening.call(its);
                                return made.thenApply(channel -> counting((SideChannel) channel));
                            }));
        }

        private SideChannel counting(SideChannel real) {
            return replacing(SideChannel.class, real, "send", (method, arguments) -> {
                int bytes = arguments[0] instanceof byte[] some ? some.length : 0;
                most.accumulateAndGet(held.addAndGet(bytes), Math::max);
                CompletionStage<?> sent = (CompletionStage<?>) method.call(arguments);
                return sent.whenComplete((some, thrown) -> held.addAndGet(-bytes));
            });
        }
    }

    private interface Call {
        Object call(Object[] arguments) throws Throwable;
    }

    private interface Replacement {
        Object call(Call method, Object[] arguments) throws Throwable;
    }

    /** The same but for one method. */
    private static <T> T replacing(Class<T> type, T inner, String name, Replacement replacement) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Call real = with -> {
                try {
                    return method.invoke(inner, with);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            };
            return method.getName().equals(name) ? replacement.call(real, arguments) : real.call(arguments);
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
