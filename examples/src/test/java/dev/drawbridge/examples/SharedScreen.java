package dev.drawbridge.examples;

import dev.drawbridge.Publisher;
import dev.drawbridge.SessionOptions;
import java.awt.Color;
import java.awt.Graphics;
import java.awt.Robot;
import java.net.URI;
import javax.swing.JFrame;
import javax.swing.JPanel;
import javax.swing.SwingUtilities;

/** A program that fills its screen, red on the left and blue on the right, and shares it. Arguments: the options, the page. */
final class SharedScreen {
    static final Color LEFT = new Color(0xe02020);
    static final Color RIGHT = new Color(0x2020e0);

    private SharedScreen() {}

    public static void main(String[] arguments) throws Exception {
        SwingUtilities.invokeAndWait(() -> {
            JFrame frame = new JFrame();
            frame.setUndecorated(true);
            frame.setContentPane(new JPanel() {
                private static final long serialVersionUID = 1L;

                @Override
                protected void paintComponent(Graphics pen) {
                    pen.setColor(LEFT);
                    pen.fillRect(0, 0, getWidth() / 2, getHeight());
                    pen.setColor(RIGHT);
                    pen.fillRect(getWidth() / 2, 0, getWidth() - getWidth() / 2, getHeight());
                }
            });
            frame.setBounds(0, 0, 640, 480);
            frame.setVisible(true);
        });
        new Robot().waitForIdle();
        try (Publisher publisher = Publisher.start(SessionOptions.parse(arguments[0]))) {
            System.out.println(publisher.viewLink(URI.create(arguments[1])));
            publisher.awaitClosed();
        }
        System.exit(0); // the desktop's threads go on
    }
}
