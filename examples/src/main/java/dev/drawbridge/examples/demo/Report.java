package dev.drawbridge.examples.demo;

import dev.drawbridge.SessionEvent;
import java.util.Map;

/** Tells what happens, to a person ({@link EventLog}) or to a program ({@link JsonLines}). Any thread. */
interface Report {

    /**
     * Something that happened in a session.
     *
     * @param who whose session it is; empty where there is only one
     */
    void event(String who, SessionEvent event);

    /** How things stand, once a second. */
    void stats(String who, Snapshot snapshot);

    /** Something that the demo itself did, for a program; a person is told in sentences with {@link #say}. */
    void fact(String name, Map<String, Object> fields);

    /** Words around the events, for a person only. */
    void say(String text);

    /** Whether a person reads it, who needs to be told a thing only once. */
    boolean forPerson();

    /** Whether there is nobody any more who reads it. */
    boolean broken();

    /** Nothing follows: the output is closed, so that nothing else of this process gets into it while the JVM ends. */
    void end();
}
