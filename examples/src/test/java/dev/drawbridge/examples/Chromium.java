package dev.drawbridge.examples;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
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
        Path browser = find("chromium", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
        Path chromedriver = find("chromium-driver", "chromedriver", "chromium.chromedriver");
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
        driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(10)).scriptTimeout(Duration.ofSeconds(10));
        return new Chromium(driver);
    }

    /** An empty window of this size in CSS pixels. */
    Tab open(int width, int height) {
        driver.switchTo().window(first);
        driver.switchTo().newWindow(WindowType.WINDOW);
        return new Tab(driver, driver.getWindowHandle(), width, height);
    }

    Tab open() {
        return open(960, 600);
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

    private static Path find(String debianPackage, String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("this test needs " + names[0]
                        + ", which is not on the path; on Debian: apt-get install " + debianPackage));
    }
}
