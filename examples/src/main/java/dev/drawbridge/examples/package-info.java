/** The demo and one class for each idea. */
@NullMarked
package dev.drawbridge.examples;

import org.jspecify.annotations.NullMarked;
