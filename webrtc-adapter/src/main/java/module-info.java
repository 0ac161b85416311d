/** The media transport on webrtc-java. */
module dev.drawbridge.webrtc {
    requires static transitive org.jspecify;
    requires transitive dev.drawbridge;
    requires static java.desktop; // the microphone; without the module there is none
    requires org.slf4j;
    requires webrtc.java;

    exports dev.drawbridge.webrtc;

    provides dev.drawbridge.spi.MediaTransportProvider with
            dev.drawbridge.webrtc.WebRtcMediaProvider;
}
