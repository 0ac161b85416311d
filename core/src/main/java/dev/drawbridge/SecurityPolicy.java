package dev.drawbridge;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Who may watch: how many, whether the program is asked first, and whether an unencrypted handshake is taken. Immutable; the
 * methods that take an argument give a changed copy.
 *
 * <pre>{@code
 * SecurityPolicy.secure().approval(Approval.ASK)
 * }</pre>
 */
public final class SecurityPolicy {
    /** The largest limit that {@link #maxViewers} takes. */
    public static final int MOST_VIEWERS = 10_000;

    private static final SecurityPolicy OPEN =
            new SecurityPolicy(false, OptionalInt.empty(), Approval.AUTO, Optional.empty());
    private static final SecurityPolicy SECURE =
            new SecurityPolicy(true, OptionalInt.empty(), Approval.AUTO, Optional.empty());

    /** Who decides whether a connected viewer gets media. */
    public enum Approval {
        /** Everybody who connects within the limits. */
        AUTO,
        /** The program is asked, and no media leaves before it agreed ({@code prompt}). */
        ASK
    }

    /** What happens to an offer or answer that is not encrypted with the password. */
    public enum Encryption {
        /** It is refused ({@code requireencryption}). */
        REQUIRE,
        /** It is taken ({@code unsafe}). */
        ALLOW
    }

    private final boolean secure;
    private final OptionalInt maxViewers;
    private final Approval approval;
    private final Optional<Encryption> encryption;

    private SecurityPolicy(boolean secure, OptionalInt maxViewers, Approval approval, Optional<Encryption> encryption) {
        this.secure = secure;
        this.maxViewers = maxViewers;
        this.approval = approval;
        this.encryption = encryption;
    }

    /** Secure mode: one viewer ever; then the publisher leaves the handshake server for good and nobody can come in. */
    public static SecurityPolicy secure() {
        return SECURE;
    }

    /** Any number of viewers come and go. */
    public static SecurityPolicy open() {
        return OPEN;
    }

    /**
     * Viewers come and go, never more than {@code n} at a time.
     *
     * @throws OptionsException if n is not 1 to {@value #MOST_VIEWERS}
     */
    public static SecurityPolicy maxViewers(int n) {
        if (n < 1 || n > MOST_VIEWERS) {
            throw new OptionsException("maxviewers", "is " + n, "1 to " + MOST_VIEWERS);
        }
        return new SecurityPolicy(false, OptionalInt.of(n), Approval.AUTO, Optional.empty());
    }

    /** The same with this approval. */
    public SecurityPolicy approval(Approval changed) {
        return new SecurityPolicy(secure, maxViewers, Objects.requireNonNull(changed, "approval"), encryption);
    }

    /** The same with this rule instead of the one that {@link #encryptionFor} derives from the password. */
    public SecurityPolicy encryption(Encryption changed) {
        return new SecurityPolicy(secure, maxViewers, approval, Optional.of(changed));
    }

    /** Whether this is secure mode: exactly one viewer ever, sealed behind it. */
    public boolean sealing() {
        return secure;
    }

    /** The most viewers at a time, 1 in secure mode; empty: no limit. */
    public OptionalInt viewerLimit() {
        return secure ? OptionalInt.of(1) : maxViewers;
    }

    /** Who decides about a viewer. */
    public Approval approval() {
        return approval;
    }

    /** The rule that was set; empty: it follows from the password. */
    public Optional<Encryption> encryption() {
        return encryption;
    }

    /**
     * The rule that holds with this password: the one that was set, else {@code REQUIRE} for a password of its own and
     * {@code ALLOW} for the default key and for none.
     */
    public Encryption encryptionFor(Password password) {
        return encryption.orElse(password.text().isPresent() ? Encryption.REQUIRE : Encryption.ALLOW);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecurityPolicy that
                && secure == that.secure
                && maxViewers.equals(that.maxViewers)
                && approval == that.approval
                && encryption.equals(that.encryption);
    }

    @Override
    public int hashCode() {
        return Objects.hash(secure, maxViewers, approval, encryption);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("SecurityPolicy(").append(secure ? "secure" : "open");
        maxViewers.ifPresent(n -> text.append(", at most ").append(n));
        if (approval == Approval.ASK) {
            text.append(", asks");
        }
        encryption.ifPresent(rule -> text.append(", encryption ").append(rule));
        return text.append(')').toString();
    }
}
