package dev.drawbridge.internal.sinks;

import dev.drawbridge.media.SinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A target in memory. */
class Samples implements Target {
    final List<Long> ticks = new ArrayList<>();
    final List<Integer> lumas = new ArrayList<>();
    private short[] left = new short[0];
    volatile boolean finished;
    volatile boolean aborted;

    @Override
    public boolean takesGaps() {
        return true;
    }

    @Override
    public synchronized void picture(byte[] i420, long tick) throws IOException {
        ticks.add(tick);
        lumas.add(i420[i420.length / 3] & 255);
    }

    @Override
    public synchronized void sound(byte[] pcm, int length, long at) {
        if (at != left.length && at != 0) {
            throw new AssertionError(at + " after " + left.length);
        }
        int from = at == 0 ? 0 : left.length;
        left = Arrays.copyOf(left, from + length / SoundTrack.FRAME);
        for (int i = from; i < left.length; i++) {
            int b = (i - from) * SoundTrack.FRAME;
            left[i] = (short) ((pcm[b] & 255) | (pcm[b + 1] << 8));
        }
    }

    synchronized int written() {
        return ticks.size();
    }

    synchronized short[] left() {
        return left;
    }

    /** How often a sample differs from the one before. */
    synchronized int changes() {
        int changes = 0;
        for (int i = 1; i < left.length; i++) {
            changes += left[i] == left[i - 1] ? 0 : 1;
        }
        return changes;
    }

    @Override
    public void finish() {
        finished = true;
    }

    @Override
    public void abort() {
        aborted = true;
    }

    @Override
    public SinkException explained(IOException failure) {
        return new SinkException(SinkException.Reason.IO, failure.getMessage(), failure);
    }
}
