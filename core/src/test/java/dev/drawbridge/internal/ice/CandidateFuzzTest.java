package dev.drawbridge.internal.ice;

import static dev.drawbridge.fuzz.FuzzInput.holds;
import static dev.drawbridge.fuzz.FuzzInput.same;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drawbridge.fuzz.FuzzInput;
import dev.drawbridge.spi.IceCandidate;
import java.util.List;
import java.util.Optional;

/** Candidates of peers: kept exactly if a plain reading of the rule allows them, and addresses are read as the JDK reads them. */
class CandidateFuzzTest {
    private static final List<Rule> RULES = List.of(Rule.values());

    @DictionaryFile(resourcePath = "sdp.dict")
    @FuzzTest
    void candidate(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        Rule rule = input.choice(RULES);
        String line = input.text();
        IceCandidate candidate = new IceCandidate(line, "0", 0);

        Optional<IceCandidate> kept = rule.filter.keep(candidate, new SeenCandidates());
        boolean oneLine = line.chars().noneMatch(Character::isISOControl);
        same(kept.isPresent(), oneLine && rule.allows(line), "kept");
        kept.ifPresent(same -> same(same.candidate(), rule.passed(line), "the candidate"));
        if (oneLine && line.startsWith("candidate:") && line.strip().equals(line)) {
            same(
                    rule.filter.filter("a=" + line + "\n", new SeenCandidates()).isEmpty(),
                    kept.isEmpty(),
                    "the same in SDP");
        }
        CandidateLine.parse(line).ifPresent(parsed -> {
            holds(parsed.port() >= 0 && parsed.port() <= 65_535, "port");
            holds(parsed.relatedPort().orElse(0) >= 0 && parsed.relatedPort().orElse(0) <= 65_535, "related port");
            address(parsed.address());
        });
        address(line);
    }

    private static void address(String text) {
        same(Addresses.v4(text).map(Rule::bytes), Rule.v4(text), "IPv4 " + text);
        same(Addresses.v6(text).map(Rule::groups), Rule.v6(text), "IPv6 " + text);
    }
}
