package dev.drawbridge.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The descriptions of the fakes: real enough for everything that reads fingerprints and candidates. */
record FakeSdp(String name, String fingerprint, List<String> candidates) {
    private static final String NAME = "a=ice-ufrag:";
    private static final String FINGERPRINT = "a=fingerprint:";
    private static final String CANDIDATE = "a=candidate:";

    /** The text, with a line for each kind of media. */
    String text(boolean video, boolean audio, String direction) {
        StringBuilder sdp = new StringBuilder("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
        sdp.append(FINGERPRINT).append(fingerprint).append("\r\n");
        int mid = 0;
        if (video) {
            media(sdp, "video 9 UDP/TLS/RTP/SAVPF 96", mid++)
                    .append("a=" + direction + "\r\na=rtpmap:96 VP8/90000\r\n");
        }
        if (audio) {
            media(sdp, "audio 9 UDP/TLS/RTP/SAVPF 111", mid++)
                    .append("a=" + direction + "\r\na=rtpmap:111 opus/48000/2\r\n");
        }
        media(sdp, "application 9 UDP/DTLS/SCTP webrtc-datachannel", mid).append("a=sctp-port:5000\r\n");
        return sdp.toString();
    }

    private StringBuilder media(StringBuilder sdp, String line, int mid) {
        sdp.append("m=").append(line).append("\r\nc=IN IP4 0.0.0.0\r\n");
        if (mid == 0) {
            candidates.forEach(candidate -> sdp.append("a=").append(candidate).append("\r\n"));
        }
        return sdp.append(NAME)
                .append(name)
                .append("\r\na=ice-pwd:0123456789012345678901\r\na=mid:")
                .append(mid)
                .append("\r\n");
    }

    /** What a fake can use of a description; empty if it is none. */
    static Optional<FakeSdp> read(String text) {
        String name = "";
        String fingerprint = "";
        List<String> candidates = new ArrayList<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith(NAME)) {
                name = line.substring(NAME.length());
            } else if (line.startsWith(FINGERPRINT)) {
                fingerprint = line.substring(FINGERPRINT.length());
            } else if (line.startsWith(CANDIDATE)) {
                candidates.add(line.substring(2));
            }
        }
        boolean usable = text.startsWith("v=0") && !name.isEmpty() && !fingerprint.isEmpty();
        return usable ? Optional.of(new FakeSdp(name, fingerprint, List.copyOf(candidates))) : Optional.empty();
    }
}
