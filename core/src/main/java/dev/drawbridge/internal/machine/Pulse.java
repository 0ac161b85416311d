package dev.drawbridge.internal.machine;

/**
 * What we know of a viewer's life from its data channel. One ping is under way at a time; whatever comes from the viewer shows that it
 * lives. Some never answer a ping, so silence counts only for who once did. And it does not count while much data of the program
 * is in front of the ping: then the ping may still wait in our own buffer.
 *
 * @param ping the number of the last ping
 * @param awaited it was not answered yet
 * @param answers the viewer has ever answered one
 * @param silent ticks in a row without anything, while an answer was due
 * @param ahead characters of data that may not have reached the viewer before the last ping: those that waited at the one before it, and
 *     those between the two
 * @param since those for the next ping, so far
 * @param waiting characters of data that wait to leave
 */
record Pulse(int ping, boolean awaited, boolean answers, int silent, long ahead, long since, long waiting) {
    /** What even a slow path carries in a second. */
    private static final long LITTLE = 16 * 1024;

    static final Pulse NONE = new Pulse(0, false, false, 0, 0, 0, 0);

    /** One tick later: another ping if the last one was answered, else one tick of silence. */
    Pulse tick() {
        if (!awaited) {
            return new Pulse(ping + 1, true, answers, 0, since, waiting, waiting);
        }
        return answers && ahead <= LITTLE ? new Pulse(ping, true, true, silent + 1, ahead, since, waiting) : this;
    }

    /** Something came. */
    Pulse heard() {
        return new Pulse(ping, awaited, answers, 0, ahead, since, waiting);
    }

    /** The answer to a ping. */
    Pulse answered(String json) {
        return json.equals(Integer.toString(ping)) ? new Pulse(ping, false, true, 0, ahead, since, waiting) : this;
    }

    Pulse sent(int characters) {
        return new Pulse(ping, awaited, answers, silent, ahead, since + characters, waiting + characters);
    }

    /** Some of it does not wait any more. */
    Pulse settled(int characters) {
        return new Pulse(ping, awaited, answers, silent, ahead, since, Math.max(0, waiting - characters));
    }

    boolean silentTooLong() {
        return silent >= Times.SILENT_TICKS;
    }
}
