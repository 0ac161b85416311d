package dev.drawbridge;

import dev.drawbridge.internal.crypto.WebText;
import java.util.Objects;
import java.util.Optional;

/**
 * The password of a stream or room: the default key that everybody knows, none at all, or a text. Its {@link #toString} never
 * tells the text. Immutable.
 *
 * <p>Only a text that nobody can guess keeps strangers and the handshake server out: take 16 random characters of
 * {@code A-Z a-z 0-9} (some clients of the protocol treat other characters differently).
 */
public final class Password {
    /** The longest password, in characters. */
    public static final int MAX_LENGTH = 1000;

    private static final Password DEFAULT_KEY = new Password(Kind.DEFAULT_KEY, Optional.empty());
    private static final Password NONE = new Password(Kind.NONE, Optional.empty());

    private enum Kind {
        DEFAULT_KEY,
        NONE,
        TEXT
    }

    private final Kind kind;
    private final Optional<Secret> text;

    private Password(Kind kind, Optional<Secret> text) {
        this.kind = kind;
        this.text = text;
    }

    /** The key that every client uses when no password is given. It hides nothing from anybody. */
    public static Password defaultKey() {
        return DEFAULT_KEY;
    }

    /** No encryption of the handshake and no hashed names; both sides must agree on it ({@code password=false}). */
    public static Password none() {
        return NONE;
    }

    /**
     * A password of its own. White space around it does not count, as in every client.
     *
     * @throws OptionsException if it is blank (an empty variable must not quietly become the default key), is {@code false},
     *     {@code 0} or {@code off} (which switch passwords off in every link), has more than {@value #MAX_LENGTH} characters,
     *     or is not valid Unicode
     */
    public static Password of(Secret text) {
        String trimmed = WebText.trim(text.reveal());
        if (trimmed.isEmpty()) {
            throw new OptionsException(
                    "password", "is blank", "a text, or Password.defaultKey() or Password.none() on purpose");
        }
        if (trimmed.equals("false") || trimmed.equals("0") || trimmed.equals("off")) {
            throw new OptionsException(
                    "password", "means 'no password' in every link", "another text, or Password.none() on purpose");
        }
        if (trimmed.length() > MAX_LENGTH) {
            throw new OptionsException(
                    "password", "has " + trimmed.length() + " characters", "1 to " + MAX_LENGTH + " characters");
        }
        if (!WebText.wellFormed(trimmed)) {
            throw new OptionsException("password", "is not valid Unicode (half a surrogate pair)", "Unicode text");
        }
        return new Password(Kind.TEXT, Optional.of(Secret.of(trimmed)));
    }

    /** Like {@link #of(Secret)}. */
    public static Password of(String text) {
        return of(Secret.of(text));
    }

    /** Whether this is the key that everybody knows. */
    public boolean publiclyKnown() {
        return kind == Kind.DEFAULT_KEY;
    }

    /** Whether passwords are switched off: nothing is hashed or encrypted by the protocol. */
    public boolean disabled() {
        return kind == Kind.NONE;
    }

    /** The text, trimmed; empty for the default key and for none. */
    public Optional<Secret> text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Password that && kind == that.kind && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, text);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case DEFAULT_KEY -> "Password(default key)";
            case NONE -> "Password(none)";
            case TEXT -> "Password([secret])";
        };
    }
}
