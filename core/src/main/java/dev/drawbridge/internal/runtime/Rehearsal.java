package dev.drawbridge.internal.runtime;

import dev.drawbridge.internal.ice.CandidateFilter;
import dev.drawbridge.internal.ice.Fingerprints;
import dev.drawbridge.internal.ice.PathPolicy;
import dev.drawbridge.internal.ice.SeenCandidates;
import dev.drawbridge.internal.wire.WireCodec;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One description written, read and filtered for nobody, once in a process, while the first socket is being connected. Otherwise the
 * first viewer would wait for ciphers, readers and patterns to be loaded, on either side some 50 ms.
 */
final class Rehearsal {
    private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);
    private static final AtomicBoolean DONE = new AtomicBoolean();

    /** As long as a real one with pictures and sound. */
    private static final String SDP = "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=fingerprint:sha-256 00:00\r\n"
            + "a=candidate:1 1 udp 2122260223 192.0.2.1 9 typ host\r\n"
            + "a=rtpmap:96 VP8/90000\r\n".repeat(150);

    private Rehearsal() {}

    static void once(WireCodec codec, PathPolicy paths) {
        if (DONE.compareAndSet(false, true)) {
            try {
                String filtered = new CandidateFilter(paths, true).filter(SDP, new SeenCandidates());
                Fingerprints.of(filtered);
                codec.rehearse(filtered);
            } catch (RuntimeException e) {
                // No session ends for it.
                log.warn("The rehearsal failed; the first viewer may wait a little longer", e);
            }
        }
    }
}
