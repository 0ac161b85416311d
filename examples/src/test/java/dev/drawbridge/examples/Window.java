package dev.drawbridge.examples;

import java.net.URI;
import org.openqa.selenium.JavascriptExecutor;

/** One window of a browser, as little of it as the tests of the page need. Scripts may take some ten seconds. */
interface Window extends JavascriptExecutor, AutoCloseable {
    /** Loads a page; returns when its scripts have run. */
    void load(URI page);

    @Override
    void close();
}
