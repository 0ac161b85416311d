/** What {@code bin/demo} is made of: a class for each subcommand, and what they share. */
@NullMarked
package dev.drawbridge.examples.demo;

import org.jspecify.annotations.NullMarked;
