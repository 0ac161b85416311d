package dev.drawbridge.spi;

/** How a peer connection stands: ICE and DTLS together, as in W3C's {@code RTCPeerConnectionState}. */
public enum LinkState {
    /** On the way. */
    CONNECTING,
    /** Media and data get through. */
    CONNECTED,
    /** Nothing has come for some seconds; may become {@link #CONNECTED} again by itself. */
    DISCONNECTED,
    /** Given up; never connected again. */
    FAILED
}
