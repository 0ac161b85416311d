/** Pictures, sound, and where they come from, independent of any WebRTC library. */
@NullMarked
package dev.drawbridge.media;

import org.jspecify.annotations.NullMarked;
