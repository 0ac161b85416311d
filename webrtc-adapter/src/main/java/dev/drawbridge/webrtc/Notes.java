package dev.drawbridge.webrtc;

import dev.drawbridge.webrtc.Doctor.Check;
import dev.drawbridge.webrtc.Doctor.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one check has found so far. The verdict only gets worse. Any thread: whoever examines may hang, and is then read as it is. */
final class Notes {
    private static final int MOST = 50;
    private static final int LONGEST = 300;

    private final List<String> findings = new ArrayList<>();
    private final List<String> advice = new ArrayList<>();
    private Verdict verdict = Verdict.OK;

    /** One thing that is as it should be. */
    synchronized void found(String finding) {
        add(findings, finding);
    }

    /** One thing that may be in the way. */
    void warn(String finding, String... whatToDo) {
        judge(Verdict.WARNING, finding, whatToDo);
    }

    /** One thing that is in the way. */
    void fail(String finding, String... whatToDo) {
        judge(Verdict.FAILED, finding, whatToDo);
    }

    /** Why it was not looked at. */
    void skip(String why) {
        judge(Verdict.SKIPPED, why);
    }

    synchronized void advise(String whatToDo) {
        add(advice, whatToDo);
    }

    synchronized void judge(Verdict atLeast, String finding, String... whatToDo) {
        worsen(atLeast);
        found(finding);
        for (String one : whatToDo) {
            advise(one);
        }
    }

    synchronized void worsen(Verdict atLeast) {
        if (atLeast.compareTo(verdict) > 0) {
            verdict = atLeast;
        }
    }

    synchronized Check check(String name, Duration took) {
        return new Check(name, verdict, findings, advice, took);
    }

    /** Names of devices and texts of exceptions come from anywhere. */
    private static void add(List<String> list, String text) {
        if (list.size() < MOST) {
            String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
            list.add(line.length() > LONGEST ? line.substring(0, LONGEST - 1) + "…" : line);
        }
    }
}
