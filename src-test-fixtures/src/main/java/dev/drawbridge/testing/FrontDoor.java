package dev.drawbridge.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers HTTP: upgrades to WebSocket on every path, and the pages. No extension is ever agreed to. */
final class FrontDoor extends Handler.Abstract {
    private static final String VERSION = "13";
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Switchboard switchboard;
    private final FaultPlan plan;
    private final Pages pages;
    private final int maxFrame;
    private final long maxQueued;
    private final int maxConnections;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Callback> stalled = ConcurrentHashMap.newKeySet();

    FrontDoor(Switchboard switchboard, FaultPlan plan, Pages pages, int maxFrame, long maxQueued, int maxConnections) {
        this.switchboard = switchboard;
        this.plan = plan;
        this.pages = pages;
        this.maxFrame = maxFrame;
        this.maxQueued = maxQueued;
        this.maxConnections = maxConnections;
    }

    /** Gives up the upgrades that were left without an answer. */
    void dropStalled() {
        for (Callback callback : List.copyOf(stalled)) {
            if (stalled.remove(callback)) {
                callback.failed(new EofException());
            }
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getHeaders().contains(HttpHeader.UPGRADE, "websocket")) {
            upgrade(request, response, callback);
        } else {
            serve(request, response, callback);
        }
        return true;
    }

    private void upgrade(Request request, Response response, Callback callback) throws NoSuchAlgorithmException {
        if (plan.stallingUpgrades) {
            stalled.add(callback);
            return;
        }
        int refusal = plan.refusal != 0 ? plan.refusal : refusal(request, response);
        if (refusal != 0) {
            answer(response, refusal, callback);
            return;
        }
        Connector connector = request.getConnectionMetaData().getConnector();
        EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
        PeerSocket socket = new PeerSocket(
                endPoint,
                connector.getExecutor(),
                connector.getScheduler(),
                accepted.incrementAndGet(),
                switchboard,
                maxFrame,
                maxQueued);
        response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
        response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
        response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
        response.getHeaders()
                .put(
                        HttpHeader.SEC_WEBSOCKET_ACCEPT,
                        accept(request.getHeaders().get("Sec-WebSocket-Key")));
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, socket);
        // Before the client can know that it is open: what others send from then on is for it too.
        switchboard.opened(socket);
        response.write(true, null, Callback.from(callback::succeeded, failure -> {
            socket.cut("the upgrade failed");
            callback.failed(failure);
        }));
    }

    /** The status that refuses this upgrade, or 0. */
    private int refusal(Request request, Response response) {
        HttpFields headers = request.getHeaders();
        String key = headers.get("Sec-WebSocket-Key");
        if (!HttpMethod.GET.is(request.getMethod())
                || request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1
                || !headers.contains(HttpHeader.CONNECTION, "upgrade")
                || key == null
                || key.length() != 24) {
            return HttpStatus.BAD_REQUEST_400;
        }
        if (!VERSION.equals(headers.get(HttpHeader.SEC_WEBSOCKET_VERSION))) {
            response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_VERSION, VERSION);
            return HttpStatus.UPGRADE_REQUIRED_426;
        }
        return switchboard.connections() < maxConnections ? 0 : HttpStatus.SERVICE_UNAVAILABLE_503;
    }

    private void serve(Request request, Response response, Callback callback) throws Exception {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        boolean head = HttpMethod.HEAD.is(request.getMethod());
        if (!head && !HttpMethod.GET.is(request.getMethod())) {
            answer(response, HttpStatus.METHOD_NOT_ALLOWED_405, callback);
            return;
        }
        String path = request.getHttpURI().getDecodedPath();
        Optional<String> name = Pages.nameOf(path == null ? "/" : path);
        Optional<byte[]> bytes = name.isPresent() ? pages.find(name.get()) : Optional.empty();
        if (bytes.isEmpty()) {
            answer(response, HttpStatus.NOT_FOUND_404, callback);
            return;
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Pages.typeOf(name.get()));
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.get().length);
        response.write(true, head ? null : ByteBuffer.wrap(bytes.get()), callback);
    }

    private static void answer(Response response, int status, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
        response.write(true, null, callback);
    }

    private static String accept(String key) throws NoSuchAlgorithmException {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        byte[] digest = sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
        return Base64.getEncoder().encodeToString(digest);
    }
}
