package dev.drawbridge.spi;

/** Found with {@link java.util.ServiceLoader}, so that {@code Publisher.start(options)} works with a media library on the class path. */
public interface MediaTransportProvider {

    /** A new transport, for one session, whose sources follow the session's options. Returns at once. */
    MediaTransport create();
}
