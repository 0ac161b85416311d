package dev.drawbridge.examples;

import dev.drawbridge.examples.demo.Commands;
import dev.drawbridge.examples.demo.Terminal;

/** The program behind {@code bin/demo}; {@code --help} tells what it can do. */
public final class Demo {
    private Demo() {}

    /**
     * Runs one subcommand and ends the JVM with its exit status.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        int status = Commands.all(Terminal.system()).execute(args);
        // libwebrtc's static destructors write two lines to standard output when the process ends, which are no JSON.
        System.out.close();
        System.exit(status);
    }
}
