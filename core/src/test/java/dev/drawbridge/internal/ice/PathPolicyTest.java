package dev.drawbridge.internal.ice;

import static dev.drawbridge.internal.ice.Filters.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.internal.ice.PathPolicy.Verdict;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.SelectedPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPolicyTest {
    private final SeenCandidates ours = new SeenCandidates();
    private final SeenCandidates theirs = new SeenCandidates();

    private static SelectedPath.End end(String text) {
        String[] words = text.split(" ", -1);
        return new SelectedPath.End(words[0], words[1], words[2], Integer.parseInt(words[3]));
    }

    private Verdict judge(PathPolicy policy, String local, String remote) {
        return policy.judge(new SelectedPath(end(local), end(remote), ""), ours, theirs);
    }

    private void named(PathPolicy policy, SeenCandidates by, String line) {
        new CandidateFilter(policy, by == ours).keep(new IceCandidate(line, "0", 0), by);
    }

    @ParameterizedTest
    @CsvSource({
        "udp, host udp 10.0.0.1 1, host udp 10.0.0.2 2, ALLOWED",
        "udp, host udp 10.0.0.1 1, prflx udp 203.0.113.2 2, ALLOWED",
        "udp, host tcp 10.0.0.1 9, host tcp 10.0.0.2 2, FORBIDDEN",
        "tcp, host tcp 10.0.0.1 9, host tcp 10.0.0.2 2, ALLOWED",
        "tcp, host tcp 10.0.0.1 9, host udp 10.0.0.2 2, FORBIDDEN",
        "host, host udp 10.0.0.1 1, host udp 10.0.0.2 2, ALLOWED",
        "host, host udp 10.0.0.1 1, srflx udp 203.0.113.2 2, FORBIDDEN",
        "host, host udp 10.0.0.1 1, relay udp 203.0.113.2 2, FORBIDDEN",
        "host, prflx udp 203.0.113.1 1, host udp 10.0.0.2 2, FORBIDDEN",
        "host, host udp 10.0.0.1 1, prflx udp 10.0.0.2 2, UNKNOWN",
        "prflx, prflx udp 10.0.0.1 1, prflx udp 10.0.0.2 2, ALLOWED",
        "srflx, srflx udp 203.0.113.1 1, srflx udp 203.0.113.2 2, ALLOWED",
        "srflx, host udp 10.0.0.1 1, srflx udp 203.0.113.2 2, FORBIDDEN",
        "relay, relay udp 203.0.113.1 1, prflx udp 10.0.0.2 2, ALLOWED",
        "relay, relay udp 203.0.113.1 1, host udp 10.0.0.2 2, ALLOWED",
        "relay, host udp 10.0.0.1 1, relay udp 203.0.113.2 2, ALLOWED",
        "relay, host udp 10.0.0.1 1, prflx udp 10.0.0.2 2, FORBIDDEN",
        "10., host udp 10.0.0.1 1, prflx udp 10.0.0.2 2, ALLOWED",
        "10., host udp 10.0.0.1 1, host udp 192.168.0.2 2, FORBIDDEN",
        "10., host udp 192.168.0.1 1, host udp 10.0.0.2 2, FORBIDDEN",
        "10., host udp 10.0.0.1 1, prflx udp  2, UNKNOWN",
        "10., host udp 192.168.0.1 1, prflx udp  2, FORBIDDEN",
        "10., host udp 10.0.0.1 1, host udp  2, FORBIDDEN",
        "host, host udp 10.0.0.1 1, prflx udp  2, UNKNOWN"
    })
    void a_filter_judges_both_ends_of_a_path(String filter, String local, String remote, Verdict verdict) {
        assertThat(judge(policy(filter, false, false), local, remote)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "host udp 10.0.0.1 1, host udp 10.0.0.2 2, ALLOWED",
        "host udp fe80::1 1, prflx udp fe80::2 2, ALLOWED",
        "host udp 10.0.0.1 1, prflx udp 203.0.113.2 2, FORBIDDEN",
        "host udp 203.0.113.1 1, host udp 10.0.0.2 2, FORBIDDEN",
        "host udp 10.0.0.1 1, relay udp 10.0.0.2 2, FORBIDDEN",
        "srflx udp 10.0.0.1 1, host udp 10.0.0.2 2, FORBIDDEN",
        "host udp 10.0.0.1 1, prflx udp  2, UNKNOWN",
        "host udp 203.0.113.1 1, prflx udp  2, FORBIDDEN",
        "host udp 10.0.0.1 1, relay udp  2, FORBIDDEN"
    })
    void lan_only_wants_both_ends_at_home(String local, String remote, Verdict verdict) {
        assertThat(judge(policy("", true, false), local, remote)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "udp, host udp 10.0.0.1 1, prflx udp  2, UNKNOWN",
        "tcp, host udp 10.0.0.1 1, prflx udp  2, FORBIDDEN",
        "10., host udp 10.0.0.1 1, prflx udp 10.0.0.2 2, ALLOWED",
        "host, host udp 10.0.0.1 1, prflx udp 203.0.113.2 2, FORBIDDEN"
    })
    void of_lan_only_and_a_filter_the_stricter_counts(String filter, String local, String remote, Verdict verdict) {
        assertThat(judge(policy(filter, true, false), local, remote)).isEqualTo(verdict);
    }

    @Test
    void privacy_wants_our_own_end_to_be_a_relay() {
        PathPolicy policy = policy("", false, true);
        assertThat(judge(policy, "relay udp 203.0.113.1 1", "host udp 10.0.0.2 2"))
                .isEqualTo(Verdict.ALLOWED);
        assertThat(judge(policy, "host udp 10.0.0.1 1", "relay udp 203.0.113.1 2"))
                .isEqualTo(Verdict.FORBIDDEN);
        assertThat(judge(policy("10.", false, true), "relay udp 10.0.0.1 1", "host udp 203.0.113.1 2"))
                .as("the filter counts as well")
                .isEqualTo(Verdict.FORBIDDEN);
    }

    @Test
    void an_address_that_was_found_is_what_the_peer_has_named_it() {
        PathPolicy host = policy("host", false, false);
        String local = "host udp 10.0.0.1 1";
        named(host, theirs, "candidate:1 1 udp 1 10.0.0.2 2000 typ host");
        named(host, theirs, "candidate:2 1 udp 1 FE80::2 2000 typ srflx");

        assertThat(judge(host, local, "prflx udp 10.0.0.2 2000")).isEqualTo(Verdict.ALLOWED);
        assertThat(judge(host, local, "prflx udp fe80::2 2000")).isEqualTo(Verdict.FORBIDDEN);
        assertThat(judge(host, local, "prflx udp 10.0.0.2 2001")).isEqualTo(Verdict.UNKNOWN);
        assertThat(judge(host, local, "prflx tcp 10.0.0.2 2000")).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void an_end_that_opens_tcp_connections_is_known_by_its_address_since_it_names_no_port() {
        PathPolicy host = policy("host", false, false);
        named(host, ours, "candidate:1 1 tcp 1 10.0.0.1 9 typ host tcptype active");
        named(host, theirs, "candidate:1 1 tcp 1 10.0.0.2 9 typ host tcptype active");

        assertThat(judge(host, "prflx tcp 10.0.0.1 50001", "host tcp 10.0.0.2 7"))
                .isEqualTo(Verdict.ALLOWED);
        assertThat(judge(host, "host tcp 10.0.0.1 7", "prflx tcp 10.0.0.2 50002"))
                .isEqualTo(Verdict.ALLOWED);
        assertThat(judge(host, "prflx tcp 10.0.0.3 50001", "host tcp 10.0.0.2 7"))
                .isEqualTo(Verdict.FORBIDDEN);
    }

    @Test
    void a_browser_that_hides_its_address_behind_a_name_is_known_by_its_port() {
        PathPolicy host = policy("host", false, false);
        named(host, theirs, "candidate:1 1 udp 1 0b5f2bb2-8d5c.local 2000 typ host");

        assertThat(judge(host, "host udp 10.0.0.1 1", "prflx udp 10.0.0.2 2000"))
                .isEqualTo(Verdict.ALLOWED);
        assertThat(judge(host, "host udp 10.0.0.1 1", "prflx udp 10.0.0.2 2001"))
                .isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void for_any_other_text_both_ends_must_have_been_named_with_it() {
        PathPolicy text = policy("generation 0", false, false);
        named(text, ours, "candidate:1 1 tcp 1 10.0.0.1 9 typ host tcptype active generation 0");
        named(text, theirs, "candidate:1 1 tcp 1 10.0.0.2 7 typ host generation 0");
        named(text, theirs, "candidate:1 1 tcp 1 10.0.0.3 7 typ host generation 1");

        String local = "host tcp 10.0.0.1 54321";
        assertThat(judge(text, local, "host tcp 10.0.0.2 7")).isEqualTo(Verdict.ALLOWED);
        assertThat(judge(text, local, "host tcp 10.0.0.3 7")).isEqualTo(Verdict.FORBIDDEN);
        assertThat(judge(text, local, "prflx tcp 10.0.0.4 7")).isEqualTo(Verdict.UNKNOWN);
        assertThat(judge(text, "host tcp 10.0.0.9 54321", "host tcp 10.0.0.2 7"))
                .isEqualTo(Verdict.FORBIDDEN);
    }

    @ParameterizedTest
    @CsvSource({
        "'', false, false, true, true, true, false, false",
        "udp, false, false, true, false, true, false, true",
        "TCP, false, false, false, true, true, false, true",
        "host, false, false, true, true, false, false, true",
        "relay, false, false, true, true, true, true, true",
        "'', true, false, true, true, false, false, true",
        "'', false, true, true, true, true, true, true"
    })
    void what_need_not_be_gathered_is_not(
            String filter,
            boolean lan,
            boolean privacy,
            boolean udp,
            boolean tcp,
            boolean servers,
            boolean relay,
            boolean judges) {
        PathPolicy policy = policy(filter, lan, privacy);
        assertThat(policy.gathers("udp")).isEqualTo(udp);
        assertThat(policy.gathers("tcp")).isEqualTo(tcp);
        assertThat(policy.asksServers()).isEqualTo(servers);
        assertThat(policy.needsRelay()).isEqualTo(relay);
        assertThat(policy.judges()).isEqualTo(judges);
        assertThat(policy).hasToString(judges ? "PathPolicy(active)" : "PathPolicy(all)");
    }

    @Test
    void privacy_hides_our_candidates_and_takes_all_of_the_peers() {
        PathPolicy policy = policy("", false, true);
        IceCandidate host = new IceCandidate("candidate:1 1 udp 1 10.0.0.1 1 typ host", "0", 0);
        IceCandidate relay = new IceCandidate(
                "candidate:1 1 udp 1 203.0.113.1 1 typ relay raddr 10.0.0.1 rport 7 generation 0", "0", 0);
        CandidateFilter outbound = new CandidateFilter(policy, true);
        CandidateFilter inbound = new CandidateFilter(policy, false);

        assertThat(outbound.keep(host, ours)).isEmpty();
        assertThat(outbound.keep(relay, ours).orElseThrow().candidate())
                .isEqualTo("candidate:1 1 udp 1 203.0.113.1 1 typ relay raddr 0.0.0.0 rport 0 generation 0");
        assertThat(inbound.keep(host, theirs)).contains(host);
        assertThat(inbound.keep(relay, theirs)).contains(relay);
        assertThat(inbound.filter("c=IN IP4 10.0.0.1\r\n", theirs)).isEqualTo("c=IN IP4 10.0.0.1\r\n");
        assertThat(outbound.filter("c=IN IP4 10.0.0.1\r\n", ours)).isEqualTo("c=IN IP4 0.0.0.0\r\n");
        assertThat(outbound).hasToString("CandidateFilter(active)");
        assertThat(inbound).hasToString("CandidateFilter(all)");
    }

    // ---- what is counted

    @Test
    void what_was_taken_out_is_told_by_type_and_once() {
        PathPolicy relay = policy("relay", false, false);
        for (String line : new String[] {
            "candidate:1 1 udp 1 10.0.0.1 1 typ host",
            "candidate:9 1 udp 7 10.0.0.1 1 typ host generation 0",
            "candidate:1 1 UDP 1 10.0.0.1 2 typ host",
            "candidate:1 1 tcp 1 10.0.0.1 9 typ host tcptype active",
            "candidate:1 1 udp 1 203.0.113.1 1 typ srflx raddr 10.0.0.1 rport 1",
            "garbage"
        }) {
            named(relay, theirs, line);
        }
        assertThat(theirs.summary()).isEqualTo("1 host/tcp, 2 host/udp, 1 srflx/udp, 1 unreadable");
        assertThat(theirs.dropped()).isEqualTo(5);
        assertThat(theirs.allDropped()).isTrue();
        assertThat(theirs).hasToString("SeenCandidates(0 kept, 5 dropped)");

        named(relay, theirs, "candidate:1 1 udp 1 203.0.113.1 1 typ relay");
        assertThat(theirs.allDropped()).isFalse();
        assertThat(theirs.kept()).isEqualTo(1);
        assertThat(ours.allDropped()).as("nothing to drop").isFalse();
        assertThat(ours.summary()).isEmpty();
    }

    @Test
    void a_flood_is_not_remembered() {
        PathPolicy relay = policy("relay", false, false);
        for (int i = 0; i < 10_000; i++) {
            named(relay, theirs, "candidate:1 1 udp 1 10.0." + i / 250 + "." + i % 250 + " 1 typ host");
        }
        assertThat(theirs.summary()).isEqualTo("512 host/udp");
    }
}
