/** The media transport on webrtc-java. */
module dev.drawbridge.webrtc {
    requires static transitive org.jspecify;
    requires transitive dev.drawbridge;
    requires org.slf4j;
    requires webrtc.java;
}
