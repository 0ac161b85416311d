package dev.drawbridge.internal.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of descriptions with candidates of every kind: nothing forbidden survives, nothing allowed is lost. What is allowed is
 * read a second time by {@link Rule}, which shares no code with the filter.
 */
class FilterPropertiesTest {
    private static final int DESCRIPTIONS = 2_000;
    private static final List<String> TYPES = List.of("host", "srflx", "prflx", "relay");
    private static final List<String> ADDRESSES = List.of(
            "10.1.2.3",
            "172.16.9.9",
            "172.32.0.1",
            "192.168.1.2",
            "192.169.1.2",
            "203.0.110.5",
            "169.254.3.4",
            "::ffff:192.168.7.7",
            "::ffff:203.0.113.9",
            "fe80::1",
            "FE80::ABCD",
            "fd00:1:2::3",
            "2001:db8::7",
            "::1",
            "0b5f2bb2-8d5c-4d8a-9bcd-1234567890ab.local");

    @ParameterizedTest
    @EnumSource(Rule.class)
    void nothing_forbidden_survives_and_nothing_allowed_is_lost(Rule rule) {
        int candidates = 0;
        int survivors = 0;
        for (int seed = 0; seed < DESCRIPTIONS; seed++) {
            Random chance = new Random(seed * 0x9E3779B97F4A7C15L);
            List<String> lines = sdp(chance);
            String end = chance.nextInt(4) == 0 ? "\n" : "\r\n";
            String text = lines.stream().collect(Collectors.joining(end, "", end));

            String filtered = rule.filter.filter(text, new SeenCandidates());

            List<String> allowed = lines.stream()
                    .filter(line -> !line.startsWith("a=candidate:") || rule.allows(line))
                    .toList();
            List<String> left = List.of(filtered.split(end));
            assertThat(left).as("seed %s", seed).hasSameSizeAs(allowed);
            for (int i = 0; i < left.size(); i++) {
                assertThat(left.get(i)).as("seed %s", seed).isEqualTo(passed(rule, allowed.get(i)));
            }
            candidates += candidates(lines);
            survivors += candidates(left);
        }
        assertThat(candidates).isGreaterThan(DESCRIPTIONS);
        assertThat(survivors).as("the filter lets something through").isPositive();
        assertThat(survivors).as("and takes something out").isLessThan(candidates + (rule == Rule.ALL ? 1 : 0));
    }

    private static String passed(Rule rule, String line) {
        if (rule == Rule.ALL) {
            return line;
        }
        if (line.startsWith("a=candidate:")) {
            return rule.passed(line);
        }
        if (line.startsWith("c=")) {
            return "c=IN IP4 0.0.0.0";
        }
        return line.startsWith("a=rtcp:") ? "a=rtcp:9 IN IP4 0.0.0.0" : line;
    }

    private static int candidates(List<String> lines) {
        return (int)
                lines.stream().filter(line -> line.startsWith("a=candidate:")).count();
    }

    private static List<String> sdp(Random chance) {
        List<String> lines = new ArrayList<>(List.of("v=0", "o=- 4611 2 IN IP4 127.0.0.1", "s=-", "t=0 0"));
        for (int section = chance.nextInt(4); section >= 0; section--) {
            lines.add("m=video " + port(chance) + " UDP/TLS/RTP/SAVPF 96");
            lines.add("c=IN IP" + (chance.nextBoolean() ? "4 " : "6 ") + any(chance, ADDRESSES));
            lines.add("a=rtcp:" + port(chance) + " IN IP4 " + any(chance, ADDRESSES));
            for (int i = chance.nextInt(5); i > 0; i--) {
                lines.add(candidate(chance));
            }
            lines.add("a=ice-ufrag:192.168");
            lines.add("a=mid:" + section);
        }
        return lines;
    }

    private static String candidate(Random chance) {
        String type = any(chance, TYPES);
        boolean tcp = chance.nextInt(3) == 0;
        StringBuilder line = new StringBuilder("a=candidate:" + chance.nextInt(9) + " 1 ")
                .append(cased(chance, tcp ? "tcp" : "udp"))
                .append(' ')
                .append(chance.nextInt(Integer.MAX_VALUE))
                .append(' ')
                .append(any(chance, ADDRESSES))
                .append(' ')
                .append(tcp ? 9 : port(chance))
                .append(" typ ")
                .append(cased(chance, type));
        if (!type.equals("host")) {
            line.append(" raddr ")
                    .append(any(chance, ADDRESSES))
                    .append(" rport ")
                    .append(port(chance));
        }
        if (tcp) {
            line.append(" tcptype active");
        }
        return line.append(chance.nextBoolean() ? " generation 0 ufrag relay network-id 1" : "")
                .toString();
    }

    private static String cased(Random chance, String word) {
        return chance.nextInt(4) == 0 ? word.toUpperCase(Locale.ROOT) : word;
    }

    private static int port(Random chance) {
        return 1024 + chance.nextInt(60_000);
    }

    private static String any(Random chance, List<String> all) {
        return all.get(chance.nextInt(all.size()));
    }
}
