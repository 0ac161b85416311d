package dev.drawbridge.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openqa.selenium.ScriptTimeoutException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.bidi.Command;
import org.openqa.selenium.bidi.Connection;
import org.openqa.selenium.json.Json;
import org.openqa.selenium.remote.http.ClientConfig;
import org.openqa.selenium.remote.http.HttpClient;

/**
 * One headless Firefox, with a window for each page and a new profile of its own. It is spoken to in WebDriver BiDi, which it
 * serves by itself, as Debian has no geckodriver for it. It ends with this process.
 */
final class Firefox implements AutoCloseable {
    /** Its first start writes a whole profile. */
    private static final Duration START = Duration.ofSeconds(60);

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LISTENS = "WebDriver BiDi listening on ";

    /**
     * Nothing is asked of other machines, and sound may play. All that WebRTC does is left as people have it; without the plugin
     * that it would fetch, Firefox has no H264.
     */
    private static final Map<String, Object> SETTINGS = Map.ofEntries(
            Map.entry("app.normandy.enabled", false),
            Map.entry("app.update.disabledForTesting", true),
            Map.entry("browser.region.network.url", ""),
            Map.entry("browser.safebrowsing.update.enabled", false),
            Map.entry("browser.shell.checkDefaultBrowser", false),
            Map.entry("browser.startup.homepage_override.mstone", "ignore"),
            Map.entry("browser.topsites.contile.enabled", false),
            Map.entry("datareporting.policy.dataSubmissionEnabled", false),
            Map.entry("extensions.getAddons.cache.enabled", false),
            Map.entry("extensions.systemAddon.update.enabled", false),
            Map.entry("media.autoplay.default", 0),
            Map.entry("media.gmp-manager.updateEnabled", false),
            Map.entry("network.captive-portal-service.enabled", false),
            Map.entry("network.connectivity-service.enabled", false),
            Map.entry("network.dns.disabled", true),
            Map.entry("network.proxy.type", 0),
            Map.entry("services.settings.server", "http://127.0.0.1:9"));

    /** Around the body of a function; its arguments and its result travel as JSON. */
    private static final String AT_ONCE =
            "given => JSON.stringify((function () {%s}).apply(null, JSON.parse(given)) ?? null)";

    /** Likewise, for one whose last argument is what it calls back. */
    private static final String LATER =
            "given => new Promise(done => (function () {%s}).apply(null, [...JSON.parse(given), done]))"
                    + ".then(result => JSON.stringify(result ?? null))";

    private final Path profile;
    private final Process process;
    private final Thread atExit;
    private final HttpClient client;
    private final Connection connection;
    private final Set<FirefoxWindow> windows = ConcurrentHashMap.newKeySet();

    private Firefox(Path profile, Process process, Thread atExit, HttpClient client, Connection connection) {
        this.profile = profile;
        this.process = process;
        this.atExit = atExit;
        this.client = client;
        this.connection = connection;
    }

    /** Starts it. @throws AssertionError that names the Debian package which is missing */
    static Firefox start() throws IOException {
        Path program = Programs.find("firefox-esr", "firefox-esr", "firefox");
        Path profile = Files.createTempDirectory("drawbridge-firefox");
        Json json = new Json();
        Files.write(
                profile.resolve("user.js"),
                SETTINGS.entrySet().stream()
                        .map(e -> "user_pref(\"" + e.getKey() + "\", " + json.toJson(e.getValue()) + ");")
                        .toList());
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-remote",
                        "--remote-debugging-port=0",
                        "--profile",
                        profile.toString(),
                        "about:blank")
                .redirectErrorStream(true);
        builder.environment().put("HOME", profile.toString());
        Process process = builder.start();
        Thread atExit = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(atExit);
        URI session = URI.create(address(process) + "/session");
        HttpClient client = HttpClient.Factory.createDefault()
                .createClient(ClientConfig.defaultConfig().baseUri(session));
        Firefox firefox = new Firefox(profile, process, atExit, client, new Connection(client, session.toString()));
        firefox.ask("session.new", Map.of("capabilities", Map.of()));
        return firefox;
    }

    /** Where it listens, as it says in its output. The rest of that is read and forgotten. */
    private static String address(Process process) {
        CompletableFuture<String> found = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    StringBuilder said = new StringBuilder();
                    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
                        for (String line = output.readLine(); line != null; line = output.readLine()) {
                            if (line.startsWith(LISTENS)) {
                                found.complete(line.substring(LISTENS.length()).strip());
                            } else if (!found.isDone()) {
                                said.append(line).append('\n');
                            }
                        }
                    } catch (IOException e) {
                        said.append(e);
                    }
                    found.completeExceptionally(new AssertionError("Firefox did not start:\n" + said));
                },
                "firefox-output");
        reader.setDaemon(true);
        reader.start();
        try {
            return found.orTimeout(START.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private Map<String, Object> ask(String method, Map<String, Object> parameters) {
        return connection.sendAndWait(new Command<>(method, parameters, Json.MAP_TYPE), PATIENCE);
    }

    /** An empty window. */
    Tab open() {
        String context =
                (String) ask("browsingContext.create", Map.of("type", "window")).get("context");
        FirefoxWindow window = new FirefoxWindow(context);
        windows.add(window);
        ask("browsingContext.setViewport", Map.of("context", context, "viewport", Map.of("width", 960, "height", 600)));
        return new Tab(window);
    }

    /** Closes the windows that a test left open. */
    void closeAll() {
        windows.forEach(FirefoxWindow::close);
    }

    @Override
    public void close() throws IOException {
        try {
            ask("browser.close", Map.of());
            process.onExit()
                    .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (WebDriverException | CompletionException e) {
            // It is killed instead.
        } finally {
            process.destroyForcibly().onExit().join();
            Runtime.getRuntime().removeShutdownHook(atExit);
            connection.close();
            client.close();
            removeProfile();
        }
    }

    private void removeProfile() throws IOException {
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private final class FirefoxWindow implements Window {
        private final String context;

        FirefoxWindow(String context) {
            this.context = context;
        }

        @Override
        public void load(URI page) {
            ask("browsingContext.navigate", Map.of("context", context, "url", page.toString(), "wait", "complete"));
        }

        @Override
        public Object executeScript(String script, Object... arguments) {
            return call(AT_ONCE.formatted(script), arguments);
        }

        @Override
        public Object executeAsyncScript(String script, Object... arguments) {
            return call(LATER.formatted(script), arguments);
        }

        private Object call(String function, Object... arguments) {
            Json json = new Json();
            Map<String, Object> answer;
            try {
                answer = ask(
                        "script.callFunction",
                        Map.of(
                                "target",
                                Map.of("context", context),
                                "functionDeclaration",
                                function,
                                "awaitPromise",
                                true,
                                "arguments",
                                List.of(Map.of("type", "string", "value", json.toJson(arguments)))));
            } catch (TimeoutException e) {
                throw new ScriptTimeoutException("nothing was called back", e);
            }
            if (answer.get("exceptionDetails") instanceof Map<?, ?> details) {
                throw new WebDriverException(String.valueOf(details.get("text")));
            }
            String result = (String) ((Map<?, ?>) answer.get("result")).get("value");
            return json.toType(result, Object.class);
        }

        @Override
        public void close() {
            if (windows.remove(this)) {
                ask("browsingContext.close", Map.of("context", context));
            }
        }
    }
}
