package dev.drawbridge.internal.runtime;

import dev.drawbridge.NetworkContact.Purpose;
import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.TurnExpired;
import dev.drawbridge.SessionEvent.TurnListFailed;
import dev.drawbridge.internal.crypto.WebText;
import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.wire.TurnList;
import dev.drawbridge.spi.FetchListener;
import dev.drawbridge.spi.IceServer;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The STUN and TURN servers that the links of a session may use: those of the options, without the expired ones, and those of the TURN
 * list. On the session's thread alone.
 *
 * <p>The list is asked for while a socket connects, and had once: its servers and their credentials are those of the session from
 * then on. Each request lives in the shadow of a socket. It begins after it and is called off with it, so whatever ends the
 * socket for good, the seal above all, has ended the request, and there is no other place from which one could begin.
 */
final class IceServers {
    /** For the whole request: a link that waits for it must not miss its own deadline. */
    static final Duration LIMIT = Duration.ofSeconds(2);

    /** The zero of the public service's clock (protocol 8). */
    private static final long EPOCH_MILLIS = 1_653_305_816_700L;

    private final NetworkPolicy network;
    private final SignalingTransport transport;
    private final Scheduler scheduler;
    private final int zone;
    private final Contacts contacts;
    private final Consumer<SessionEvent> teller;
    private final List<Runnable> waiting = new ArrayList<>();
    private final Set<IceServer> told = new HashSet<>();
    private List<IceServer> listed = List.of();
    private boolean had;
    private int requests;
    private @Nullable Request asking;

    private record Request(Scheduler.Cancellable fetch, Scheduler.Cancellable limit) {
        void end() {
            limit.cancel();
            fetch.cancel();
        }
    }

    /** @param zone where we are, in minutes west of UTC */
    IceServers(
            NetworkPolicy network,
            SignalingTransport transport,
            Scheduler scheduler,
            int zone,
            Contacts contacts,
            Consumer<SessionEvent> teller) {
        this.network = network;
        this.transport = transport;
        this.scheduler = scheduler;
        this.zone = zone;
        this.contacts = contacts;
        this.teller = teller;
    }

    /** A socket is being connected: asks for the list, unless there is none or it is there already. */
    void socketOpens() {
        Optional<URI> list =
                network.turnList().filter(uri -> !had && PathPolicy.of(network).asksServers());
        if (list.isEmpty()) {
            return;
        }
        int number = ++requests;
        contacts.reached(Purpose.TURN_LIST);
        Scheduler.Cancellable limit =
                scheduler.schedule(LIMIT, () -> failed(number, "no answer within " + LIMIT.toSeconds() + " s"));
        Scheduler.Cancellable fetch = transport.fetch(address(list.get()), new FetchListener() {
            @Override
            public void fetched(String text) {
                Optional<TurnList> read = TurnList.read(text); // here, for it may be long
                scheduler.execute(() -> heard(number, read));
            }

            @Override
            public void failed(String detail) {
                scheduler.execute(() -> IceServers.this.failed(number, detail));
            }
        });
        asking = new Request(fetch, limit);
    }

    /** The socket is gone or on its way: so is the request, from the return on. Who waits for it goes on without. */
    void socketEnds() {
        if (asking != null) {
            settle();
        }
    }

    private URI address(URI list) {
        long now = scheduler.now().toEpochMilli() - EPOCH_MILLIS;
        String code = network.relayCode()
                .map(text -> "&code=" + WebText.encodeComponent(text))
                .orElse("");
        String text = list.toString();
        return URI.create(text + (list.getRawQuery() == null ? "?" : "&") + "ts=" + now + code);
    }

    private void heard(int number, Optional<TurnList> list) {
        if (asking == null || number != requests) {
            return;
        }
        List<IceServer> chosen =
                list.map(read -> read.nearest(zone, network.tcpOnly())).orElse(List.of());
        if (chosen.isEmpty()) {
            failed(number, list.isEmpty() ? "the answer is no list" : "no server of the list can be used");
            return;
        }
        listed = chosen;
        had = true;
        contacts.listed(chosen);
        settle();
    }

    private void failed(int number, String detail) {
        if (asking != null && number == requests) {
            teller.accept(new TurnListFailed(scheduler.now(), detail));
            settle();
        }
    }

    private void settle() {
        if (asking != null) {
            asking.end();
            asking = null;
        }
        // Later, so that who is closed by the same step that ended the socket is not made only to be closed.
        scheduler.execute(() -> {
            List<Runnable> ready = List.copyOf(waiting);
            waiting.clear();
            ready.forEach(Runnable::run);
        });
    }

    /** Whether it has to be waited for what the servers are. Never for longer than {@link #LIMIT} after the socket began. */
    boolean undecided() {
        return asking != null;
    }

    void whenDecided(Runnable task) {
        waiting.add(task);
    }

    /** Nobody waits any more. */
    void forget() {
        waiting.clear();
    }

    /** What a link that is made now may use. An expired one is told once. */
    List<IceServer> usable() {
        List<IceServer> usable = new ArrayList<>();
        Stream.concat(network.iceServers().stream(), listed.stream()).distinct().forEach(server -> {
            if (!server.expired(scheduler.now())) {
                usable.add(server);
            } else if (told.add(server)) {
                teller.accept(new TurnExpired(scheduler.now(), server.url()));
            }
        });
        return List.copyOf(usable);
    }
}
