package dev.drawbridge.webrtc;

import dev.drawbridge.media.AudioSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.SourceDataLine;
import javax.sound.sampled.TargetDataLine;

/** What Java's own sound system knows of microphones and loudspeakers. All of it may hang in a driver. */
final class Microphones {
    private Microphones() {}

    /** The default one; empty without one. */
    static Optional<AudioSource> standard(int channels) {
        Line.Info line = new DataLine.Info(TargetDataLine.class, Microphone.format(channels));
        if (AudioSystem.isLineSupported(line)) {
            return Optional.of(new Microphone("default microphone", null, channels));
        }
        return channels == 1 ? Optional.empty() : standard(1);
    }

    /** Each by its name, in the order of the system. */
    static List<AudioSource> all(int channels) {
        List<AudioSource> found = new ArrayList<>();
        for (Mixer.Info info : AudioSystem.getMixerInfo()) {
            Mixer mixer = AudioSystem.getMixer(info);
            for (int count = channels; count >= 1; count--) {
                if (mixer.isLineSupported(new DataLine.Info(TargetDataLine.class, Microphone.format(count)))) {
                    found.add(new Microphone(info.getName(), info, count));
                    break;
                }
            }
        }
        return found;
    }

    /** What can play sound. */
    static List<DeviceList.Sound> speakers() {
        List<DeviceList.Sound> found = new ArrayList<>();
        for (Mixer.Info info : AudioSystem.getMixerInfo()) {
            if (AudioSystem.getMixer(info)
                    .isLineSupported(new DataLine.Info(SourceDataLine.class, Microphone.format(2)))) {
                found.add(new DeviceList.Sound(info.getName()));
            }
        }
        return found;
    }
}
