package dev.drawbridge.internal.runtime;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/** The networks that this machine is on. */
final class OwnNetworks {
    private OwnNetworks() {}

    /** Whether there is one at most now, so that naming one says it all. */
    static boolean single() {
        try {
            List<List<InetAddress>> networks = NetworkInterface.networkInterfaces()
                    .filter(OwnNetworks::connected)
                    .map(network -> network.inetAddresses()
                            // Every interface has a link-local one, connected to something or not.
                            .filter(address -> !address.isLinkLocalAddress())
                            .toList())
                    .filter(addresses -> !addresses.isEmpty())
                    .toList();
            // Several IPv6 addresses are usual on one network, several IPv4 addresses are several networks.
            return networks.size() <= 1
                    && networks.stream()
                                    .flatMap(List::stream)
                                    .filter(Inet4Address.class::isInstance)
                                    .count()
                            <= 1;
        } catch (SocketException unknown) {
            return false;
        }
    }

    private static boolean connected(NetworkInterface network) {
        try {
            return network.isUp() && !network.isLoopback();
        } catch (SocketException gone) {
            return false;
        }
    }
}
