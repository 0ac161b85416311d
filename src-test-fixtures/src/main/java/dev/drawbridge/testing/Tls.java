package dev.drawbridge.testing;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/** What a server with TLS shows its clients. */
record Tls(SSLContext context, Optional<X509Certificate> certificate) {
    private static final int DAYS = 90;

    /** A certificate signed by itself, for loopback, for {@code host}, and for every address if host stands for all. */
    static Tls selfSigned(String host) {
        HeldCertificate.Builder builder = new HeldCertificate.Builder()
                .commonName("Drawbridge handshake server")
                .duration(DAYS, TimeUnit.DAYS);
        names(host).forEach(builder::addSubjectAlternativeName);
        HeldCertificate held = builder.build();
        SSLContext context = new HandshakeCertificates.Builder()
                .heldCertificate(held)
                .build()
                .sslContext();
        return new Tls(context, Optional.of(held.certificate()));
    }

    private static Set<String> names(String host) {
        Set<String> names = new LinkedHashSet<>(Set.of("localhost", "127.0.0.1", "::1"));
        try {
            if (InetAddress.getByName(host).isAnyLocalAddress()) {
                names.add(InetAddress.getLocalHost().getHostName());
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .map(address -> address.getHostAddress().replaceFirst("%.*", ""))
                        .forEach(names::add);
            } else {
                names.add(host);
            }
        } catch (UnknownHostException | SocketException e) {
            // A machine that does not know itself is still reached by the address it was given.
            names.add(host);
        }
        return names;
    }
}
