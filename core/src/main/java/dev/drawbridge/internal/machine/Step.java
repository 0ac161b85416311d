package dev.drawbridge.internal.machine;

import java.util.List;

/** The answer of a machine to one input. */
public record Step<S>(S state, List<Effect> effects) {}
