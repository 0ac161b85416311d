/** Files that are recorded: what is written, and when. Knows pictures and sound, and no session. */
@NullMarked
package dev.drawbridge.internal.sinks;

import org.jspecify.annotations.NullMarked;
