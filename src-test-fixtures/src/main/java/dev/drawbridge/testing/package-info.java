/** A handshake server, fakes and contract tests, for tests that use Drawbridge. */
@NullMarked
package dev.drawbridge.testing;

import org.jspecify.annotations.NullMarked;
