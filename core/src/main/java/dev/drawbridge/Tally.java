package dev.drawbridge;

/**
 * How a viewer uses the stream, in its own words, which prove nothing: a red light for whoever is on camera. A report says what has
 * changed, so most of it is mostly {@link Light#UNKNOWN}, which means as before.
 *
 * @param shown in the scene that the viewer is
 * @param muted its sound, in that scene
 * @param visible the viewer's page is, as a source of OBS
 * @param active that source is on air or in a preview
 * @param streaming OBS is
 * @param recording likewise
 * @param virtualCamera OBS is one
 */
public record Tally(
        Light shown, Light muted, Light visible, Light active, Light streaming, Light recording, Light virtualCamera) {

    /** A yes, a no, or nothing said. */
    public enum Light {
        /** Yes. */
        ON,
        /** No. */
        OFF,
        /** Nothing was said about it. */
        UNKNOWN
    }
}
