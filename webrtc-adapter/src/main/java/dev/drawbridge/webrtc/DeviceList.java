package dev.drawbridge.webrtc;

import java.util.List;

/**
 * The cameras, microphones and loudspeakers of this machine, as {@link WebRtcMedia#devices} found them. Immutable.
 *
 * @param cameras in the order of the system; {@code videodevice=2} is the second
 * @param microphones likewise for {@code audiodevice}; the default one is not in the list by itself
 * @param speakers what can play sound
 * @param problems what could not be looked at and why, for a person; empty if all of it could
 */
public record DeviceList(List<Camera> cameras, List<Sound> microphones, List<Sound> speakers, List<String> problems) {

    /** Of which nothing is there. */
    public static final DeviceList NONE = new DeviceList(List.of(), List.of(), List.of(), List.of());

    /** Copies the lists. */
    public DeviceList {
        cameras = List.copyOf(cameras);
        microphones = List.copyOf(microphones);
        speakers = List.copyOf(speakers);
        problems = List.copyOf(problems);
    }

    /**
     * A camera.
     *
     * @param name as {@code videodevice} takes it
     * @param formats what it can deliver, as its driver says; may be empty
     */
    public record Camera(String name, List<Format> formats) {
        /** Copies the list. */
        public Camera {
            formats = List.copyOf(formats);
        }
    }

    /**
     * A size and a rate.
     *
     * @param width in pixels
     * @param height likewise
     * @param framesPerSecond at most
     */
    public record Format(int width, int height, int framesPerSecond) {
        @Override
        public String toString() {
            return width + "x" + height + "@" + framesPerSecond;
        }
    }

    /** A microphone or a loudspeaker, by the name that {@code audiodevice} takes. */
    public record Sound(String name) {}
}
