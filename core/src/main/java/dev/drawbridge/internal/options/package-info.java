/** Text as in a link to and from options, and what has to hold for them. Pure but for generated ids. */
@NullMarked
package dev.drawbridge.internal.options;

import org.jspecify.annotations.NullMarked;
