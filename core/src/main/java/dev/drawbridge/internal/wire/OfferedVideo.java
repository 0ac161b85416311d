package dev.drawbridge.internal.wire;

/** Whether an offer promises pictures. Pure, and content with whatever a peer sends. */
public final class OfferedVideo {
    private OfferedVideo() {}

    /** Whether a line of video is there, not refused, on which its maker sends. */
    public static boolean in(String sdp) {
        boolean video = false;
        boolean refused = false;
        boolean sends = false;
        for (String line : sdp.split("\r\n|\n", -1)) {
            if (line.startsWith("m=")) {
                if (video && sends && !refused) {
                    return true;
                }
                video = line.startsWith("m=video ");
                refused = line.startsWith("m=video 0 ");
                sends = true; // what says nothing is sendrecv
            } else if (line.equals("a=bundle-only")) {
                refused = false; // it has the port of another line
            } else if (line.equals("a=recvonly") || line.equals("a=inactive")) {
                sends = false;
            }
        }
        return video && sends && !refused;
    }
}
