package dev.drawbridge.spi;

/** Found with {@link java.util.ServiceLoader}, so that {@code Publisher.start(options)} works with a media library on the class path. */
public interface MediaTransportProvider {

    /** A new transport with the default sources: first camera and microphone tone rules as its documentation says. */
    MediaTransport create();
}
