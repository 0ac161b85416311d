package dev.drawbridge.examples.demo;

import java.time.Instant;
import java.util.Map;

/** How things stand at one moment. */
interface Snapshot {

    Instant at();

    /** For a program. */
    Map<String, Object> fields();

    /** For a person, at most 79 characters. */
    String line();
}
