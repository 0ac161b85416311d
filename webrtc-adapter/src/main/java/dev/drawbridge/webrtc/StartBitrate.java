package dev.drawbridge.webrtc;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Puts a starting bitrate into our own copy of an answer, so that the first pictures are sharp and come at once instead of after
 * the usual slow climb. Never sent to anybody.
 */
final class StartBitrate {
    private static final String KEY = "x-google-start-bitrate";
    private static final int MAX_SDP = 256 * 1024;

    private StartBitrate() {}

    static String into(String answer, int kbps) {
        if (kbps <= 0 || answer.length() > MAX_SDP || answer.contains(KEY)) {
            return answer;
        }
        StringBuilder out = new StringBuilder(answer.length() + 256);
        Set<String> payloads = new LinkedHashSet<>();
        boolean video = false;
        for (String line : answer.lines().toList()) {
            if (line.startsWith("m=")) {
                appendMissing(out, payloads, kbps);
                video = line.startsWith("m=video ");
            }
            if (video && line.startsWith("a=rtpmap:") && isCodec(line)) {
                payloads.add(payload(line));
            } else if (video && line.startsWith("a=fmtp:") && payloads.remove(payload(line))) {
                line = line + ";" + KEY + "=" + kbps;
            }
            out.append(line).append("\r\n");
        }
        appendMissing(out, payloads, kbps);
        return out.toString();
    }

    private static void appendMissing(StringBuilder out, Set<String> payloads, int kbps) {
        for (String payload : payloads) {
            out.append("a=fmtp:")
                    .append(payload)
                    .append(' ')
                    .append(KEY)
                    .append('=')
                    .append(kbps)
                    .append("\r\n");
        }
        payloads.clear();
    }

    private static String payload(String line) {
        int from = line.indexOf(':') + 1;
        int to = line.indexOf(' ', from);
        return to < 0 ? line.substring(from) : line.substring(from, to);
    }

    private static boolean isCodec(String rtpmap) {
        String lower = rtpmap.toLowerCase(Locale.ROOT);
        return !lower.contains(" rtx/")
                && !lower.contains(" red/")
                && !lower.contains(" ulpfec/")
                && !lower.contains(" flexfec");
    }
}
