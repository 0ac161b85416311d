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
        System.exit(Commands.all(Terminal.system()).execute(args));
    }
}
