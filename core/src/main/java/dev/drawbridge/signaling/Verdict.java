package dev.drawbridge.signaling;

import dev.drawbridge.spi.SignalingEnd;
import dev.drawbridge.spi.SignalingEnd.Kind;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What a failure means and what to do about it. The words are ours: messages of exceptions may hold addresses with secrets in
 * them, or pieces of what the server sent.
 */
final class Verdict {
    private Verdict() {}

    /**
     * @param status the HTTP status of the answer to the upgrade, if there was one
     * @param place host and port
     */
    static SignalingEnd of(Throwable failure, OptionalInt status, boolean stood, String place) {
        Optional<BrokenProtocolException> broken = cause(failure, BrokenProtocolException.class);
        if (broken.isPresent()) {
            return end(Kind.PROTOCOL_ERROR, place + ": " + broken.get().detail() + "; check what runs at this address");
        }
        if (stood) {
            return established(failure, place);
        }
        if (status.isPresent()) {
            return refused(status.getAsInt(), place);
        }
        if (failure instanceof SSLException) {
            return tls(failure, place);
        }
        if (failure instanceof ProtocolException) {
            return end(
                    Kind.PROTOCOL_ERROR,
                    "what answers at " + place + " is not a WebSocket server; check host, port and path");
        }
        return unreachable(failure, place);
    }

    /** Why a text could not be fetched. */
    static String ofFetch(Throwable failure, String place) {
        return failure instanceof ProtocolException
                ? "what answers at " + place + " is not a web server; check host and port"
                : of(failure, OptionalInt.empty(), false, place).detail();
    }

    /** {@code wss} or {@code ws} with a host, as far as OkHttp could read it. */
    static SignalingEnd badAddress() {
        return end(Kind.UNREACHABLE, "the server's address is not of the form ws://host or wss://host");
    }

    private static SignalingEnd established(Throwable failure, String place) {
        if (failure instanceof ProtocolException) {
            return end(Kind.PROTOCOL_ERROR, place + " broke the WebSocket protocol; check what runs at this address");
        }
        return failure instanceof InterruptedIOException
                ? end(Kind.LOST, place + " does not answer any more; check the network")
                : end(Kind.LOST, "the connection to " + place + " broke; check the network if it goes on like that");
    }

    private static SignalingEnd refused(int status, String place) {
        String answer = place + " answered " + status;
        return switch (status) {
            case 101 ->
                end(
                        Kind.PROTOCOL_ERROR,
                        "what answers at " + place + " is not a WebSocket server; check host, port and path");
            case 503, 429 ->
                end(
                        Kind.REFUSED,
                        answer + ": usually too many connections from this address; wait before trying again");
            case 301, 302, 303, 307, 308 ->
                end(
                        Kind.REFUSED,
                        answer + ": the server has moved, and redirects are not followed; give its new address");
            case 401, 403, 407 ->
                end(
                        Kind.REFUSED,
                        answer
                                + ": the server or a proxy wants to know who asks; write its key into the address, or give an OkHttpClient that says who");
            default -> end(Kind.REFUSED, answer + "; check the path of the address");
        };
    }

    private static SignalingEnd tls(Throwable failure, String place) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof SSLPeerUnverifiedException) {
            return end(
                    Kind.TLS_FAILED,
                    "the certificate of " + place
                            + " is not for this name or not the pinned one; check the name in the address, and the pin");
        }
        if (cause(failure, GeneralSecurityException.class).isPresent()) {
            return end(
                    Kind.TLS_FAILED,
                    "the certificate of " + place + " is not trusted; give an OkHttpClient that trusts it, or fix it");
        }
        return message.startsWith("Unsupported or unrecognized SSL message")
                ? end(Kind.TLS_FAILED, place + " does not speak TLS; is it ws:// instead of wss://?")
                : end(
                        Kind.TLS_FAILED,
                        "the TLS handshake with " + place + " failed; check that its versions of TLS are of today");
    }

    private static SignalingEnd unreachable(Throwable failure, String place) {
        String text;
        if (failure instanceof ProxyRefusedException refused) {
            text = place + " is out of reach: " + refused.detail() + "; check the proxy's settings";
        } else if (failure instanceof UnknownHostException) {
            text = "no address is known for " + place + "; check the name and the network";
        } else if (failure instanceof ConnectException) {
            text = place + " refused the connection; is the server running?";
        } else if (failure instanceof NoRouteToHostException) {
            text = "there is no route to " + place + "; check the network";
        } else if (failure instanceof InterruptedIOException) {
            text = place + " did not answer in time; check the address and the firewalls in between";
        } else {
            text = place + " hung up before the connection stood; does it want wss:// instead of ws://?";
        }
        return end(Kind.UNREACHABLE, text);
    }

    private static SignalingEnd end(Kind kind, String detail) {
        return new SignalingEnd(kind, detail);
    }

    private static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
            at = at.getCause();
        }
        return Optional.empty();
    }
}
