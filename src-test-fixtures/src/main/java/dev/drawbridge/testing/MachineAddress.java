package dev.drawbridge.testing;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.function.Predicate;

/** The addresses of this machine, as of now. libwebrtc never gathers loopback addresses, so tests with real peers need others. */
public final class MachineAddress {
    private MachineAddress() {}

    /**
     * An IPv4 address of this machine at which its own programs reach each other, and which is not the loopback address.
     *
     * @throws AssertionError if the machine has none
     */
    public static InetAddress own() {
        return all().stream()
                .filter(Inet4Address.class::isInstance)
                .filter(Predicate.not(InetAddress::isLinkLocalAddress))
                .findFirst()
                .orElseThrow(() -> new AssertionError("this test needs a network interface that is up and has an IPv4 "
                        + "address, beside the loopback interface"));
    }

    /** Every address of every interface that is up, without those of the loopback interface. */
    public static List<InetAddress> all() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(MachineAddress::up)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(Predicate.not(InetAddress::isLoopbackAddress))
                    .toList();
        } catch (SocketException e) {
            throw new AssertionError("the network interfaces cannot be listed", e);
        }
    }

    private static boolean up(NetworkInterface one) {
        try {
            return one.isUp();
        } catch (SocketException e) {
            return false; // gone in the meantime
        }
    }
}
