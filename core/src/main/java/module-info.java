/** Publishes and views live media peer to peer, and raises the bridge behind the first viewer. */
module dev.drawbridge {
    requires static transitive org.jspecify;
    requires okhttp3;
    requires com.squareup.moshi;
    requires okio;
    requires org.slf4j;
}
