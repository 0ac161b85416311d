package dev.drawbridge.webrtc;

import dev.drawbridge.spi.IceServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * Asks a STUN server who we are. Not through the library: it tells of an answer only where that is news, so a server that works for a
 * machine without NAT would look like one that is dead.
 */
final class StunCheck {
    private static final int COOKIE = 0x2112a442;
    private static final short REQUEST = 0x0001;
    private static final short SUCCESS = 0x0101;
    private static final short XOR_MAPPED_ADDRESS = 0x0020;
    private static final int HEADER = 20;
    private static final int TRIES = 4;
    private static final int PATIENCE_MILLIS = 600;
    private static final String INSTEAD =
            "name another one with stun=, or allow UDP to it: peers in other networks may need it";

    private StunCheck() {}

    static void look(IceServer server, Hosts hosts, Notes notes) throws IOException {
        String shown = hosts.shown(server);
        byte[] transaction = new byte[12];
        new SecureRandom().nextBytes(transaction);
        byte[] request = ByteBuffer.allocate(HEADER)
                .putShort(REQUEST)
                .putShort((short) 0)
                .putInt(COOKIE)
                .put(transaction)
                .array();
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress address = InetAddress.getByName(Hosts.host(server));
            socket.connect(new InetSocketAddress(address, Hosts.port(server)));
            socket.setSoTimeout(PATIENCE_MILLIS);
            for (int i = 0; i < TRIES; i++) {
                long asked = System.nanoTime();
                socket.send(new DatagramPacket(request, request.length));
                Optional<InetAddress> seen = answer(socket, transaction);
                if (seen.isPresent()) {
                    notes.found(shown + " answered after " + Doctor.millis(asked) + "; this machine is "
                            + (seen.get().equals(socket.getLocalAddress()) ? "not behind NAT" : "behind NAT")
                            + (hosts.addresses() ? ", seen as " + seen.get().getHostAddress() : ""));
                    return;
                }
            }
            notes.warn(shown + " does not answer", INSTEAD);
        } catch (UnknownHostException e) {
            notes.warn(
                    "no address is known for " + shown,
                    "check the name and this machine's DNS, or name another one with stun=");
        } catch (PortUnreachableException e) {
            notes.warn("nothing listens at " + shown, INSTEAD);
        } catch (IOException e) {
            notes.warn(shown + " is out of reach", INSTEAD);
        }
    }

    /** Empty when none came in time, or something else did. */
    private static Optional<InetAddress> answer(DatagramSocket socket, byte[] transaction) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
        try {
            socket.receive(packet);
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        }
        ByteBuffer answer = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
        if (answer.remaining() < HEADER
                || answer.getShort() != SUCCESS
                || answer.position(8).remaining() < 12
                || !answer.slice(8, 12).equals(ByteBuffer.wrap(transaction))) {
            return Optional.empty();
        }
        answer.position(HEADER);
        while (answer.remaining() >= 4) {
            short type = answer.getShort();
            int length = Short.toUnsignedInt(answer.getShort());
            if (length > answer.remaining()) {
                break;
            }
            if (type == XOR_MAPPED_ADDRESS && (length == 8 || length == 20)) {
                byte[] address = new byte[length - 4];
                answer.position(answer.position() + 4).get(address);
                return Optional.of(InetAddress.getByAddress(unmasked(address, transaction)));
            }
            answer.position(Math.min(answer.limit(), answer.position() + ((length + 3) & ~3)));
        }
        return Optional.empty();
    }

    private static byte[] unmasked(byte[] address, byte[] transaction) {
        byte[] mask = Arrays.copyOf(
                ByteBuffer.allocate(16).putInt(COOKIE).put(transaction).array(), address.length);
        for (int i = 0; i < address.length; i++) {
            mask[i] ^= address[i];
        }
        return mask;
    }
}
