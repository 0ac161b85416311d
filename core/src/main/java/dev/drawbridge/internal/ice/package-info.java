/** Candidates, addresses and fingerprints, in lines and in SDP. Pure. */
@NullMarked
package dev.drawbridge.internal.ice;

import org.jspecify.annotations.NullMarked;
