/** Publishes and views live media peer to peer, and raises the bridge behind the first viewer. */
module dev.drawbridge {
    requires static transitive org.jspecify;
    requires okhttp3;
    requires okio;
    requires com.squareup.moshi;
    requires org.slf4j;
    requires static jdk.jfr; // used where the runtime has it
    requires static transitive java.desktop; // only for Images, Screens, ScreenVideo, VideoPanel and Speakers

    exports dev.drawbridge;
    exports dev.drawbridge.media;
    exports dev.drawbridge.signaling;
    exports dev.drawbridge.spi;

    uses dev.drawbridge.spi.MediaTransportProvider;
}
