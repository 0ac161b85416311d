package dev.drawbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.drawbridge.OptionsException.Problem;
import dev.drawbridge.SecurityPolicy.Approval;
import dev.drawbridge.SecurityPolicy.Encryption;
import dev.drawbridge.spi.IceServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionOptionsTest {
    private static final String SERVER = "&wss=wss://handshake.example.org";
    private static final String RELAY = "&turn=user;pass;turn:relay.example.org:3478";

    @Test
    void a_query_a_question_mark_and_a_link_say_the_same() {
        SessionOptions expected = SessionOptions.parse("push=camera1&secure&salt=vdo.ninja" + SERVER);

        assertThat(SessionOptions.parse("?push=camera1&secure" + SERVER)).isEqualTo(expected);
        assertThat(SessionOptions.parse("https://vdo.ninja/?push=camera1&secure" + SERVER))
                .isEqualTo(expected);
        assertThat(SessionOptions.parse("vdo.ninja/?push=camera1&secure" + SERVER))
                .isEqualTo(expected);
        assertThat(SessionOptions.parse(" https://vdo.ninja/alpha?push=camera1?secure" + SERVER + "#x&view=y "))
                .isEqualTo(expected);
    }

    @Test
    void the_first_occurrence_wins_across_aliases() {
        assertThat(parse("id=a&push=b&permaid=c").push()).hasValue(StreamId.of("a"));
        assertThat(parse("zzz=1&zzz=2").unrecognized()).containsExactly(Map.entry("zzz", "1"));
    }

    @Test
    void names_are_case_sensitive() {
        SessionOptions options = parse("Push=a&SECURE");
        assertThat(options.push()).isEmpty();
        assertThat(options.security()).isEqualTo(SecurityPolicy.open());
        assertThat(options.unrecognized()).containsOnlyKeys("Push", "SECURE");
    }

    @ParameterizedTest
    @CsvSource({
        "push, id permaid",
        "view, streamid v pull",
        "room, roomid r",
        "scene, scn",
        "password, pass pw p",
        "label, l",
        "codec, codecs videocodec",
    })
    void every_alias_of_a_text_means_the_same(String name, String aliases) {
        String value = name.equals("codec") ? "=vp9" : "=abc";
        for (String alias : aliases.split(" ", -1)) {
            assertThat(parse(alias + value))
                    .as(alias)
                    .isEqualTo(parse(name + value))
                    .isNotEqualTo(parse(""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "videobitrate, bitrate vb",
        "audiobitrate, ab",
        "maxvideobitrate, maxbitrate mvb",
        "maxviewers, mv",
        "scale, scale",
        "viewwidth, vw",
        "viewheight, vh",
    })
    void every_alias_of_a_number_means_the_same(String name, String aliases) {
        for (String alias : aliases.split(" ", -1)) {
            assertThat(parse(alias + "=55"))
                    .as(alias)
                    .isEqualTo(parse(name + "=55"))
                    .isNotEqualTo(parse(""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "nopassword, nopass nopw p0 password=false pw=0 p=off",
        "prompt, validate approve prompt=1 prompt=false",
        "privacy, private relay privacy=true",
        "novideo, nv hidevideo showonly nv=1",
        "noaudio, na hideaudio na=false",
        "datamode, dataonly",
        "cleanoutput, clean",
        "mute, muted m mute=false",
        "videomute, vm",
        "secure, secure=false",
        "videodevice=0, vd=0 vd=false vd=off vd=no",
        "audiodevice=0, ad=0 ad=off",
        "stun=false, stun=0 stun=off",
    })
    void every_alias_of_a_switch_means_the_same(String name, String aliases) {
        String relay = name.equals("privacy") ? RELAY : "";
        for (String alias : aliases.split(" ", -1)) {
            assertThat(parse(alias + relay))
                    .as(alias)
                    .isEqualTo(parse(name + relay))
                    .isNotEqualTo(parse(relay));
        }
    }

    @Test
    void the_wanted_size_is_bounded() {
        SessionOptions options = parse("scale=50&vw=640&vh=360");
        assertThat(options.scale()).hasValue(50);
        assertThat(options.viewWidth()).hasValue(640);
        assertThat(options.viewHeight()).hasValue(360);
        assertThat(options.audioMuted() || options.videoMuted()).isFalse();
        assertThatThrownBy(() -> parse("scale=101&vw=0&viewheight=16385"))
                .isInstanceOfSatisfying(OptionsException.class, e -> assertThat(e.problems())
                        .extracting(OptionsException.Problem::parameter)
                        .containsExactlyInAnyOrder("scale", "vw", "viewheight"));
    }

    @Test
    void an_empty_push_gets_an_id_that_nobody_guesses() {
        StreamId first = parse("push").push().orElseThrow();
        assertThat(first.value()).matches("[A-HJ-NP-Za-km-z2-9]{12}").doesNotContainIgnoringCase("ad");
        assertThat(parse("push=").push())
                .isNotEmpty()
                .isNotEqualTo(parse("push").push());
    }

    @Test
    void an_id_is_cleaned_and_never_cut() {
        assertThat(parse("push=%20my--cam 1%20").push()).hasValue(StreamId.of("my_cam_1"));
        assertThat(parse("push=" + "a".repeat(44)).push()).isPresent();
        assertThat(problem("push=" + "a".repeat(45)).parameter()).isEqualTo("push");
        assertThat(problem("id=" + "a".repeat(45)).parameter()).isEqualTo("id");
        assertThat(problem("push=+").message()).contains("empty");
    }

    @Test
    void a_view_list_names_each_stream_once() {
        assertThat(parse("view=a,b-c,,a").view()).containsExactly(StreamId.of("a"), StreamId.of("b_c"));
        assertThat(parse("view=").view()).isEmpty();
        assertThat(problem("v=a,b:s").parameter()).isEqualTo("v");
    }

    @Test
    void a_whole_room_is_watched_with_more_streams_without_some_and_up_to_a_number() {
        SessionOptions options = parse("room=lobby&include=a,b,a&ex=c,,d&mp=7");
        assertThat(options.include()).containsExactly(StreamId.of("a"), StreamId.of("b"));
        assertThat(options.exclude()).containsExactly(StreamId.of("c"), StreamId.of("d"));
        assertThat(options.maxPublishers()).hasValue(7);
        assertThat(options.toQuery()).contains("&include=a,b&exclude=c,d&maxpublishers=7");
        assertThat(options.toBuilder().build()).isEqualTo(options);

        assertThat(parse("room=lobby").maxPublishers()).isEmpty();
        assertThat(parse("room=lobby&maxpublishers=10000").maxPublishers()).hasValue(10_000);
        for (String bad : List.of("0", "10001", "-1", "x", "")) {
            assertThat(problem("maxpublishers=" + bad).allowed()).isEqualTo("1 to 10000 streams");
        }
        assertThat(problem("exclude=a:s").parameter()).isEqualTo("exclude");
    }

    @Test
    void what_is_named_is_neither_excluded_nor_more_than_is_watched_at_a_time() {
        assertThat(problem("view=a&exclude=b,a").parameter()).isEqualTo("exclude");
        assertThat(problem("room=r&include=a&exclude=a").parameter()).isEqualTo("exclude");
        assertThat(problem("view=a,b&include=b,c&maxpublishers=2").parameter()).isEqualTo("maxpublishers");
        assertThat(parse("view=a,b&include=b,c&maxpublishers=3").maxPublishers())
                .hasValue(3);
    }

    @Test
    void rooms_scenes_and_labels_follow_the_rules_of_the_web_page() {
        assertThat(parse("room=My%20Room!!").room()).hasValue("My_Room_");
        assertThat(parse("room=" + "r".repeat(31)).room()).hasValue("r".repeat(30));
        assertThat(problem("room=").parameter()).isEqualTo("room");
        assertThat(parse("scene").scene()).hasValue("0");
        assertThat(parse("scene=main%20one").scene()).hasValue("main_one");
        assertThat(parse("label=Jane_Doe<b>!</b>%0A").label()).hasValue("Jane Doe!");
        assertThat(parse("label=" + "x".repeat(101)).label()).hasValue("x".repeat(100));
        assertThat(parse("label=_").label()).isEmpty();
    }

    @Test
    void passwords_are_decoded_twice_and_a_plus_is_a_space() {
        assertThat(password("password=a+b%2Bc")).isEqualTo("a b+c");
        assertThat(password("password=p%2540x")).isEqualTo("p@x");
        assertThat(password("password=100%25")).isEqualTo("100%");
        assertThat(parse("").password()).isEqualTo(Password.defaultKey());
        assertThat(parse("password=").password()).isEqualTo(Password.defaultKey());
    }

    @Test
    void a_password_and_its_off_switch_contradict_each_other() {
        OptionsException bad = refused("password=hunter2&nopassword");
        assertThat(bad.problems()).extracting(Problem::parameter).containsExactly("password");
        assertThat(bad).hasMessageNotContaining("hunter2");
        assertThat(parse("password=off&nopassword").password()).isEqualTo(Password.none());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1c2b", "1", "1c2bdc", "1C2B"})
    void a_hash_that_fits_the_password_is_accepted(String hash) {
        assertThat(parse("password=hunter2&hash=" + hash)).isEqualTo(parse("password=hunter2"));
    }

    @Test
    void a_hash_that_does_not_fit_is_a_problem() {
        assertThat(refused("password=hunter3&crc=1c2b"))
                .hasMessageContaining("hash")
                .hasMessageNotContaining("hunter3");
        assertThat(problem("check=1c2b").message()).contains("missing");
        assertThat(problem("password=hunter2&hash=xyz").allowed()).contains("hex");
        assertThat(problem("password=hunter2&hash=940778").parameter()).isEqualTo("hash");
        assertThat(parse("password=hunter2&hash=940778&salt=rtc.ninja").salt()).isEqualTo("rtc.ninja");
    }

    @Test
    void security_is_read_from_its_parameters() {
        assertThat(parse("secure&prompt").security())
                .isEqualTo(SecurityPolicy.secure().approval(Approval.ASK));
        assertThat(parse("maxviewers").security()).isEqualTo(SecurityPolicy.maxViewers(1));
        assertThat(parse("mv=3").security().viewerLimit()).isEqualTo(OptionalInt.of(3));
        assertThat(parse("secure&mv=1").security()).isEqualTo(SecurityPolicy.secure());
        assertThat(problem("secure&mv=2").parameter()).isEqualTo("mv");
        assertThat(problem("maxviewers=0").allowed()).contains("1 to 10000");
    }

    @Test
    void encryption_is_required_for_a_password_of_its_own_unless_told_otherwise() {
        assertThat(parse("").encryption()).isEqualTo(Encryption.ALLOW);
        assertThat(parse("password=x").encryption()).isEqualTo(Encryption.REQUIRE);
        assertThat(parse("password=x&unsafe").encryption()).isEqualTo(Encryption.ALLOW);
        assertThat(parse("requireencryption").encryption()).isEqualTo(Encryption.REQUIRE);
        assertThat(parse("password=false").encryption()).isEqualTo(Encryption.ALLOW);
        assertThat(problem("requireencryption&unsafe").parameter()).isEqualTo("unsafe");
    }

    @Test
    void the_default_servers_are_the_two_of_the_web_page_and_no_relay() {
        assertThat(urls("")).containsExactlyElementsOf(NetworkPolicy.DEFAULT_STUN);
        assertThat(urls("turn=false")).containsExactlyElementsOf(NetworkPolicy.DEFAULT_STUN);
        assertThat(urls("stun=false")).isEmpty();
        assertThat(urls("turn=nostun&addstun=stun:a.example")).isEmpty();
        assertThat(urls("stun=stun:a.example&addstun=STUN:b.example:99"))
                .containsExactly("stun:a.example", "stun:b.example:99");
    }

    @Test
    void a_list_of_relays_is_named_and_is_enough_for_privacy() {
        NetworkPolicy network = parse("privacy=c0de&tcp&turnlist=https://lists.example:8443/a%3Fkey=s3cr3t&tz=-60")
                .network();
        assertThat(network.turnList()).hasValue(URI.create("https://lists.example:8443/a?key=s3cr3t"));
        assertThat(network.relayCode()).hasValue("c0de");
        assertThat(network.timeZone()).hasValue(-60);
        assertThat(network.toString()).contains("lists.example").doesNotContain("s3cr3t");
        assertThat(network.toBuilder().build()).isEqualTo(network);
        assertThat(parse("turnlist=off&turn=off").network().turnList()).isEmpty();
        assertThat(parse("").network().turnList()).isEmpty();
        assertThat(parse("tcp&turnlist=http://a&turn=u;p;turn:b").network().iceServers())
                .extracting(IceServer::url)
                .containsExactlyElementsOf(NetworkPolicy.DEFAULT_STUN);
        assertThat(problem("turnlist=https://a&turn=nostun").message()).contains("contradicts");
        assertThat(problem("privacy&turnlist=off").message()).contains("no TURN server");
        assertThat(problem("tz=1441").allowed()).contains("minutes west of UTC");
        assertThat(problem("tz=x").parameter()).isEqualTo("tz");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lists.example",
                "ftp://lists.example",
                "https://",
                "https://host:0",
                "https://host:65536",
                "https://joe:s3cr3t@host",
                "https://host/#fragment",
                "https://ho st",
                "file:///etc/passwd",
                "wss://host"
            })
    void a_list_that_has_no_web_address_never_gets_through(String url) {
        OptionsException bad =
                catchThrowableOfType(OptionsException.class, () -> parse("turnlist=" + url.replace("#", "%23")));
        assertThat(bad.problems()).extracting(Problem::parameter).containsExactly("turnlist");
        assertThat(bad).hasMessageNotContaining("s3cr3t");
    }

    @Test
    void the_end_of_a_credential_is_kept_and_written_in_no_link() {
        Instant end = Instant.parse("2030-01-01T00:00:00Z");
        NetworkPolicy network = NetworkPolicy.builder()
                .stun()
                .addTurn("u", Secret.of("p"), end, "turn:a.example", "turns:a.example")
                .build();
        assertThat(network.iceServers()).hasSize(2).allMatch(server -> server.expired(end));
        assertThat(network.iceServers()).noneMatch(server -> server.expired(end.minusNanos(1)));
        assertThat(network.toBuilder().build()).isEqualTo(network);
        String query = parse("").toBuilder().network(network).build().toQuery();
        assertThat(SessionOptions.parse(query).network().turnServers())
                .extracting(IceServer::url, IceServer::expires)
                .containsExactly(tuple("turn:a.example", Optional.empty()), tuple("turns:a.example", Optional.empty()));
    }

    @Test
    void a_relay_needs_a_name_and_a_password_and_keeps_them_to_itself() {
        SessionOptions options =
                parse("turn=joe;s3cr3t;turn:relay.example:3478?transport=udp&stun=0".replace("?", "%3F"));
        IceServer server = options.network().iceServers().get(0);
        assertThat(server.username()).isEqualTo("joe");
        assertThat(server.credential()).hasValue(Secret.of("s3cr3t"));
        assertThat(options.toString()).doesNotContain("s3cr3t").doesNotContain("joe");
        assertThat(refused("turn=turn:relay.example:3478").problems())
                .extracting(Problem::parameter)
                .containsExactly("turn");
        assertThat(refused("turn=;s3cr3t;turn:relay.example")).hasMessageNotContaining("s3cr3t");
        assertThat(refused("turn=joe;s3cr3t;http://relay.example")).hasMessageNotContaining("s3cr3t");
    }

    @Test
    void relay_only_takes_the_stun_servers_out_and_demands_a_relay() {
        assertThat(urls("privacy" + RELAY)).containsExactly("turn:relay.example.org:3478");
        assertThat(parse("relay=c0de" + RELAY).network().relayCode()).hasValue("c0de");
        assertThat(problem("privacy").parameter()).isEqualTo("privacy");
        assertThat(problem("privacy&turn=off").message()).contains("no TURN server");
        assertThat(problem("privacy&lanonly" + RELAY).message()).contains("contradicts");
        assertThat(problem("privacy&tcp" + RELAY).parameter()).isEqualTo("tcp");
        assertThat(urls("tcp&turn=u;p;turn:a.example;turn:a.example%3Ftransport=tcp;turns:b.example:443&stun=off"))
                .containsExactly("turn:a.example?transport=tcp", "turns:b.example:443");
        assertThat(urls("lanonly")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stun:",
                "stun:host:",
                "stun:host:0",
                "stun:host:65536",
                "stun:host:99999999",
                "stun://host",
                "host:3478",
                "stun:ho st",
                "stun:-host",
                "stun:host-",
                "stun:a..b",
                "stun:1.2.3",
                "stun:1.2.3.256",
                "stun:[::1",
                "stun:[:::1]",
                "stun:[1::2::3]",
                "stun:[1.2.3.4::]",
                "stun:[12345::]",
                "stun:host?transport=udp",
                "stun:user@host",
                "stun:host/x",
                "turn:host",
                "stun:[1:2:3:4:5:6:7:8:9]",
                "stun:host\u0000",
                "stun:h\u00f6st",
                "http://host",
                "stun:[]",
                "stun:[::1%eth0]",
                "x;y;stun:h"
            })
    void a_malformed_stun_address_never_gets_through(String url) {
        OptionsException bad = catchThrowableOfType(
                OptionsException.class,
                () -> SessionOptions.parse(
                        "x=y" + SERVER + "&stun=" + url.replace("%", "%25").replace("?", "%3F")));
        assertThat(bad.problems()).extracting(Problem::parameter).containsOnly("stun");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "turns:host?transport=udp",
                "turn:host?transport=sctp",
                "turn:host?x=y",
                "turn:host?transport=udp&a",
                "stun:host",
                "turn:",
                "turn::3478",
                "turns:host:70000"
            })
    void a_malformed_turn_address_never_gets_through(String url) {
        assertThatExceptionOfType(OptionsException.class)
                .isThrownBy(() -> NetworkPolicy.builder()
                        .addTurn("u", Secret.of("p"), url)
                        .build())
                .satisfies(bad -> assertThat(bad.problems())
                        .extracting(Problem::parameter)
                        .containsOnly("turn"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stun:[::1]:3478",
                "stun:[2001:db8::192.0.2.1]",
                "stun:192.0.2.1",
                "stuns:a-b.c_d.example:5349",
                "stun:x"
            })
    void good_stun_addresses_of_every_kind_are_taken(String url) {
        assertThat(urls("stun=" + url)).containsExactly(url);
    }

    @Test
    void a_handshake_server_has_to_be_given() {
        assertThat(onlyProblem("push=a").message()).contains("no handshake server");
        assertThat(onlyProblem("https://example.org/?push=a").parameter()).isEqualTo("wss");
        assertThat(onlyProblem("push=a&wss=http://x").parameter()).isEqualTo("wss");
        assertThat(onlyProblem("push=a&wss2").message()).contains("names no server");
        assertThat(onlyProblem("wss=a&wss2=b").message()).contains("contradicts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://vdo.ninja/?push=a",
                "https://www.vdo.ninja?push=a",
                "https://steveseguin.github.io/vdoninja/?push=a"
            })
    void a_link_to_the_public_page_implies_the_public_service(String link) {
        SessionOptions options = SessionOptions.parse(link);
        assertThat(options.endpoint())
                .isEqualTo(new HandshakeEndpoint(URI.create("wss://wss.vdo.ninja:443"), Dialect.HOSTED));
        assertThat(options.salt()).isEqualTo("vdo.ninja");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://vdo.ninja.example.org/?push=a",
                "https://evilvdo.ninja/?push=a",
                "https://rtc.ninja/?push=a"
            })
    void a_link_to_any_other_page_implies_no_server(String link) {
        assertThat(onlyProblem(link).parameter()).isEqualTo("wss");
    }

    @ParameterizedTest
    @CsvSource({
        "vdo.ninja, vdo.ninja",
        "backup.vdo.ninja, vdo.ninja",
        "x.rtc.ninja, rtc.ninja",
        "versus.cam, versus.cam",
        "vdo.socialstream.ninja, socialstream.ninja",
        "steveseguin.github.io, vdo.ninja",
        "localhost:8080, vdo.ninja",
        "192.168.1.5, vdo.ninja",
        "Cam.Example.org, cam.example.org",
        "evilvdo.ninja, evilvdo.ninja",
        "[::1]:80, [::1]",
    })
    void the_salt_follows_from_the_host_of_a_link(String host, String salt) {
        assertThat(SessionOptions.parse("https://" + host + "/?push=a" + SERVER).salt())
                .isEqualTo(salt);
        assertThat(SessionOptions.parse("https://" + host + "/?salt=own" + SERVER)
                        .salt())
                .isEqualTo("own");
    }

    @Test
    void servers_are_read_in_both_dialects_and_without_a_scheme() {
        assertThat(SessionOptions.parse("wss=a.example:8443/path").endpoint())
                .isEqualTo(new HandshakeEndpoint(URI.create("wss://a.example:8443/path"), Dialect.CUSTOM));
        assertThat(SessionOptions.parse("wss2=wss://a.example").endpoint().dialect())
                .isEqualTo(Dialect.HOSTED);
        HandshakeEndpoint keyed = HandshakeEndpoint.custom("wss://bus.example/v3?api_key=s3cr3t");
        assertThat(keyed.toString()).doesNotContain("s3cr3t").contains("bus.example/v3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws://localhost:80", "ws://127.0.0.1:8080", "ws://127.1.2.3", "ws://[::1]:9/x"})
    void plain_web_sockets_are_for_this_machine(String address) {
        assertThat(SessionOptions.parse("wss=" + address).endpoint().uri()).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws://192.168.1.5",
                "ws://127.evil.example",
                "ws://127.0.0.1.example.org",
                "ws://localhost.example.org",
                "ws://[::2]"
            })
    void plain_web_sockets_elsewhere_need_consent_in_code(String address) {
        assertThat(onlyProblem("wss=" + address).message()).contains("ws://");

        SessionOptions options = SessionOptions.builder()
                .allowPlainWebSocket(true)
                .query("push=a&wss=" + address)
                .build();
        assertThat(options.toBuilder().label("x").build().endpoint()).isEqualTo(options.endpoint());
        assertThat(onlyProblem(options.toQuery()).allowed()).contains("allowPlainWebSocket");
        assertThat(SessionOptions.builder()
                        .allowPlainWebSocket(true)
                        .query(options.toQuery())
                        .build())
                .isEqualTo(options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wss://", "wss://a:99999", "wss://user:pw@a", "wss://a#x", "ftp://a", "wss://a b", "://a"})
    void a_malformed_server_is_refused_without_repeating_it(String address) {
        assertThat(onlyProblem("wss=" + address.replace("#", "%23")).parameter())
                .isEqualTo("wss");
    }

    @ParameterizedTest
    @CsvSource({
        "retry=9, 10 to 86400 seconds",
        "retrytimeout=4999, 5000 to 3600000 ms",
        "ab=511, 6 to 510 kbps",
        "vb=0, 1 to 200000 kbps",
        "mvb=1e3, 1 to 200000 kbps",
        "retry=99999999999999999999, 10 to 86400 seconds",
        "ab, 6 to 510 kbps",
        "'vb=1,2', 1 to 200000 kbps"
    })
    void a_number_out_of_its_range_is_a_problem_with_the_range(String query, String allowed) {
        assertThat(problem(query).allowed()).isEqualTo(allowed);
        assertThat(problem(query).parameter()).isEqualTo(query.split("=", 2)[0]);
    }

    @Test
    void numbers_have_the_defaults_of_the_web_page() {
        SessionOptions plain = parse("");
        assertThat(plain.retry()).isEqualTo(Duration.ofMinutes(15));
        assertThat(plain.retryTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(plain.videoBitrate()).isEmpty();
        assertThat(parse("retry").retry()).isEqualTo(Duration.ofSeconds(30));
        assertThat(parse("vb").videoBitrate()).hasValue(8000);
    }

    @Test
    void media_is_chosen_for_both_sides() {
        StreamId a = StreamId.of("a");
        assertThat(parse("vd=0").video()).isFalse();
        assertThat(parse("vd=0").wantsVideo(a)).isTrue();
        assertThat(parse("vd=testpattern").videoDevice()).hasValue("testpattern");
        assertThat(parse("vd=1").videoDevice()).isEmpty();
        assertThat(parse("ad=0").audio()).isFalse();
        assertThat(parse("ad=usb").audioDevice()).hasValue("usb");
        assertThat(parse("novideo").video()).isFalse();
        assertThat(parse("novideo").wantsVideo(a)).isFalse();
        assertThat(parse("nv=a,b").wantsVideo(a)).isTrue();
        assertThat(parse("nv=a,b").wantsVideo(StreamId.of("c"))).isFalse();
        assertThat(parse("nv=a,b").video()).isTrue();
        assertThat(parse("na=a").audioOnlyFrom()).hasValue(List.of(a));
        assertThat(parse("datamode")).satisfies(o -> assertThat(o.video() || o.audio() || o.wantsAudio(a))
                .isFalse());
        assertThat(parse("codecs=h264, vp9,h264").codecs()).containsExactly("H264", "VP9");
        assertThat(problem("codec=divx").allowed()).contains("vp8");
    }

    @Test
    void all_problems_are_told_at_once_and_none_tells_a_secret() {
        OptionsException bad = catchThrowableOfType(
                OptionsException.class,
                () -> SessionOptions.parse(
                        "push=" + "x".repeat(50) + "&retry=1&ab=9999&turn=u;hush;turn:&password=hush2&hash=00&room="));
        assertThat(bad.problems())
                .extracting(Problem::parameter)
                .containsExactlyInAnyOrder("push", "retry", "ab", "turn", "hash", "room", "wss");
        assertThat(bad.problems()).allSatisfy(p -> assertThat(bad).hasMessageContaining(p.toString()));
        assertThat(bad).hasMessageNotContaining("hush");
    }

    @Test
    void nothing_in_its_text_form_is_secret() {
        SessionOptions options = parse("push=camera1&view=other9&password=hush&room=den&token=tok" + RELAY);
        assertThat(options.toString())
                .contains("ca…", "ot…", "token", "[secret]")
                .doesNotContain("camera1", "other9", "hush", "den,", "tok=", "=tok", "pass;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host/?push=a",
                "https:///?push=a",
                "https://user@host/?push=a",
                "wss://host",
                "https://ho st/?push=a"
            })
    void a_malformed_link_is_a_typed_error(String text) {
        assertThat(onlyProblem(text).parameter()).isEqualTo("link");
    }

    @Test
    void a_text_without_end_is_refused() {
        assertThat(onlyProblem("x".repeat(70_000)).message()).contains("too long");
    }

    @Test
    void a_view_link_opens_the_stream_on_the_other_side() {
        SessionOptions options = parse("push=cam&secure&password=a%25b&room=den&label=x" + RELAY);
        URI link = options.viewLink(URI.create("https://page.example.org/watch?lang=en#top"));
        assertThat(link.toString())
                .startsWith("https://page.example.org/watch?lang=en&view=cam")
                .endsWith("#top");

        SessionOptions viewer = SessionOptions.parse(link.toString());
        assertThat(viewer.view()).containsExactly(StreamId.of("cam"));
        assertThat(viewer.password()).isEqualTo(options.password());
        assertThat(viewer.salt()).isEqualTo(options.salt());
        assertThat(viewer.room()).isEqualTo(options.room());
        assertThat(viewer.endpoint()).isEqualTo(options.endpoint());
        assertThat(viewer.security()).isEqualTo(SecurityPolicy.open());
        assertThat(viewer.network()).isEqualTo(NetworkPolicy.standard());
    }

    @Test
    void a_view_link_to_the_public_page_is_short() {
        SessionOptions options = SessionOptions.parse("https://vdo.ninja/?push=cam");
        assertThat(options.viewLink(URI.create("https://vdo.ninja"))).hasToString("https://vdo.ninja/?view=cam");
        assertThatIllegalStateException().isThrownBy(() -> parse("view=a").viewLink(URI.create("https://vdo.ninja")));
        assertThatExceptionOfType(OptionsException.class).isThrownBy(() -> options.viewLink(URI.create("mailto:x")));
    }

    @Test
    void the_builder_refuses_what_a_link_could_not_say() {
        assertThatExceptionOfType(OptionsException.class)
                .isThrownBy(() -> SessionOptions.builder()
                        .retry(Duration.ofMillis(10_500))
                        .retryTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                        .audioBitrate(0)
                        .salt("")
                        .unrecognized(Map.of("pw", "x"))
                        .build())
                .satisfies(bad -> assertThat(bad.problems())
                        .extracting(Problem::parameter)
                        .containsExactlyInAnyOrder("retry", "retrytimeout", "audiobitrate", "salt", "pw", "wss"));
        for (String off : List.of("", " ", "false", "0", "off", "x".repeat(1001))) {
            assertThatExceptionOfType(OptionsException.class).isThrownBy(() -> Password.of(off));
        }
    }

    private static SessionOptions parse(String query) {
        return SessionOptions.parse(query + SERVER);
    }

    private static String password(String query) {
        return parse(query).password().text().orElseThrow().reveal();
    }

    private static List<String> urls(String query) {
        return parse(query).network().iceServers().stream().map(IceServer::url).toList();
    }

    private static OptionsException refused(String query) {
        return catchThrowableOfType(OptionsException.class, () -> parse(query));
    }

    private static Problem problem(String query) {
        return onlyProblem(query + SERVER);
    }

    private static Problem onlyProblem(String text) {
        OptionsException bad = catchThrowableOfType(OptionsException.class, () -> SessionOptions.parse(text));
        assertThat(bad).as(text).isNotNull();
        assertThat(bad.problems()).hasSize(1);
        return bad.problems().get(0);
    }

    @Test
    void a_text_of_nothing_but_dots_is_read_like_any_other() {
        String host = "a.".repeat(30_000) + "a";
        assertThat(SessionOptions.parse("push=x&wss=wss://h&" + host).unrecognized())
                .containsKey(host);
        assertThat(SessionOptions.parse(host + "?push=x&wss=wss://h&salt=s").salt())
                .isEqualTo("s");
    }

    @Test
    void what_no_link_could_carry_is_refused_by_the_builder() {
        assertThatThrownBy(() -> NetworkPolicy.builder().iceFilter("\uD800").build())
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("icefilter");
        NetworkPolicy.Builder relayed = NetworkPolicy.builder().addTurn("u", Secret.of("p"), "turn:h");
        assertThatThrownBy(() -> relayed.relayCode("\uD800").build())
                .isInstanceOf(OptionsException.class)
                .hasMessageContaining("privacy");
        assertThatThrownBy(() -> HandshakeEndpoint.custom("wss://h/\uD800")).isInstanceOf(OptionsException.class);
    }

    @Test
    void a_relay_code_that_says_no_more_than_the_flag_is_the_flag() {
        NetworkPolicy policy = NetworkPolicy.builder()
                .addTurn("u", Secret.of("p"), "turn:h")
                .relayCode("true")
                .build();
        assertThat(policy.relayOnly()).isTrue();
        assertThat(policy.relayCode()).isEmpty();
    }

    @Test
    void only_a_program_can_take_any_certificate_of_a_relay_for_good() {
        NetworkPolicy policy = NetworkPolicy.builder()
                .addTurn("u", Secret.of("p"), "turns:h")
                .anyTurnCertificate(true)
                .build();
        assertThat(NetworkPolicy.standard().anyTurnCertificate()).isFalse();
        assertThat(policy.toBuilder().build()).isEqualTo(policy);
        assertThat(policy.toBuilder().anyTurnCertificate(false).build()).isNotEqualTo(policy);
        assertThat(policy).hasToString("NetworkPolicy(any relay certificate, " + policy.iceServers() + ")");

        SessionOptions options = SessionOptions.builder()
                .query("push=camera1&wss=ws://127.0.0.1:1")
                .network(policy)
                .build();
        SessionOptions readBack = SessionOptions.parse(options.toQuery());
        assertThat(readBack.network().anyTurnCertificate()).isFalse();
        assertThat(readBack.network().turnServers()).isEqualTo(policy.turnServers());
    }
}
