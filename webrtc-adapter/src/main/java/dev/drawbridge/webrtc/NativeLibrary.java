package dev.drawbridge.webrtc;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionException;
import dev.onvoid.webrtc.PeerConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the native library once for the process; a failure is kept, because each attempt costs 23 MB of temporary files. */
final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
    private static final String PACKAGES =
            "libpulse0 libx11-6 libxfixes3 libxrandr2 libxcomposite1 libxext6 libdbus-1-3 libudev1";
    private static final Pattern UNPACKED = Pattern.compile("(\\S*libwebrtc-java-[^\\s:]*\\.(?:so|dylib|dll))");

    private static boolean loaded;
    private static @Nullable String problem;

    private NativeLibrary() {}

    /** Loads it, or throws what kept it from loading; on the native thread. */
    static synchronized void load() throws SessionException {
        if (loaded) {
            return;
        }
        if (problem != null) {
            throw new SessionException(CloseReason.NATIVE_LIBRARY, problem);
        }
        try {
            // Its static initializer unpacks and loads the library.
            Class.forName(PeerConnectionFactory.class.getName(), true, PeerConnectionFactory.class.getClassLoader());
            loaded = true;
        } catch (Throwable e) {
            deleteUnpacked(e);
            problem = explain(e);
            throw new SessionException(CloseReason.NATIVE_LIBRARY, problem, e);
        }
    }

    /** webrtc-java deletes the unpacked library after an exception, but not after an {@code UnsatisfiedLinkError}. */
    private static void deleteUnpacked(Throwable e) {
        Matcher path = UNPACKED.matcher(String.valueOf(e.getMessage()));
        if (e instanceof UnsatisfiedLinkError && path.find()) {
            try {
                Files.deleteIfExists(Path.of(path.group(1)));
            } catch (IOException | RuntimeException ignored) {
                LOG.debug("the unpacked native library could not be deleted");
            }
        }
    }

    static String explain(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage());
        String hint;
        if (text.contains("Operation not permitted") || text.contains("failed to map segment")) {
            hint =
                    "the temporary directory is mounted noexec; start Java with -Djava.io.tmpdir=<a directory that is not>";
        } else if (text.contains("cannot open shared object file")) {
            hint = "a system library is missing; on Debian and Ubuntu: apt-get install -y " + PACKAGES;
        } else if (cause instanceof NullPointerException || cause instanceof IOException) {
            hint = "it is not on the class path: add dev.onvoid.webrtc:webrtc-java:0.14.0 with the classifier "
                    + classifier()
                    + " (on the module path also --add-modules ALL-MODULE-PATH), and check that the temporary directory is writable";
        } else {
            hint = "needed are dev.onvoid.webrtc:webrtc-java:0.14.0 with the classifier " + classifier()
                    + ", a temporary directory that is not noexec and, on Debian and Ubuntu, " + PACKAGES;
        }
        return "the native WebRTC library could not be loaded: " + hint + " (" + text + ")";
    }

    private static String classifier() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String family = os.startsWith("mac") ? "macos" : os.startsWith("windows") ? "windows" : "linux";
        String machine =
                switch (arch) {
                    case "aarch64", "arm64" -> "aarch64";
                    case "arm", "aarch32" -> "aarch32";
                    default -> "x86_64";
                };
        return family + "-" + machine;
    }
}
