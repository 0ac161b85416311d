/** The built-in connection to the handshake server: a WebSocket, by OkHttp. */
@NullMarked
package dev.drawbridge.signaling;

import org.jspecify.annotations.NullMarked;
