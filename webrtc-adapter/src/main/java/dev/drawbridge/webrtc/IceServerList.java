package dev.drawbridge.webrtc;

import dev.drawbridge.spi.IceServer;
import dev.drawbridge.spi.LinkSettings;
import dev.onvoid.webrtc.RTCBundlePolicy;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceServer;
import dev.onvoid.webrtc.RTCIceTransportPolicy;
import dev.onvoid.webrtc.TlsCertPolicy;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns settings into a native configuration. Stricter than libwebrtc on purpose: whatever libwebrtc refuses here aborts the
 * process, because webrtc-java 0.14.0 formats that error wrongly.
 */
final class IceServerList {
    private static final Pattern URL = Pattern.compile("(stuns?|turns?):"
            + "(?:\\[[0-9A-Fa-f:.]{2,45}\\]|[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?)"
            + "(?::([0-9]{1,5}))?(?:\\?transport=(udp|tcp))?");
    private static final int MAX_CREDENTIAL_BYTES = 500;
    private static final int MAX_SERVERS = 32;

    private IceServerList() {}

    /** @throws IllegalArgumentException with a text that names no server and no secret */
    static RTCConfiguration configuration(LinkSettings settings) {
        if (settings.iceServers().size() > MAX_SERVERS) {
            throw new IllegalArgumentException("more than " + MAX_SERVERS + " ICE servers; name fewer");
        }
        RTCConfiguration configuration = new RTCConfiguration();
        configuration.bundlePolicy = RTCBundlePolicy.MAX_BUNDLE;
        // The policy has to be there from the first moment: changing it later keeps the direct path.
        configuration.iceTransportPolicy =
                settings.relayOnly() ? RTCIceTransportPolicy.RELAY : RTCIceTransportPolicy.ALL;
        // Flags that webrtc-java has set stay, and so do the ports of relays and of what STUN finds.
        configuration.portAllocatorConfig.setDisableUdp(!settings.hostUdp());
        configuration.portAllocatorConfig.setDisableTcp(!settings.hostTcp());
        // Sockets that are bound to no address go on with another one, and the peer finds out by itself.
        configuration.portAllocatorConfig.setDisableAdapterEnumeration(settings.roaming());
        TlsCertPolicy certificates =
                settings.anyTurnCertificate() ? TlsCertPolicy.INSECURE_NO_CHECK : TlsCertPolicy.SECURE;
        for (IceServer server : settings.iceServers()) {
            RTCIceServer checked = checked(server);
            checked.tlsCertPolicy = certificates;
            // Even under a relay-only policy libwebrtc asks STUN servers, which would then see the real address.
            if (!settings.relayOnly() || server.relay()) {
                configuration.iceServers.add(checked);
            }
        }
        return configuration;
    }

    private static RTCIceServer checked(IceServer server) {
        Matcher url = URL.matcher(server.url());
        if (!url.matches()) {
            throw new IllegalArgumentException(
                    "an ICE server's address is malformed; it is stun:host[:port], turn:host[:port][?transport=udp|tcp] or turns:host[:port]");
        }
        if (url.group(2) != null) {
            int port = Integer.parseInt(url.group(2));
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("an ICE server's port is not 1 to 65535");
            }
        }
        boolean relay = url.group(1).startsWith("turn");
        if (url.group(1).equals("stuns") || (!relay && url.group(3) != null)) {
            throw new IllegalArgumentException("a STUN server is stun:host[:port]");
        }
        RTCIceServer rtc = new RTCIceServer();
        rtc.urls.add(server.url());
        if (relay) {
            String credential =
                    server.credential().map(secret -> secret.reveal()).orElse("");
            if (server.username().isEmpty() || credential.isEmpty()) {
                throw new IllegalArgumentException("a TURN server needs a user name and a credential");
            }
            if (bytes(server.username()) > MAX_CREDENTIAL_BYTES || bytes(credential) > MAX_CREDENTIAL_BYTES) {
                throw new IllegalArgumentException("a TURN server's user name or credential is longer than "
                        + MAX_CREDENTIAL_BYTES + " bytes; get a shorter one");
            }
            rtc.username = server.username();
            rtc.password = credential;
        }
        return rtc;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
