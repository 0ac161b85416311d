package dev.drawbridge.webrtc;

import dev.drawbridge.webrtc.Patient.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which networks this machine is on. */
final class NetworkCheck {
    private NetworkCheck() {}

    static void look(Patient patient, boolean addresses, Notes notes) throws IOException {
        List<Network> networks = patient.networks().stream()
                .filter(network -> network.up()
                        && !network.loopback()
                        && !network.addresses().isEmpty())
                .toList();
        if (networks.isEmpty()) {
            notes.fail(
                    "no network interface is up but the loopback one, and WebRTC does not use that",
                    "connect this machine to a network, or make an interface: ip link add dummy0 type dummy");
            return;
        }
        Map<String, Long> kinds = networks.stream()
                .flatMap(network -> network.addresses().stream())
                .collect(Collectors.groupingBy(Hosts::kind, TreeMap::new, Collectors.counting()));
        String counted = kinds.entrySet().stream()
                .map(kind -> kind.getValue() + " " + kind.getKey())
                .collect(Collectors.joining(", "));
        notes.found(networks.size() + (networks.size() == 1 ? " interface" : " interfaces") + " up: " + counted);
        if (kinds.keySet().stream().allMatch(kind -> kind.endsWith("link-local"))) {
            notes.warn(
                    "no address goes beyond the cable",
                    "ask for an address (DHCP), or give one: other machines cannot be reached");
        }
        if (addresses) {
            networks.forEach(network -> notes.found(network.name() + ": "
                    + network.addresses().stream()
                            .map(InetAddress::getHostAddress)
                            .collect(Collectors.joining(", "))));
        }
    }
}
