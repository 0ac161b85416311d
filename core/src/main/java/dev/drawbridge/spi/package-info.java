/** What can be replaced: the connection to the handshake server, the peer connections, the clock. Programs rarely need it. */
@NullMarked
package dev.drawbridge.spi;

import org.jspecify.annotations.NullMarked;
