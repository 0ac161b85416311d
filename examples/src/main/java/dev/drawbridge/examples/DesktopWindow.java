package dev.drawbridge.examples;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SessionStats;
import dev.drawbridge.media.VideoPanel;
import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.FlowLayout;
import java.awt.Font;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.function.Consumer;
import javax.swing.AbstractButton;
import javax.swing.BorderFactory;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JToggleButton;
import javax.swing.SwingUtilities;
import javax.swing.Timer;

/**
 * The window of {@link DesktopViewerExample}: the picture, below it who publishes and how things stand, some buttons and a line of figures.
 * Every method from any thread.
 */
final class DesktopWindow {
    static final Color GOOD = new Color(0x3ddc84);
    static final Color WAITING = new Color(0xffb74d);
    static final Color BAD = new Color(0xff5c5c);

    private static final Color GROUND = new Color(0x14161b);
    private static final Color BUTTON = new Color(0x262a33);
    private static final Color TEXT = new Color(0xe6e9ef);
    private static final Color QUIET = new Color(0x8b93a3);
    private static final int SAY_MILLIS = 5_000;

    private final JFrame frame = new JFrame("Drawbridge");
    private final VideoPanel panel = new VideoPanel();
    private final JLabel dot = new JLabel("\u25cf");
    private final JLabel name = label("\u2013", TEXT, Font.BOLD);
    private final JLabel state = label("", QUIET, Font.PLAIN);
    private final JLabel figures = label(" ", QUIET, Font.PLAIN);
    private final JToggleButton mute = new JToggleButton("Mute");
    private final JToggleButton fill = new JToggleButton("Fill");
    private final JButton snapshot = new JButton("Snapshot");
    private final JToggleButton record = new JToggleButton("Record");
    private final Timer quiet = new Timer(SAY_MILLIS, tick -> said(""));
    // Of the event thread:
    private String figuresNow = " ";
    private String told = "";
    private Runnable closing = () -> {};
    private long pictures;

    private DesktopWindow() {
        JPanel who = row(FlowLayout.LEFT);
        who.add(dot);
        who.add(name);
        who.add(state);
        JPanel buttons = row(FlowLayout.RIGHT);
        for (AbstractButton button : new AbstractButton[] {mute, fill, snapshot, record}) {
            button.setForeground(TEXT);
            button.setBackground(BUTTON);
            button.setFocusPainted(false);
            button.setBorder(BorderFactory.createEmptyBorder(6, 12, 6, 12));
            buttons.add(button);
        }
        JPanel upper = new JPanel(new BorderLayout());
        upper.setOpaque(false);
        upper.add(who, BorderLayout.WEST);
        upper.add(buttons, BorderLayout.EAST);
        JPanel bar = new JPanel(new BorderLayout(0, 2));
        bar.setBackground(GROUND);
        bar.setBorder(BorderFactory.createEmptyBorder(6, 10, 8, 10));
        figures.setBorder(BorderFactory.createEmptyBorder(0, 8, 0, 0));
        bar.add(upper, BorderLayout.NORTH);
        bar.add(figures, BorderLayout.SOUTH);
        fill.addActionListener(
                click -> panel.scaling(fill.isSelected() ? VideoPanel.Scaling.FILL : VideoPanel.Scaling.FIT));
        snapshot.setEnabled(false);
        record.setEnabled(false);
        quiet.setRepeats(false);
        frame.setLayout(new BorderLayout());
        frame.getContentPane().setBackground(GROUND);
        panel.setPreferredSize(new Dimension(960, 540));
        frame.add(panel, BorderLayout.CENTER);
        frame.add(bar, BorderLayout.SOUTH);
        frame.setDefaultCloseOperation(JFrame.DO_NOTHING_ON_CLOSE);
        frame.addWindowListener(new WindowAdapter() {
            @Override
            public void windowClosing(WindowEvent event) {
                end();
            }
        });
        frame.pack();
        frame.setLocationByPlatform(true);
        frame.setVisible(true);
    }

    static DesktopWindow open() {
        DesktopWindow[] made = new DesktopWindow[1];
        try {
            SwingUtilities.invokeAndWait(() -> made[0] = new DesktopWindow());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
        return made[0];
    }

    private static JLabel label(String text, Color color, int style) {
        JLabel label = new JLabel(text);
        label.setForeground(color);
        label.setFont(new Font(Font.SANS_SERIF, style, 13));
        return label;
    }

    private static JPanel row(int side) {
        JPanel row = new JPanel(new FlowLayout(side, 8, 0));
        row.setOpaque(false);
        return row;
    }

    VideoPanel panel() {
        return panel;
    }

    /** Hides at once, closes in the background, and ends the program. */
    private void end() {
        frame.setVisible(false);
        Runnable last = closing;
        new Thread(
                        () -> {
                            last.run();
                            SwingUtilities.invokeLater(frame::dispose);
                        },
                        "closing")
                .start();
    }

    void onClose(Runnable task) {
        later(() -> closing = task);
    }

    void onMute(Consumer<Boolean> task) {
        later(() -> mute.addActionListener(click -> task.accept(mute.isSelected())));
    }

    void onSnapshot(Runnable task) {
        later(() -> snapshot.addActionListener(click -> task.run()));
    }

    void onRecord(Runnable task) {
        later(() -> record.addActionListener(click -> task.run()));
    }

    void publisher(String who) {
        later(() -> {
            name.setText(who);
            title();
        });
    }

    void state(String text, Color color) {
        later(() -> {
            state.setText(text);
            dot.setForeground(color);
            title();
        });
    }

    private void title() {
        frame.setTitle(name.getText() + " \u2013 " + state.getText() + " \u2013 Drawbridge");
    }

    /** No picture for now; what is shown goes. */
    void waiting(String what, String hint) {
        panel.message(what + "\n" + hint);
        panel.clear();
        state("waiting", WAITING);
    }

    /** It does not go on; what to do stands in the window. */
    void trouble(String what, String hint) {
        panel.message(what + "\n" + hint.strip());
        panel.clear();
        state("not connected", BAD);
    }

    void noSound(String why) {
        later(() -> {
            mute.setEnabled(false);
            mute.setText("No sound");
            mute.setToolTipText(why);
        });
    }

    /** Whether there is anything to take pictures of. */
    void connected(boolean is) {
        later(() -> {
            snapshot.setEnabled(is);
            record.setEnabled(is);
        });
    }

    void recording(boolean running) {
        later(() -> {
            record.setSelected(running);
            record.setText(running ? "\u25cf Recording" : "Record");
            record.setForeground(running ? BAD : TEXT);
        });
    }

    /** Something that is worth a moment in the line of figures. */
    void say(String text) {
        later(() -> {
            said(text);
            quiet.restart();
        });
    }

    private void said(String text) {
        told = text;
        figures.setText(told.isEmpty() ? figuresNow : told);
    }

    void figures(SessionStats now) {
        later(() -> {
            LinkStats link = now.links().values().stream().findFirst().orElse(LinkStats.NONE);
            long painted = panel.painted() - pictures;
            pictures = panel.painted();
            String trip = now.roundTrip()
                    .map(time -> " \u00b7 " + time.toMillis() + " ms")
                    .orElse("");
            figuresNow = String.format(
                    Locale.ROOT,
                    "%d\u00d7%d \u00b7 %d fps \u00b7 %.1f Mbit/s \u00b7 %s %s%s \u00b7 %s \u00b7 %d lost",
                    now.width(),
                    now.height(),
                    painted,
                    now.bitrateKbps() / 1000.0,
                    link.videoCodec(),
                    link.audioCodec(),
                    trip,
                    now.path(),
                    now.packetsLost());
            said(told);
        });
    }

    private static void later(Runnable task) {
        SwingUtilities.invokeLater(task);
    }
}
