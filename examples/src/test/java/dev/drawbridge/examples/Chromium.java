package dev.drawbridge.examples;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** One headless browser, with a window for each page. Its profile is a new one, made and removed by chromedriver. */
final class Chromium implements AutoCloseable {
    private static final List<String> ARGUMENTS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-sync",
            "--mute-audio",
            // Several windows live side by side, and none of them is to be slower for being behind another.
            "--disable-background-timer-throttling",
            "--disable-renderer-backgrounding",
            "--disable-backgrounding-occluded-windows",
            // Whatever a page asks for, nothing leaves this machine.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");

    /** Selenium warns that it has no classes for this browser's developer tools. None are used. Held, or the level is forgotten. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;
    private final String first;

    private Chromium(ChromeDriver driver) {
        this.driver = driver;
        first = driver.getWindowHandle();
    }

    /** Starts it. @throws AssertionError that names the Debian package which is missing */
    static Chromium start() {
        Path browser =
                Programs.find("chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
        Path chromedriver = Programs.find("chromium-driver", "chromedriver", "chromium.chromedriver");
        SELENIUM.setLevel(Level.SEVERE);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.toFile());
        options.addArguments(ARGUMENTS);
        options.setAcceptInsecureCerts(true);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.toFile())
                .usingAnyFreePort()
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(20)).scriptTimeout(Duration.ofSeconds(20));
        return new Chromium(driver);
    }

    /** An empty window of this size in CSS pixels. */
    Tab open(int width, int height) {
        driver.switchTo().window(first);
        driver.switchTo().newWindow(WindowType.WINDOW);
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        return new Tab(new ChromiumWindow(driver.getWindowHandle()));
    }

    Tab open() {
        return open(960, 600);
    }

    /** What the newest window shows, as PNG. */
    byte[] screenshot() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    /** Closes the windows that a test left open. */
    void closeAll() {
        for (String window : driver.getWindowHandles()) {
            if (!window.equals(first)) {
                driver.switchTo().window(window).close();
            }
        }
    }

    @Override
    public void close() {
        driver.quit();
    }

    private final class ChromiumWindow implements Window {
        private final String handle;

        ChromiumWindow(String handle) {
            this.handle = handle;
        }

        private ChromeDriver here() {
            driver.switchTo().window(handle);
            return driver;
        }

        @Override
        public void load(URI page) {
            here().get(page.toString());
        }

        @Override
        public Object executeScript(String script, Object... arguments) {
            return here().executeScript(script, arguments);
        }

        @Override
        public Object executeAsyncScript(String script, Object... arguments) {
            return here().executeAsyncScript(script, arguments);
        }

        @Override
        public void close() {
            here().close();
        }
    }
}
