package dev.drawbridge;

/** A file of ours that peers can have; see {@link Session#offerFile}. <b>Thread:</b> any. */
public interface OfferedFile {

    /** What peers ask for; nobody can guess it. {@link SessionEvent.FileSent} names it. */
    String id();

    /** As peers see it. */
    String name();

    /** In bytes, when it was offered. A file that has another size when it is sent is not sent. */
    long size();

    /** Takes the offer back. Transfers of it are called off. Returns at once, idempotent; after close it does nothing. */
    void withdraw();
}
