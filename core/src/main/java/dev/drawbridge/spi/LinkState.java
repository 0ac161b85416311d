package dev.drawbridge.spi;

/** How a peer connection stands: ICE and DTLS together, as in W3C's {@code RTCPeerConnectionState}. */
public enum LinkState {
    CONNECTING,
    CONNECTED,
    DISCONNECTED,
    FAILED
}
