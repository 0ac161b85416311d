package dev.drawbridge.webrtc;

import dev.onvoid.webrtc.RTCRtpCapabilities;
import dev.onvoid.webrtc.RTCRtpCodecCapability;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders the codecs of one line, and leaves out what is not wanted. */
final class Codecs {
    private static final Logger LOG = LoggerFactory.getLogger(Codecs.class);
    private static final Set<String> VIDEO = Set.of("VP8", "VP9", "H264", "H265", "AV1");

    private Codecs() {}

    /** The wished ones first, all others behind them, so that a peer without the wished ones still gets a picture. */
    static void prefer(RTCRtpTransceiver line, RTCRtpCapabilities known, List<String> wished) {
        order(line, known, wished, false);
    }

    /** The wished ones and no other pictures; what repairs losses stays. */
    static void only(RTCRtpTransceiver line, RTCRtpCapabilities known, List<String> wished) {
        order(line, known, wished, true);
    }

    /** Whether the library has one of them. */
    static boolean any(RTCRtpCapabilities known, List<String> wished) {
        return known.getCodecs().stream().anyMatch(codec -> wished.contains(name(codec)));
    }

    /** Those in which the library has pictures. */
    static Set<String> pictures(RTCRtpCapabilities known) {
        Set<String> names = new LinkedHashSet<>();
        known.getCodecs().stream().map(Codecs::name).filter(VIDEO::contains).forEach(names::add);
        return names;
    }

    private static void order(RTCRtpTransceiver line, RTCRtpCapabilities known, List<String> wished, boolean only) {
        if (wished.isEmpty()) {
            return;
        }
        List<RTCRtpCodecCapability> rest = new ArrayList<>(known.getCodecs());
        List<RTCRtpCodecCapability> ordered = new ArrayList<>();
        for (String wish : wished) {
            String wanted = wish.toUpperCase(Locale.ROOT);
            List<RTCRtpCodecCapability> found =
                    rest.stream().filter(codec -> name(codec).equals(wanted)).toList();
            if (found.isEmpty()) {
                LOG.debug("no codec {} here", wanted);
            }
            ordered.addAll(found);
            rest.removeAll(found);
        }
        if (only) {
            rest.removeIf(codec -> VIDEO.contains(name(codec)));
        }
        ordered.addAll(rest);
        try {
            line.setCodecPreferences(ordered);
        } catch (Throwable e) {
            LOG.warn("the library refused the order of codecs {}; its own order is used", wished);
        }
    }

    private static String name(RTCRtpCodecCapability codec) {
        return codec.getName().toUpperCase(Locale.ROOT);
    }
}
