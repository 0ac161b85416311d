/** The media transport on webrtc-java. */
@NullMarked
package dev.drawbridge.webrtc;

import org.jspecify.annotations.NullMarked;
