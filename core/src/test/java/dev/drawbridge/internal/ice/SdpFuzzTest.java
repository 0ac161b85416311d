package dev.drawbridge.internal.ice;

import static dev.drawbridge.fuzz.FuzzInput.holds;
import static dev.drawbridge.fuzz.FuzzInput.same;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drawbridge.fuzz.FuzzInput;
import java.util.ArrayList;
import java.util.List;

/** SDP of peers and our own: exactly the forbidden candidates go, and every other line stays where it was. */
class SdpFuzzTest {
    private static final List<Rule> RULES = List.of(Rule.values());

    @DictionaryFile(resourcePath = "sdp.dict")
    @FuzzTest
    void sdp(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        Rule rule = input.choice(RULES);
        String sdp = input.text();
        String filtered = rule.filter.filter(sdp, new SeenCandidates());

        List<String> left = lines(filtered);
        int at = 0;
        for (String line : lines(sdp)) {
            String bare = line.strip();
            boolean candidate = bare.startsWith("a=candidate:");
            boolean goes = bare.startsWith("a=remote-candidates:") || (candidate && !rule.allows(bare));
            if (rule != Rule.ALL && goes) {
                continue;
            }
            holds(at < left.size(), "a line is missing");
            same(
                    left.get(at++),
                    rule == Rule.ALL
                            ? line
                            : candidate
                                    ? rule.passed(line.stripTrailing())
                                            + line.substring(
                                                    line.stripTrailing().length())
                                    : expected(line),
                    "line");
        }
        same(left.size(), at, "lines");
        same(rule.filter.filter(filtered, new SeenCandidates()), filtered, "filtered twice");
        same(Fingerprints.of(filtered), Fingerprints.of(sdp), "fingerprints");
    }

    private static String expected(String line) {
        String end = line.substring(line.stripTrailing().length());
        if (line.strip().startsWith("c=")) {
            return "c=IN IP4 0.0.0.0" + end;
        }
        return line.strip().startsWith("a=rtcp:") ? "a=rtcp:9 IN IP4 0.0.0.0" + end : line;
    }

    /** With their ends. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("(?<=\n)", -1)));
        lines.removeIf(String::isEmpty);
        return lines;
    }
}
