package dev.drawbridge.signaling;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import javax.net.SocketFactory;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Which way sockets go. A proxy that the program names is kept from OkHttp, which would make sockets for SOCKS that nobody watches, and
 * speak to an HTTP proxy about {@code ws} without CONNECT.
 */
final class Ways {
    /** Looks nothing up: the proxy gets the name. */
    private static final Dns NAMES = name -> List.of(InetAddress.getByAddress(name, new byte[4]));

    private Ways() {}

    /** Tells the builder about the way, and makes the sockets for it. */
    static SocketFactory sockets(@Nullable Proxy named, OkHttpClient base, OkHttpClient.Builder builder) {
        Proxy way = named(named, base);
        if (way == null) {
            return base.socketFactory();
        }
        builder.proxy(Proxy.NO_PROXY);
        if (way.type() == Proxy.Type.DIRECT) {
            return base.socketFactory();
        }
        builder.dns(NAMES);
        return new ProxiedSockets(way);
    }

    /** The proxy of an own client counts as named where OkHttp cannot use it as we need it. */
    private static @Nullable Proxy named(@Nullable Proxy named, OkHttpClient base) {
        Proxy own = base.proxy();
        return named == null && own != null && own.type() == Proxy.Type.SOCKS ? own : named;
    }

    /** The proxy on the way to an address, by whoever names it. */
    static Optional<InetSocketAddress> proxy(@Nullable Proxy named, @Nullable OkHttpClient given, URI address) {
        Proxy way = named != null || given == null ? named : given.proxy();
        if (way == null) {
            ProxySelector selector = given == null ? ProxySelector.getDefault() : given.proxySelector();
            way = selector == null ? Proxy.NO_PROXY : first(selector.select(web(address)));
        }
        return way.type() == Proxy.Type.DIRECT ? Optional.empty() : Optional.of((InetSocketAddress) way.address());
    }

    private static Proxy first(@Nullable List<Proxy> proxies) {
        return proxies == null || proxies.isEmpty() ? Proxy.NO_PROXY : proxies.get(0);
    }

    /** As OkHttp asks a selector. */
    private static URI web(URI address) {
        return URI.create(address.toString().replaceFirst("^(?i)ws", "http"));
    }
}
