package dev.drawbridge.internal.crypto;

import dev.drawbridge.Password;
import dev.drawbridge.Secret;
import java.util.Optional;

/** From what a person typed to the string that is hashed: trimmed, then percent-encoded, as every client does. Pure. */
public final class EffectivePassword {
    /** The key that everybody uses when no password is given. */
    public static final String DEFAULT = "someEncryptionKey123";

    private EffectivePassword() {}

    /** The string that goes into every hash and key; empty when passwords are switched off. */
    public static Optional<String> of(Password password) {
        return password.disabled()
                ? Optional.empty()
                : Optional.of(of(password.text().map(Secret::reveal).orElse("")));
    }

    /**
     * The same for the text as typed; a blank one gives {@link #DEFAULT}.
     *
     * @throws IllegalArgumentException for half a surrogate pair
     */
    public static String of(String typed) {
        String trimmed = WebText.trim(typed);
        return trimmed.isEmpty() ? DEFAULT : WebText.encodeComponent(trimmed);
    }
}
