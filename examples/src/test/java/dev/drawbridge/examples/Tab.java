package dev.drawbridge.examples;

import dev.drawbridge.media.TestPattern;
import dev.drawbridge.media.VideoFrame;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import org.openqa.selenium.ScriptTimeoutException;

/** One window with the viewer page, seen through its {@code window.drawbridge}. */
final class Tab implements AutoCloseable {
    /** Calls back when the page's state is one of those that are given, and the picture is on the screen where there is one. */
    private static final String AWAIT_STATE = """
            const wanted = arguments[0], done = arguments[1];
            const { dataset } = document.body;
            const reached = () => wanted.includes(dataset.state) && (dataset.state !== "playing" || dataset.picture === "yes");
            if (reached()) return done(dataset.state);
            const observer = new MutationObserver(() => reached() && (observer.disconnect(), done(dataset.state)));
            observer.observe(document.body, { attributes: true });
            """;

    private static final String AWAIT_SECURE = """
            const done = arguments[0];
            const shown = () => document.getElementById("secure").checkVisibility();
            if (shown()) return done();
            const observer = new MutationObserver(() => shown() && (observer.disconnect(), done()));
            observer.observe(document.body, { attributes: true, childList: true, subtree: true });
            """;

    /** The luma of the next picture, a quarter of its size in each direction, as bytes. */
    private static final String NEXT_PICTURE = """
            const done = arguments[0], video = document.getElementById("picture");
            video.requestVideoFrameCallback(() => {
              const canvas = document.createElement("canvas");
              const width = canvas.width = video.videoWidth >> 1, height = canvas.height = video.videoHeight >> 1;
              const context = canvas.getContext("2d");
              context.drawImage(video, 0, 0, width, height);
              const rgba = context.getImageData(0, 0, width, height).data;
              let luma = "";
              for (let i = 0; i < rgba.length; i += 4)
                luma += String.fromCharCode(Math.round(0.299 * rgba[i] + 0.587 * rgba[i + 1] + 0.114 * rgba[i + 2]));
              done([width, height, btoa(luma)]);
            });
            """;

    private final Window window;

    Tab(Window window) {
        this.window = window;
    }

    /** Loads a page; returns when its scripts have run. */
    Tab load(URI page) {
        window.load(page);
        return this;
    }

    /** Waits until the page is in one of these states and returns which. */
    String await(String... states) {
        try {
            return (String) window.executeAsyncScript(AWAIT_STATE, List.of(states));
        } catch (ScriptTimeoutException late) {
            throw new AssertionError("waited for " + List.of(states) + ", but the page says " + status() + ": "
                    + headline() + "\n" + events());
        }
    }

    String state() {
        return (String) window.executeScript("return drawbridge.state");
    }

    String headline() {
        return text("headline");
    }

    String explanation() {
        return text("explanation");
    }

    /** The one word in the bar. */
    String status() {
        return text("status");
    }

    /** What the publisher calls itself. */
    String label() {
        return text("label");
    }

    private String text(String id) {
        return (String) window.executeScript("return document.getElementById(arguments[0]).innerText.trim()", id);
    }

    /** Whether the page shows that the publisher has left the handshake server. */
    boolean secureShown() {
        return (boolean) window.executeScript("return document.getElementById('secure').checkVisibility()");
    }

    /** Waits until it does: what the publisher says of it comes on another way than its pictures. */
    void awaitSecure() {
        window.executeAsyncScript(AWAIT_SECURE);
    }

    /** The names of what happened so far. */
    @SuppressWarnings("unchecked")
    List<String> events() {
        return (List<String>) window.executeScript("return drawbridge.events.map(e => e.event)");
    }

    long framesDecoded() {
        return (long) window.executeScript("return drawbridge.framesDecoded");
    }

    /** The colour of the current picture. */
    @SuppressWarnings("unchecked")
    List<Long> pixel(double relX, double relY) {
        return (List<Long>) window.executeScript("return drawbridge.pixel(...arguments)", relX, relY);
    }

    /** What the frame counter in the next picture says. */
    OptionalLong nextCounter() {
        List<?> grab = (List<?>) window.executeAsyncScript(NEXT_PICTURE);
        int width = ((Long) grab.get(0)).intValue();
        int height = ((Long) grab.get(1)).intValue();
        ByteBuffer luma = ByteBuffer.wrap(Base64.getDecoder().decode((String) grab.get(2)));
        int half = (width + 1) / 2;
        ByteBuffer grey = ByteBuffer.allocate(half * ((height + 1) / 2));
        return TestPattern.readCounter(new VideoFrame(width, height, luma, width, grey, half, grey, half, 0, 0));
    }

    /** Runs {@code check} of a module that the page's server has, with this JSON; returns what it returns, or its error as text. */
    Object check(String module, String json) {
        return window.executeAsyncScript("""
                        const [module, json, done] = arguments;
                        import(module).then(m => m.check(JSON.parse(json))).then(done, e => done(String(e)));
                        """, module, json);
    }

    /** What this browser would offer: sound, pictures and data. */
    String offer() {
        return (String) window.executeAsyncScript("""
                const [done] = arguments, pc = new RTCPeerConnection();
                pc.addTransceiver("audio");
                pc.addTransceiver("video");
                pc.createDataChannel("data");
                pc.createOffer().then(offer => { pc.close(); done(offer.sdp); });
                """);
    }

    /** What this browser has understood of an offer, after it has answered it; or its error. */
    String understood(String offer) {
        return (String) window.executeAsyncScript("""
                const [sdp, done] = arguments, pc = new RTCPeerConnection();
                pc.setRemoteDescription({ type: "offer", sdp })
                  .then(() => pc.createAnswer())
                  .then(answer => pc.setLocalDescription(answer))
                  .then(() => pc.remoteDescription.sdp)
                  .catch(e => String(e))
                  .then(text => { pc.close(); done(text); });
                """, offer);
    }

    /** Whether something sticks out of the window. */
    boolean overflows() {
        return (boolean) window.executeScript("""
                const { clientWidth: w, clientHeight: h } = document.documentElement;
                return [...document.querySelectorAll("#notice > *, #bar > *")].some(e => {
                  const r = e.getBoundingClientRect();
                  return r.width > 0 && (r.left < 0 || r.top < 0 || r.right > w + 0.5 || r.bottom > h + 0.5);
                });
                """);
    }

    @Override
    public void close() {
        window.close();
    }
}
