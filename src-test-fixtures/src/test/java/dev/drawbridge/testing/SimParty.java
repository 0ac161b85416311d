package dev.drawbridge.testing;

import dev.drawbridge.CloseReason;
import dev.drawbridge.Publisher;
import dev.drawbridge.Session;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.MediaStarted;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.StreamRequested;
import dev.drawbridge.SessionEvent.StreamStarted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.spi.Scheduler;
import dev.drawbridge.spi.SignalingConnection;
import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingListener;
import dev.drawbridge.spi.SignalingTransport;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A real session of a simulated run, looked at after each of its steps: the order of its events, and what was promised about the
 * server, the links and the media.
 */
final class SimParty {
    final String name;
    final FakeMedia media;
    final FakeSignaling signaling;
    private final boolean secure;
    private final EventGrammar grammar;
    private final Instant started;
    private @Nullable Session session;
    private Runnable startFailed = () -> {};
    private int seen;
    private int dialed;
    private int standing;
    private int linksWhenJoined = -1;
    private int dialedWhenSealed = -1;
    private Optional<Instant> underWay = Optional.empty();
    private Optional<Instant> joined = Optional.empty();
    private Optional<Instant> sealed = Optional.empty();
    private Optional<Instant> streamStarted = Optional.empty();
    private Optional<Instant> mediaStarted = Optional.empty();
    private Optional<Closed> closed = Optional.empty();

    /** Makes the session; the clock must not move meanwhile. */
    interface Start {
        Session with(SimParty party) throws Exception;
    }

    SimParty(String name, boolean secure, FakeMedia media, FakeSignaling signaling, Instant now) {
        this.name = name;
        this.secure = secure;
        this.media = media;
        this.signaling = signaling;
        this.started = now;
        grammar = secure ? EventGrammar.ofSecure() : EventGrammar.of();
    }

    void begin(Start start) {
        try {
            session = start.with(this);
        } catch (Exception e) {
            throw new AssertionError(name + " cannot start", e);
        }
    }

    /** Called when the session closes before it was announced or asked for anything. */
    void whenStartFails(Runnable task) {
        startFailed = task;
    }

    Session session() {
        if (session == null) {
            throw new AssertionError(name + " has not started");
        }
        return session;
    }

    // ---- after each step

    /** This scheduler looks at the session after each of its tasks. */
    Scheduler watched(Scheduler clock) {
        return new Scheduler() {
            @Override
            public Instant now() {
                return clock.now();
            }

            @Override
            public void execute(Runnable task) {
                clock.execute(() -> looked(task));
            }

            @Override
            public Cancellable schedule(Duration delay, Runnable task) {
                return clock.schedule(delay, () -> looked(task));
            }

            @Override
            public void close() {
                clock.close();
            }
        };
    }

    private void looked(Runnable task) {
        task.run();
        look();
    }

    private void look() {
        List<SessionEvent> events = session().events();
        for (; seen < events.size(); seen++) {
            heard(events.get(seen));
        }
        if (dialedWhenSealed >= 0 && (dialed != dialedWhenSealed || standing > 0)) {
            throw broken("has something to do with the server after the seal");
        }
        if (secure && linksWhenJoined >= 0 && media.links().size() != linksWhenJoined) {
            throw broken("makes another connection although its viewer is in");
        }
    }

    private void heard(SessionEvent event) {
        try {
            grammar.accept(event);
        } catch (AssertionError e) {
            throw broken(e.getMessage());
        }
        Optional<Instant> at = Optional.of(event.at());
        if (event instanceof Announced || event instanceof StreamRequested || event instanceof Closed) {
            boolean failed = event instanceof Closed && underWay.isEmpty();
            underWay = underWay.or(() -> at);
            if (failed) {
                startFailed.run();
            }
        }
        if (event instanceof ViewerJoined) {
            if (secure && joined.isPresent()) {
                throw broken("admits a second viewer");
            }
            joined = at;
            linksWhenJoined = media.links().size();
            onlyAdmittedGetMedia();
        } else if (event instanceof Sealed) {
            sealed = at;
            dialedWhenSealed = dialed;
        } else if (event instanceof StreamStarted) {
            streamStarted = streamStarted.or(() -> at);
        } else if (event instanceof MediaStarted) {
            mediaStarted = mediaStarted.or(() -> at);
        } else if (event instanceof Closed end) {
            closed = Optional.of(end);
            if (end.reason() == CloseReason.INTERNAL_ERROR) {
                throw broken("fails inside: " + end.detail());
            }
        }
    }

    private void onlyAdmittedGetMedia() {
        if (session() instanceof Publisher) {
            long admitted = session().events().stream()
                    .filter(ViewerJoined.class::isInstance)
                    .count();
            long served = media.links().stream()
                    .filter(link -> link.released() || link.packetsSent() > 0)
                    .count();
            if (served > admitted) {
                throw broken("sends media to " + served + " and has admitted " + admitted);
            }
        }
    }

    // ---- at certain moments

    /** @param limit within which a start has to come to something */
    void mustBeUnderWay(Duration limit) {
        if (underWay.filter(at -> !at.isAfter(started.plus(limit))).isEmpty()) {
            throw broken("is neither announced nor asking nor closed " + limit.toSeconds() + " s after its start");
        }
    }

    /** After everybody was closed and given the time for it. */
    void mustBeOver() {
        look();
        if (closed.isEmpty() || !grammar.isClosed()) {
            throw broken("was closed and has not ended");
        }
        if (standing > 0 || !media.closed() || !media.links().stream().allMatch(FakeLink::closed)) {
            throw broken("has ended and left something behind");
        }
        onlyAdmittedGetMedia();
    }

    /** Who is in is sealed in, or gone, at most this long after it came. */
    void mustHaveSealed(Instant now, Duration limit) {
        boolean due = joined.filter(at -> at.plus(limit).isBefore(now)).isPresent();
        if (secure && due && sealed.isEmpty() && closed.isEmpty()) {
            throw broken("has a viewer and no seal");
        }
    }

    boolean isClosed() {
        return closed.isPresent();
    }

    Optional<Instant> joined() {
        return joined;
    }

    Optional<Instant> sealed() {
        return sealed;
    }

    Optional<Instant> streamStarted() {
        return streamStarted;
    }

    Optional<Instant> mediaStarted() {
        return mediaStarted;
    }

    AssertionError broken(String how) {
        return new AssertionError(name + " " + how);
    }

    List<String> story() {
        return EventRecorder.story(session().events());
    }

    // ---- the server as this party knows it

    /** Counts what this session does with the server, and holds it against the promise of close. */
    SignalingTransport transport() {
        return (server, listener) -> {
            dialed++;
            standing++;
            return connection(server, listener);
        };
    }

    private SignalingConnection connection(URI server, SignalingListener listener) {
        SignalingConnection connection = signaling.open(server, new SignalingListener() {
            @Override
            public void opened() {
                listener.opened();
            }

            @Override
            public void received(String frame) {
                listener.received(frame);
            }

            @Override
            public void unusable(String detail) {
                listener.unusable(detail);
            }

            @Override
            public void gone(SignalingEnd end) {
                standing--;
                listener.gone(end);
            }
        });
        return new SignalingConnection() {
            private boolean left;

            @Override
            public boolean send(String frame) {
                if (left) {
                    throw broken("sends after it has left the server");
                }
                return connection.send(frame);
            }

            @Override
            public void close() {
                left = true;
                connection.close();
            }

            @Override
            public void cancel() {
                left = true;
                connection.cancel();
            }
        };
    }
}
