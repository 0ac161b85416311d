package dev.drawbridge.examples.demo;

import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.SignalingTransport;
import java.security.cert.X509Certificate;
import java.util.Optional;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;

/** Signaling that also trusts a certificate which a server signed itself. */
final class Trust {
    private Trust() {}

    /** @param certificate to be trusted besides the usual ones; empty: the built-in signaling */
    static SignalingTransport of(Optional<X509Certificate> certificate) {
        if (certificate.isEmpty()) {
            return OkHttpSignaling.create();
        }
        HandshakeCertificates trusted = new HandshakeCertificates.Builder()
                .addPlatformTrustedCertificates()
                .addTrustedCertificate(certificate.get())
                .build();
        OkHttpClient client = new OkHttpClient.Builder()
                .sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager())
                .build();
        return OkHttpSignaling.builder().client(client).build();
    }
}
