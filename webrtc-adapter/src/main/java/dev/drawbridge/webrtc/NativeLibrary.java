package dev.drawbridge.webrtc;

import dev.drawbridge.CloseReason;
import dev.drawbridge.SessionException;
import dev.onvoid.webrtc.PeerConnectionFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the native library once for the process; a failure is kept, because each attempt costs 23 MB of temporary files. */
final class NativeLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
    /** Without its classifier. */
    static final String ARTIFACT = "dev.onvoid.webrtc:webrtc-java:0.14.0";
    /** Those that exist. */
    static final List<String> CLASSIFIERS = List.of(
            "linux-x86_64", "linux-aarch64", "linux-aarch32", "macos-x86_64", "macos-aarch64", "windows-x86_64");

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
        return "the native WebRTC library could not be loaded: " + hint(e) + "; bin/doctor names all that is missing ("
                + root(e).getMessage() + ")";
    }

    /** What the loader said, without where the library was unpacked to. */
    static String words(Throwable e) {
        return UNPACKED.matcher(String.valueOf(root(e).getMessage()))
                .replaceAll("")
                .replaceAll("^[\\s:]+", "");
    }

    private static Throwable root(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** What to do about it. */
    static String hint(Throwable e) {
        Throwable cause = root(e);
        String text = String.valueOf(cause.getMessage());
        if (text.contains("Operation not permitted") || text.contains("failed to map segment")) {
            return "the temporary directory is mounted noexec; start Java with -Djava.io.tmpdir=<a directory that is not>";
        } else if (text.contains("cannot open shared object file")) {
            return "a system library is missing; on Debian and Ubuntu: " + install();
        } else if (text.contains("invalid ELF header") || text.contains("file too short")) {
            return "a system library is damaged, or for another kind of machine; install its package again, and see what"
                    + " LD_LIBRARY_PATH leads to";
        } else if (cause instanceof NullPointerException || cause instanceof IOException) {
            return "it is not on the class path: add " + ARTIFACT + " with the classifier " + classifier()
                    + " (on the module path also --add-modules ALL-MODULE-PATH), and check that the temporary directory is writable";
        }
        return "needed are " + ARTIFACT + " with the classifier " + classifier()
                + ", a temporary directory that is not noexec and, on Debian and Ubuntu, " + install();
    }

    private static String install() {
        return SharedObjects.install(SharedObjects.packages().values());
    }

    private static String classifier() {
        return classifier(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /** Of the jar for a system, by what Java calls it; one that is not among {@link #CLASSIFIERS} where there is none. */
    static String classifier(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String arch = osArch.toLowerCase(Locale.ROOT);
        String family = os.startsWith("mac")
                ? "macos"
                : os.startsWith("windows") ? "windows" : os.startsWith("linux") ? "linux" : os.replace(' ', '-');
        String machine =
                switch (arch) {
                    case "amd64", "x86_64", "x64" -> "x86_64";
                    case "aarch64", "arm64" -> "aarch64";
                    case "arm", "aarch32" -> "aarch32";
                    default -> arch;
                };
        return family + "-" + machine;
    }

    /** What the library is called in its jar. */
    static String fileName(String classifier) {
        String name = "webrtc-java-" + classifier;
        return classifier.startsWith("windows")
                ? name + ".dll"
                : "lib" + name + (classifier.startsWith("macos") ? ".dylib" : ".so");
    }
}
