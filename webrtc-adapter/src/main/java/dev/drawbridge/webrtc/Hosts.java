package dev.drawbridge.webrtc;

import dev.drawbridge.spi.IceServer;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/** How hosts are named in a report: names as they are, addresses by their kind unless they were asked for. */
record Hosts(boolean addresses) {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\\]?");

    /** @param host a name, or an address as it stands in a URL */
    String shown(String host) {
        if (addresses || !LITERAL.matcher(host).matches()) {
            return host;
        }
        try {
            InetAddress address = InetAddress.getByName(host); // no name, so nobody is asked
            return address.isLoopbackAddress() ? host : "(" + kind(address) + ")";
        } catch (UnknownHostException e) {
            return "(address)";
        }
    }

    /** With the host as it is shown. */
    String shown(IceServer server) {
        String host = host(server);
        return server.url().replace(host, shown(host));
    }

    /** A text of somebody who does not know what may be shown. */
    String shown(String text, String host) {
        return host.isEmpty() ? text : text.replace(host, shown(host));
    }

    static String host(IceServer server) {
        String rest = server.url().substring(server.url().indexOf(':') + 1);
        int end = rest.startsWith("[")
                ? rest.indexOf(']') + 1
                : rest.replaceAll("[:?].*", "").length();
        return rest.substring(0, end);
    }

    static int port(IceServer server) {
        String behind = server.url()
                .substring(server.url().indexOf(host(server)) + host(server).length())
                .replaceAll("\\?.*", "");
        if (behind.startsWith(":")) {
            return Integer.parseInt(behind.substring(1));
        }
        return server.url().toLowerCase(Locale.ROOT).startsWith("turns:") ? 5349 : 3478;
    }

    /** Such as {@code IPv4 private}. */
    static String kind(InetAddress address) {
        byte[] bytes = address.getAddress();
        String family = address instanceof Inet4Address ? "IPv4 " : "IPv6 ";
        if (address.isLoopbackAddress()) {
            return family + "loopback";
        } else if (address.isLinkLocalAddress()) {
            return family + "link-local";
        } else if (address.isSiteLocalAddress() || (address instanceof Inet6Address && (bytes[0] & 0xfe) == 0xfc)) {
            return family + "private";
        } else if (address instanceof Inet4Address && bytes[0] == 100 && (bytes[1] & 0xc0) == 64) {
            return family + "of a provider's NAT";
        }
        return family + "global";
    }
}
