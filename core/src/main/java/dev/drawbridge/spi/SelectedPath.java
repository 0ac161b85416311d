package dev.drawbridge.spi;

/**
 * The pair of candidates that a connection runs over. {@code toString} hides the addresses.
 *
 * @param local our end
 * @param remote the peer's end; of type {@code prflx} while, or because, the peer has not named it, and then libwebrtc does not tell
 *     its address
 * @param relayProtocol how our own relay is reached: {@code udp}, {@code tcp} or {@code turns}; empty without one
 */
public record SelectedPath(End local, End remote, String relayProtocol) {

    /**
     * One end.
     *
     * @param type {@code host}, {@code srflx}, {@code prflx} or {@code relay}
     * @param transport {@code udp} or {@code tcp}
     * @param address as the library has it; empty when it does not tell
     * @param port likewise; 0 when it does not tell
     */
    public record End(String type, String transport, String address, int port) {
        @Override
        public String toString() {
            return type + "/" + transport;
        }
    }

    /** By type, such as {@code host/udp} or {@code relay/turns}. A path with a relay at either end is a relayed one. */
    public String kind() {
        if (local.type().equals("relay")) {
            return "relay/" + (relayProtocol.isEmpty() ? local.transport() : relayProtocol);
        }
        return (remote.type().equals("relay") ? "relay" : local.type()) + "/" + local.transport();
    }

    @Override
    public String toString() {
        return local + " to " + remote;
    }
}
