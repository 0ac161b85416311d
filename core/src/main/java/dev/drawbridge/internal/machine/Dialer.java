package dev.drawbridge.internal.machine;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.SignalingEnd;
import java.time.Duration;

/** What both machines do with the handshake server: connect, and after a loss connect again. Pure. */
final class Dialer {
    private Dialer() {}

    /** The first connection of a session. */
    static Server first(Effects out) {
        return dial(new Server.Dialing(1, 0, false), out);
    }

    /**
     * The next attempt after a pause. Generations go up by one with every attempt of a session. There are never two sockets: what
     * is said of one, above all that it is gone, is said of the session.
     */
    static Server again(Server.Away away, Effects out) {
        if (!away.gone()) {
            out.start(Timer.of(Timer.Kind.RECONNECT), Times.reconnect(Math.max(1, away.attempt())));
            return away;
        }
        return dial(new Server.Dialing(away.last() + 1, away.attempt(), true), out);
    }

    /**
     * The network is another one, so what did not work may work now, and what worked may be dead without a word. The first pause after a
     * loss is left out, each later one shortened once: a network that changes all the time must neither keep the next attempt from its
     * turn nor make one attempt follow the other.
     */
    static Server networkChanged(Server server, Effects out) {
        if (!(server instanceof Server.Away away)) {
            check(server, out);
            return server;
        }
        if (away.shortened()) {
            return away;
        }
        if (!away.gone() || away.attempt() > 1) {
            out.start(Timer.of(Timer.Kind.RECONNECT), Times.reconnect(1));
            return away.hurried();
        }
        out.cancel(Timer.of(Timer.Kind.RECONNECT));
        return again(away, out);
    }

    /** Something makes us doubt the network. */
    static void check(Server server, Effects out) {
        if (server instanceof Server.Joining || server instanceof Server.Live) {
            out.add(new Effect.CheckSocket(server.generation()));
        }
    }

    private static Server dial(Server.Dialing dialing, Effects out) {
        out.add(new Effect.OpenSocket(dialing.generation()));
        out.start(Timer.of(Timer.Kind.DIAL), Times.DIAL);
        return dialing;
    }

    /** Enters the room. */
    static Server join(Server.Dialing dialing, Effects out) {
        out.signal(dialing.generation(), new Message.JoinRoom());
        out.start(Timer.of(Timer.Kind.LISTING), Times.LISTING);
        return new Server.Joining(dialing.generation(), dialing.restoring(), false, since(dialing, out));
    }

    /** Enters the room once more, since the first time may have been lost. */
    static Server joinAgain(Server.Joining joining, Effects out) {
        out.signal(joining.generation(), new Message.JoinRoom());
        out.start(Timer.of(Timer.Kind.LISTING), Times.LISTING);
        return new Server.Joining(joining.generation(), joining.restoring(), true, joining.since());
    }

    /** The connection can be used. */
    static Server live(Server connected, Effects out) {
        return new Server.Live(connected.generation(), 0, 0, false, false, since(connected, out));
    }

    /** What is known of a connection; one that is only now open stands since now. */
    private static Server.Since since(Server server, Effects out) {
        if (server instanceof Server.Joining joining) {
            return joining.since();
        }
        if (server instanceof Server.Live live) {
            return live.since();
        }
        int attempt = server instanceof Server.Dialing dialing ? dialing.attempt() : ((Server.Away) server).attempt();
        return new Server.Since(attempt, out.at());
    }

    /**
     * After an established connection was lost or given up, or an attempt to restore it failed.
     *
     * @param gone whether the socket is known not to exist any more
     */
    static Server lost(Server server, boolean gone, String detail, Effects out) {
        int attempt = since(server, out).attempts(out.at()) + 1;
        Duration delay = Times.reconnect(attempt);
        out.cancel(Timer.of(Timer.Kind.DIAL));
        out.cancel(Timer.of(Timer.Kind.LISTING));
        out.cancel(Timer.of(Timer.Kind.RESEED));
        out.add(new Effect.StartTimer(Timer.of(Timer.Kind.RECONNECT), delay, true));
        out.emit(at -> new SignalingLost(at, detail, delay));
        return new Server.Away(attempt, server.generation(), gone, false);
    }

    /** Gives a socket up that still exists. */
    static Server giveUp(Server server, String detail, Effects out) {
        out.add(new Effect.CloseSocket(server.generation()));
        return lost(server, false, detail, out);
    }

    /** Whether this end of a socket ends the session: the very first connection never came about, as the program waits to hear. */
    static boolean hopeless(Server server) {
        return (server instanceof Server.Dialing d && !d.restoring())
                || (server instanceof Server.Joining j && !j.restoring());
    }

    static CloseReason reason(SignalingEnd end) {
        return switch (end.kind()) {
            case TLS_FAILED -> CloseReason.TLS_FAILED;
            case REFUSED -> CloseReason.SERVER_REFUSED;
            case PROTOCOL_ERROR -> CloseReason.SERVER_PROTOCOL;
            case UNREACHABLE, LOST, CLOSED_BY_SERVER, CLOSED_BY_US -> CloseReason.SERVER_UNREACHABLE;
        };
    }
}
