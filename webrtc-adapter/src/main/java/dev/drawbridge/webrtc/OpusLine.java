package dev.drawbridge.webrtc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sets a parameter of Opus in a description: {@code stereo=1} of who wants to hear two channels, {@code sprop-stereo=1} of who sends them. */
final class OpusLine {
    private static final Pattern OPUS = Pattern.compile("a=rtpmap:(\\d{1,3}) opus/48000/2", Pattern.CASE_INSENSITIVE);

    private OpusLine() {}

    /** The same description with the parameter, or as it was if there is no Opus in it. */
    static String with(String sdp, String parameter) {
        Matcher opus = OPUS.matcher(sdp);
        if (!opus.find()) {
            return sdp;
        }
        String payload = opus.group(1);
        Pattern format = Pattern.compile("(?m)^a=fmtp:" + payload + " ([^\\r\\n]*)");
        Matcher there = format.matcher(sdp);
        if (!there.find()) {
            return opus.replaceFirst(opus.group() + "\r\na=fmtp:" + payload + " " + parameter);
        }
        boolean said = (";" + there.group(1).replace(" ", "") + ";").contains(";" + parameter + ";");
        return said ? sdp : sdp.substring(0, there.end()) + ";" + parameter + sdp.substring(there.end());
    }
}
