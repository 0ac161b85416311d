package dev.drawbridge.examples;

/** The program behind {@code bin/demo}. */
public final class Demo {
    private Demo() {}

    /**
     * Starts the demo.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.err.println("drawbridge: the demo is not here yet");
        System.exit(70);
    }
}
