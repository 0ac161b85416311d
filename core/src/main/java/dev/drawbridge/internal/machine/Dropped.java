package dev.drawbridge.internal.machine;

/**
 * What the filters took out of the candidates of one connection.
 *
 * @param allOurs none of ours is left
 * @param allTheirs none of the peer's is left
 * @param summary for a person, without addresses; empty if nothing was taken out
 */
record Dropped(boolean allOurs, boolean allTheirs, String summary) {
    static final Dropped NOTHING = new Dropped(false, false, "");

    static Dropped of(Input.CandidatesDropped in) {
        return new Dropped(in.allOurs(), in.allTheirs(), in.summary());
    }
}
