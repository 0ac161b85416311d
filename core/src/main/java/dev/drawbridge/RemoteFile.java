package dev.drawbridge;

/**
 * A file that somebody else offers.
 *
 * @param from {@code viewer-1} at a publisher ({@link ViewerId#toString}), the stream id at a viewer
 * @param id what it is asked for by
 * @param name one segment of a path, clean: no separators, control characters, devices, leading dots, and at most 200 bytes of UTF-8. A
 *     stranger's text all the same
 * @param size in bytes, as it is said
 */
public record RemoteFile(String from, String id, String name, long size) {
    @Override
    public String toString() {
        return "RemoteFile(" + size + " bytes)";
    }
}
