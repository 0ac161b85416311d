package dev.drawbridge.webrtc;

import dev.onvoid.webrtc.RTCRtpCapabilities;
import dev.onvoid.webrtc.RTCRtpCodecCapability;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders the video codecs of one line. */
final class Codecs {
    private static final Logger LOG = LoggerFactory.getLogger(Codecs.class);

    private Codecs() {}

    /** The wished ones first, all others behind them, so that a peer without the wished ones still gets a picture. */
    static void prefer(RTCRtpTransceiver line, RTCRtpCapabilities known, List<String> wished) {
        if (wished.isEmpty()) {
            return;
        }
        List<RTCRtpCodecCapability> rest = new ArrayList<>(known.getCodecs());
        List<RTCRtpCodecCapability> ordered = new ArrayList<>();
        for (String name : wished) {
            String wanted = name.toUpperCase(Locale.ROOT);
            List<RTCRtpCodecCapability> found = rest.stream()
                    .filter(codec -> codec.getName().toUpperCase(Locale.ROOT).equals(wanted))
                    .toList();
            if (found.isEmpty()) {
                LOG.debug("no codec {} here", wanted);
            }
            ordered.addAll(found);
            rest.removeAll(found);
        }
        ordered.addAll(rest);
        try {
            line.setCodecPreferences(ordered);
        } catch (Throwable e) {
            LOG.warn("the library refused the order of video codecs {}; its own order is used", wished);
        }
    }
}
