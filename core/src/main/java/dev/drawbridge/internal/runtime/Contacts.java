package dev.drawbridge.internal.runtime;

import dev.drawbridge.NetworkContact;
import dev.drawbridge.NetworkContact.Purpose;
import dev.drawbridge.NetworkPolicy;
import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.options.IceUrls;
import dev.drawbridge.spi.IceServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whom the session talks to, kept while it does. Any thread. */
final class Contacts {
    private static final Set<String> TLS = Set.of("wss", "https");

    private record Place(Purpose purpose, String host, int port) {}

    private final boolean peersDirectly;
    // Guarded by this:
    private final Set<Place> places = new LinkedHashSet<>();
    private final Set<Purpose> contacted = EnumSet.noneOf(Purpose.class);
    private final Set<Purpose> over = EnumSet.noneOf(Purpose.class);
    private int peers;

    Contacts(NetworkPolicy network) {
        peersDirectly = !PathPolicy.of(network).needsRelay();
        servers(network.iceServers());
    }

    synchronized void web(Purpose purpose, URI address) {
        boolean tls = TLS.contains(address.getScheme().toLowerCase(Locale.ROOT));
        int port = address.getPort() >= 0 ? address.getPort() : tls ? 443 : 80;
        places.add(new Place(purpose, address.getHost(), port));
    }

    synchronized void proxy(InetSocketAddress proxy) {
        places.add(new Place(Purpose.PROXY, proxy.getHostString(), proxy.getPort()));
    }

    synchronized void servers(List<IceServer> servers) {
        for (IceServer server : servers) {
            Purpose purpose = server.relay() ? Purpose.TURN : Purpose.STUN;
            places.add(new Place(purpose, IceUrls.host(server.url()), IceUrls.port(server.url())));
        }
    }

    /** By way of the proxy, if there is one. */
    synchronized void reached(Purpose purpose) {
        contacted.add(purpose);
        contacted.add(Purpose.PROXY);
    }

    synchronized void links(int open) {
        peers = open;
        if (open > 0) {
            contacted.addAll(EnumSet.of(Purpose.STUN, Purpose.TURN, Purpose.PEERS));
        }
    }

    /** The list is had: nobody asks for it again. */
    synchronized void listed(List<IceServer> servers) {
        servers(servers);
        over.add(Purpose.TURN_LIST);
    }

    synchronized void sealed() {
        over.addAll(EnumSet.of(Purpose.HANDSHAKE, Purpose.TURN_LIST, Purpose.PROXY));
    }

    synchronized void closed() {
        over.addAll(EnumSet.allOf(Purpose.class));
        peers = 0;
    }

    synchronized List<NetworkContact> list() {
        List<NetworkContact> list = new ArrayList<>();
        places.forEach(place -> list.add(contact(place, 0)));
        list.sort(Comparator.comparing(NetworkContact::purpose));
        if (peersDirectly) {
            list.add(contact(new Place(Purpose.PEERS, "", 0), peers));
        }
        return List.copyOf(list);
    }

    private NetworkContact contact(Place place, int count) {
        Purpose purpose = place.purpose();
        return new NetworkContact(
                purpose, place.host(), place.port(), contacted.contains(purpose), over.contains(purpose), count);
    }
}
