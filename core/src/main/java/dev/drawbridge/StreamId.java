package dev.drawbridge;

import dev.drawbridge.internal.options.Identifiers;

/**
 * The name of a stream, as it stands in {@code push=} and {@code view=}. Who knows it (and the password) can ask for the stream,
 * so {@link #toString} tells no more than is needed to tell streams apart. Immutable; case-sensitive.
 */
public final class StreamId {
    /** The longest id that every client of the protocol puts on the wire unchanged. */
    public static final int MAX_LENGTH = 44;

    private final String text;

    private StreamId(String text) {
        this.text = text;
    }

    /**
     * Makes an id of a text: white space around it goes, and every run of characters outside {@code A-Z a-z 0-9 _} becomes one
     * {@code _}, as all clients do.
     *
     * @throws OptionsException if nothing is left, or more than {@value #MAX_LENGTH} characters (clients would cut it differently)
     */
    public static StreamId of(String text) {
        String id = Identifiers.sanitised(text);
        if (id.isEmpty()) {
            throw new OptionsException("stream id", "is empty", "1 to 44 characters of A-Z a-z 0-9 _");
        }
        if (id.length() > MAX_LENGTH) {
            throw new OptionsException(
                    "stream id", "has " + id.length() + " characters", "1 to 44 characters of A-Z a-z 0-9 _");
        }
        return new StreamId(id);
    }

    /** A new id of 12 characters without look-alikes, from a cryptographic generator: 69 bits that nobody guesses. */
    public static StreamId random() {
        return new StreamId(Identifiers.random(12));
    }

    /** The whole id, as it stands in a link. Not for logs. */
    public String value() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamId that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /**
     * The first two characters, of very short ids half of them, and an ellipsis: enough to tell streams apart in a log, too
     * little to ask for one.
     */
    @Override
    public String toString() {
        return text.substring(0, Math.min(2, text.length() / 2)) + "…";
    }
}
