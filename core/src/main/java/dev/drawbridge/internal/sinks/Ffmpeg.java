package dev.drawbridge.internal.sinks;

import dev.drawbridge.media.SinkException;
import dev.drawbridge.media.SinkException.Reason;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the program {@code ffmpeg} is. */
public final class Ffmpeg {
    private Ffmpeg() {}

    /**
     * The one that the program names, or the first on the path.
     *
     * @throws SinkException {@code FFMPEG_MISSING}
     */
    public static Path find(Optional<Path> named) throws SinkException {
        return find(named, Optional.ofNullable(System.getenv("PATH")).orElse(""));
    }

    static Path find(Optional<Path> named, String path) throws SinkException {
        Stream<Path> places = named.isPresent()
                ? named.stream()
                : Stream.of(path.split(File.pathSeparator, -1))
                        .filter(folder -> !folder.isEmpty())
                        .flatMap(folder ->
                                List.of("ffmpeg", "ffmpeg.exe").stream().map(name -> Path.of(folder, name)));
        return places.filter(place -> Files.isRegularFile(place) && Files.isExecutable(place))
                .findFirst()
                .orElseThrow(() -> new SinkException(
                        Reason.FFMPEG_MISSING,
                        named.map(there -> "there is no program at " + there).orElse("ffmpeg is not on the path")
                                + "; install it (on Debian and Ubuntu: apt-get install ffmpeg; elsewhere:"
                                + " https://ffmpeg.org), or record into a file that ends in .y4m or .wav"));
    }
}
