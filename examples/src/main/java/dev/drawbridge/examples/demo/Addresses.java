package dev.drawbridge.examples.demo;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;

/** The addresses under which a server is reached. */
final class Addresses {
    private Addresses() {}

    /** Whether only programs on this machine reach a server that listens there. */
    static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The addresses to tell others: the host itself, or where it stands for all, the IPv4 addresses of the network cards. */
    static List<String> of(String host) {
        try {
            if (!InetAddress.getByName(host).isAnyLocalAddress()) {
                return List.of(host);
            }
            List<String> found = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .toList();
            return found.isEmpty() ? List.of("127.0.0.1") : found;
        } catch (UnknownHostException | SocketException e) {
            return List.of(host);
        }
    }
}
