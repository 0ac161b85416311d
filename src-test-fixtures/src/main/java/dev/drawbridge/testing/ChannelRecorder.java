package dev.drawbridge.testing;

import dev.drawbridge.spi.SideChannelListener;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what one end of a side channel hears. */
final class ChannelRecorder implements SideChannelListener {
    private final Object changes;
    // Guarded by changes.
    private final List<String> heard = new ArrayList<>();
    private int closed;

    /** @param changes notified after each call */
    ChannelRecorder(Object changes) {
        this.changes = changes;
    }

    /** Texts as they are, binary messages with a mark before them. */
    List<String> heard() {
        synchronized (changes) {
            return List.copyOf(heard);
        }
    }

    /** How often it was told to be closed; 100 more if something came after that. */
    int endings() {
        synchronized (changes) {
            return closed;
        }
    }

    private void note(String what) {
        synchronized (changes) {
            heard.add(what);
            closed += closed > 0 ? 100 : 0;
            changes.notifyAll();
        }
    }

    @Override
    public void received(String text) {
        note(text);
    }

    @Override
    public void received(byte[] bytes) {
        note("binary " + new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void closed() {
        synchronized (changes) {
            closed++;
            changes.notifyAll();
        }
    }
}
