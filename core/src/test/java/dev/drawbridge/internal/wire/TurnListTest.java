package dev.drawbridge.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Secret;
import dev.drawbridge.internal.options.IceUrls;
import dev.drawbridge.spi.IceServer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TurnListTest {
    private static final int CASES = 20_000;

    private static String server(String name, String more) {
        return "{\"username\":\"u\",\"credential\":\"c\",\"urls\":\"turn:" + name + "\"" + more + "}";
    }

    private static String list(String... servers) {
        return "{\"version\":1,\"servers\":[" + String.join(",", servers) + "],\"options\":[]}";
    }

    private static List<String> nearest(String json, int zone, boolean tcpOnly) {
        return TurnList.read(json).orElseThrow().nearest(zone, tcpOnly).stream()
                .map(IceServer::url)
                .toList();
    }

    @Test
    void the_format_of_the_public_service_is_read() {
        String json = "{\"version\":1,\"servers\":[{\"username\":\"u\",\"credential\":\"c\","
                + "\"urls\":[\"turn:host:3478\",\"turns:host:443\"],\"tz\":300,\"udp\":true,\"locale\":\"cae1\"}],\"options\":[]}";
        assertThat(TurnList.read(json).orElseThrow().nearest(0, false))
                .containsExactly(
                        new IceServer("turn:host:3478", "u", Optional.of(Secret.of("c"))),
                        new IceServer("turns:host:443", "u", Optional.of(Secret.of("c"))));
    }

    @Test
    void the_two_nearest_over_udp_and_the_nearest_over_tcp_are_chosen() {
        String json = list(
                server("far", ",\"tz\":480,\"udp\":true"),
                server("tcp-far", ",\"tz\":480,\"udp\":false"),
                server("near", ",\"tz\":-60,\"udp\":true"),
                server("nearer", ",\"tz\":0,\"udp\":true"),
                server("tcp-near?transport=tcp", ",\"tz\":60,\"udp\":false"),
                server("nowhere", ",\"udp\":true"));
        assertThat(nearest(json, -10, false))
                .containsExactly("turn:nearer", "turn:near", "turn:tcp-near?transport=tcp");
        assertThat(nearest(json, 470, false)).containsExactly("turn:far", "turn:tcp-far", "turn:nearer");
    }

    @ParameterizedTest
    @CsvSource({"-720, -660", "720, -660", "-700, 700", "600, 700"})
    void the_day_has_no_edge(int here, int nearestZone) {
        String json =
                list(server("a", ",\"tz\":0,\"udp\":false"), server("b", ",\"tz\":" + nearestZone + ",\"udp\":false"));
        assertThat(nearest(json, here, false)).containsExactly("turn:b");
    }

    @Test
    void over_tcp_only_means_the_address_too() {
        String json = list(
                server("lies", ",\"udp\":false"),
                server("udp?transport=tcp", ",\"udp\":true"),
                server("good?transport=tcp", ",\"udp\":false"),
                "{\"username\":\"u\",\"credential\":\"c\",\"urls\":[\"turn:both\",\"turns:both\"],\"udp\":false}");
        assertThat(nearest(json, 0, true)).containsExactly("turn:good?transport=tcp");
        assertThat(nearest(list(server("udp", ",\"udp\":false")), 0, true)).isEmpty();
    }

    @Test
    void a_server_that_does_not_say_how_it_is_reached_is_known_by_its_address() {
        String json = list(server("a?transport=tcp", ""), server("b?transport=tcp", ""), server("c", ""));
        assertThat(nearest(json, 0, false)).containsExactly("turn:a?transport=tcp", "turn:c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"urls\":\"turn:\"",
                "\"urls\":\"turn:a b\"",
                "\"urls\":\"turn:a?transport=sctp\"",
                "\"urls\":\"turn:a:99999\"",
                "\"urls\":\"stun:a\"",
                "\"urls\":\"http://a\"",
                "\"urls\":\"turn:user@a\"",
                "\"urls\":\"turn:[::1%eth0]\"",
                "\"urls\":\"turn:a\\u0000\"",
                "\"urls\":7",
                "\"urls\":[[\"turn:a\"],{\"x\":\"turn:a\"},null,7]",
                "\"urls\":\"turn:a\",\"username\":\"\"",
                "\"urls\":\"turn:a\",\"username\":null",
                "\"urls\":\"turn:a\",\"credential\":\"\"",
                "\"urls\":\"turn:a\",\"credential\":\"a\\r\\nb\""
            })
    void a_server_that_cannot_be_used_is_passed_over(String fields) {
        String bad = "{\"username\":\"u\",\"credential\":\"c\"," + fields + "}";
        assertThat(nearest(list(bad, "7", "null", "[]", server("good", "")), 0, false))
                .containsExactly("turn:good");
    }

    @Test
    void there_is_an_end_to_everything() {
        assertThat(TurnList.read("[".repeat(100_000))).isEmpty();
        assertThat(TurnList.read("{\"x\":" + "[".repeat(33) + "]".repeat(33) + ",\"servers\":[]}"))
                .isEmpty();
        String urls = "\"turn:a\"" + ",\"turn:b\",\"turn:c\",\"turn:d\",\"turn:e\"".repeat(1000);
        assertThat(nearest(list("{\"username\":\"u\",\"credential\":\"c\",\"urls\":[" + urls + "]}"), 0, false))
                .hasSize(4);
        String longName = "{\"username\":\"" + "u".repeat(513) + "\",\"credential\":\"c\",\"urls\":\"turn:a\"}";
        assertThat(nearest(list(longName), 0, false)).isEmpty();
        String many =
                server("far", ",\"tz\":700,\"udp\":true") + ("," + server("x", ",\"tz\":600,\"udp\":true")).repeat(300)
                        + "," + server("too-late", ",\"tz\":0,\"udp\":true");
        assertThat(nearest(list(many), 0, false)).containsExactly("turn:x", "turn:x");
    }

    private static String account(Random random) {
        return random.nextBoolean() ? "" : "\"username\":\"u\",\"credential\":\"c\",";
    }

    /** Pieces of lists in any order: a list or none, never anything else, and never an address that is unsafe. */
    @Test
    void whatever_comes_only_safe_servers_are_chosen() {
        String[] pieces = {
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"servers\"",
            "\"urls\"",
            "\"username\"",
            "\"credential\"",
            "\"tz\"",
            "\"udp\"",
            "true",
            "false",
            "null",
            "1e999",
            "-0",
            "300",
            "\"turn:a\"",
            "\"turns:b:443\"",
            "\"turn:\"",
            "\"\\ud800\"",
            "\"turn:a\\u0000b\"",
            "\"stun:c\"",
            "\"u\"",
            "\"",
            "\\",
            "\u00e9",
            " ",
            "{\"servers\":[{",
            "\"username\":\"u\",",
            "\"credential\":\"c\",",
            "\"urls\":\"turn:d\"",
            "\"urls\":\"turn:d e\"",
            "\"urls\":[\"turn:e\",",
            "}]}"
        };
        int chosen = 0;
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "" : "{\"servers\":[{" + account(random));
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            text.append(random.nextInt(3) == 0 ? "" : "}]}");
            List<IceServer> servers = TurnList.read(text.toString())
                    .map(list -> list.nearest(random.nextInt(2881) - 1440, random.nextBoolean()))
                    .orElse(List.of());
            assertThat(servers)
                    .as("seed %d: %s", seed, text)
                    .hasSizeLessThanOrEqualTo(12)
                    .allMatch(IceUrls::usable);
            chosen += servers.size();
        }
        assertThat(chosen)
                .as("servers in all, so that the test tests something")
                .isPositive();
    }
}
