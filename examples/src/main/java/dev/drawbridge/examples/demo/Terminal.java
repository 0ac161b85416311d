package dev.drawbridge.examples.demo;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where the demo reads and writes. Standard output is always UTF-8, for JSON is, and a QR code is made of block characters.
 *
 * @param interactive whether a person looks at it, so that a line may be rewritten
 */
public record Terminal(PrintStream out, PrintStream err, InputStream in, boolean interactive) {

    /** The one that this process was started in. */
    public static Terminal system() {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        return new Terminal(out, System.err, System.in, attended() && !"dumb".equals(System.getenv("TERM")));
    }

    /** Since JDK 22 there is a console without a terminal too, and a method that tells, which JDK 17 does not have. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean attended() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
