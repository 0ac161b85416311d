package dev.drawbridge.spi;

/** An SDP offer or answer. {@code toString} hides the SDP: it holds addresses and ICE credentials. */
public record SessionDescription(Type type, String sdp) {

    /** Which half of the exchange. */
    public enum Type {
        /** From the publisher. */
        OFFER,
        /** From the viewer. */
        ANSWER
    }

    @Override
    public String toString() {
        return type + "(" + sdp.length() + " chars)";
    }
}
