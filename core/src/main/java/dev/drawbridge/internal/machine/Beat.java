package dev.drawbridge.internal.machine;

/**
 * What a viewer knows of a publisher's life from its data channel. Much slower than a publisher's {@link Pulse}: a publisher that dies
 * takes the media with it, which is seen, and most publishers ping by themselves. Only a channel on which nothing was said is pinged. Some
 * never answer, so silence counts only for who once did.
 *
 * @param pings how many were sent
 * @param busy something but an answer has come since the last look
 * @param awaited the last ping was not answered yet
 * @param answers the publisher has ever answered one
 * @param missed pings in a row without an answer or anything else
 */
record Beat(int pings, boolean busy, boolean awaited, boolean answers, int missed) {
    static final Beat NONE = new Beat(0, false, false, false, 0);

    /** One look later: another ping, unless the channel was busy; the one before has been missed if nothing has come since. */
    Beat look() {
        if (busy) {
            return new Beat(pings, false, awaited, answers, 0);
        }
        int now = awaited && answers ? Math.min(missed + 1, Times.MISSED_PINGS) : missed;
        return new Beat(pings + 1, false, true, answers, now);
    }

    Beat heard() {
        return new Beat(pings, true, false, answers, 0);
    }

    Beat answered() {
        return new Beat(pings, busy, false, true, 0);
    }

    boolean silentTooLong() {
        return missed >= Times.MISSED_PINGS;
    }
}
