package dev.drawbridge.examples.demo;

import dev.drawbridge.OptionsException;
import dev.drawbridge.signaling.OkHttpSignaling;
import dev.drawbridge.spi.SignalingTransport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import okhttp3.OkHttpClient;
import okhttp3.tls.HandshakeCertificates;

/** Trust in a certificate that a server signed itself. */
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

    /** @throws OptionsException if there is no certificate in PEM form in the file */
    static X509Certificate read(Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        } catch (IOException | CertificateException e) {
            throw new OptionsException(
                    "--trust", "cannot be read: " + e.getMessage(), "a file with a certificate (PEM)");
        }
    }

    /** The certificate in PEM form. */
    static String pem(X509Certificate certificate) {
        try {
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
            return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
