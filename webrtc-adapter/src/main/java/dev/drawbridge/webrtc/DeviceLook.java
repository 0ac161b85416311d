package dev.drawbridge.webrtc;

import dev.drawbridge.media.AudioSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at all devices side by side, for as long as is allowed: each of them may hang in a driver, and then only itself is missing. */
final class DeviceLook {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceLook.class);

    private final long deadline;
    private final List<String> problems = new ArrayList<>();

    private DeviceLook(long millis) {
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    static DeviceList at(
            Callable<List<DeviceList.Camera>> cameras,
            Callable<List<AudioSource>> microphones,
            Callable<List<DeviceList.Sound>> speakers,
            long millis) {
        DeviceLook look = new DeviceLook(millis);
        FutureTask<List<DeviceList.Camera>> seeing = Sources.looking("cameras", cameras);
        FutureTask<List<AudioSource>> hearing = Sources.looking("microphones", microphones);
        FutureTask<List<DeviceList.Sound>> playing = Sources.looking("speakers", speakers);
        List<DeviceList.Camera> seen = look.found("cameras", seeing);
        List<DeviceList.Sound> heard = look.found("microphones", hearing).stream()
                .map(source -> new DeviceList.Sound(source.name()))
                .toList();
        return new DeviceList(seen, heard, look.found("speakers", playing), look.problems);
    }

    private <T> List<T> found(String what, FutureTask<List<T>> task) {
        try {
            return task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            problems.add("the " + what + " of this machine did not answer in time");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            LOG.debug("the {} could not be listed", what, cause);
            problems.add("the " + what + " could not be listed: " + cause.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problems.add("the " + what + " were not waited for");
        }
        return List.of();
    }
}
