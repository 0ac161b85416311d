package dev.drawbridge.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A folder of static files, on disk or on the class path. */
interface Pages {
    /** Bigger files are not served: a page for a handshake server is small. */
    int MAX_SIZE = 16 << 20;

    /** Content types by the end of the name. */
    Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("gif", "image/gif"),
            Map.entry("webp", "image/webp"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("webmanifest", "application/manifest+json"));

    /** The file {@code name}, which is relative and has no dots that lead upwards. */
    Optional<byte[]> find(String name) throws IOException;

    /** No files at all. */
    static Pages none() {
        return name -> Optional.empty();
    }

    /** The files in {@code folder}; a link that leads out of it is not followed. */
    static Pages in(Path folder) {
        return name -> {
            Path root = folder.toRealPath();
            Path file = root.resolve(name);
            if (!Files.isRegularFile(file) || !file.toRealPath().startsWith(root) || Files.size(file) > MAX_SIZE) {
                return Optional.empty();
            }
            return Optional.of(Files.readAllBytes(file));
        };
    }

    /** The resources under {@code folder} of {@code loader}. */
    static Pages of(ClassLoader loader, String folder) {
        String prefix = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
        return name -> {
            try (InputStream in = loader.getResourceAsStream(prefix + name)) {
                if (in == null) {
                    return Optional.empty();
                }
                byte[] bytes = in.readNBytes(MAX_SIZE + 1);
                return bytes.length > MAX_SIZE ? Optional.empty() : Optional.of(bytes);
            }
        };
    }

    /** The name of the file for a decoded path of a URL; empty if the path is not a plain one. */
    static Optional<String> nameOf(String path) {
        if (!path.startsWith("/") || path.indexOf('\\') >= 0 || path.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        String name = path.substring(1) + (path.endsWith("/") ? "index.html" : "");
        List<String> parts = Arrays.asList(name.split("/", -1));
        boolean plain = parts.stream().noneMatch(part -> part.isEmpty() || part.startsWith(".") || part.contains(":"));
        return plain ? Optional.of(name) : Optional.empty();
    }

    /** The content type for a file of this name. */
    static String typeOf(String name) {
        String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(end, "application/octet-stream");
    }
}
