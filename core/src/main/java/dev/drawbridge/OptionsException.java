package dev.drawbridge;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Options that cannot be used. It lists every problem at once, so that one run is enough to mend them all; secret values are
 * never part of it.
 */
public final class OptionsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** Makes an exception of at least one problem. */
    public OptionsException(List<Problem> problems) {
        super(text(problems));
        this.problems = List.copyOf(problems);
    }

    /** Makes an exception of one problem. */
    public OptionsException(String parameter, String message, String allowed) {
        this(List.of(new Problem(parameter, message, allowed)));
    }

    /** What is wrong, in the order in which it was found; empty only after deserialization. */
    public List<Problem> problems() {
        return problems == null ? List.of() : problems;
    }

    private static String text(List<Problem> problems) {
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("an OptionsException needs a problem");
        }
        return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
    }

    /**
     * One thing that is wrong.
     *
     * @param parameter the parameter as it was written, such as {@code vb}
     * @param message what is wrong with it, without a secret value
     * @param allowed what would be right, such as {@code 10 to 86400 seconds}
     */
    public record Problem(String parameter, String message, String allowed) {
        @Override
        public String toString() {
            return parameter + ": " + message + " (allowed: " + allowed + ")";
        }
    }
}
