package dev.drawbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drawbridge.AuditLog.Outcome;
import dev.drawbridge.AuditLog.Verification;
import dev.drawbridge.SessionEvent.Announced;
import dev.drawbridge.SessionEvent.AnnouncementRefused;
import dev.drawbridge.SessionEvent.Closed;
import dev.drawbridge.SessionEvent.DataReceived;
import dev.drawbridge.SessionEvent.LeaveReason;
import dev.drawbridge.SessionEvent.ProtocolViolation;
import dev.drawbridge.SessionEvent.RefusalReason;
import dev.drawbridge.SessionEvent.Sealed;
import dev.drawbridge.SessionEvent.ServerNotice;
import dev.drawbridge.SessionEvent.SignalingLost;
import dev.drawbridge.SessionEvent.SignalingRestored;
import dev.drawbridge.SessionEvent.ViewerInterrupted;
import dev.drawbridge.SessionEvent.ViewerJoined;
import dev.drawbridge.SessionEvent.ViewerLeft;
import dev.drawbridge.SessionEvent.ViewerRefused;
import dev.drawbridge.SessionEvent.ViewerRequested;
import dev.drawbridge.SessionEvent.ViewerResumed;
import dev.drawbridge.SessionEvent.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final Pattern LINE = Pattern.compile("(\\d+) (\\S+Z) (.+) ([0-9a-f]{64}) [0-9a-f]{8}");
    private static final Pattern TOGETHER = Pattern.compile("(\\d+) together since (\\S+Z): (.+)");
    private static final Pattern KIND = Pattern.compile("(\\d+) ([a-z: ]+)");
    private static final Instant START = Instant.parse("2026-11-21T14:03:11.000123Z");

    /** Kinds that are told, in the words for them. */
    private static final Map<Class<?>, String> WORDS = Map.ofEntries(
            Map.entry(Announced.class, "announced"),
            Map.entry(AnnouncementRefused.class, "announcement refused"),
            Map.entry(SignalingLost.class, "server lost"),
            Map.entry(SignalingRestored.class, "server back"),
            Map.entry(ViewerRequested.class, "requested"),
            Map.entry(ViewerRefused.class, "refused"),
            Map.entry(ViewerJoined.class, "admitted"),
            Map.entry(ViewerInterrupted.class, "interrupted"),
            Map.entry(ViewerResumed.class, "resumed"),
            Map.entry(ViewerLeft.class, "left"),
            Map.entry(Sealed.class, "sealed"),
            Map.entry(Closed.class, "closed"));

    @TempDir
    private Path folder;

    private final AuditLog audit = new AuditLog();
    private final List<SessionEvent> events = new ArrayList<>();
    private Instant now = START;

    // ---- the story ------------------------------------------------------------------------------------------------

    @Test
    void a_secure_session_is_told_line_by_line_and_each_has_the_hash_of_the_line_before() throws Exception {
        secureSession();

        List<String> lines = audit.lines();
        assertThat(lines)
                .map(line -> line.replaceFirst(" [0-9a-f]{64} [0-9a-f]{8}$", ""))
                .containsExactly(
                        "1 2026-11-21T14:03:11.000123Z announced",
                        "2 2026-11-21T14:03:12.000123Z viewer-1 requested",
                        "3 2026-11-21T14:03:13.000123Z viewer-2 requested",
                        "4 2026-11-21T14:03:14.000123Z viewer-1 refused: bridge raised",
                        "5 2026-11-21T14:03:15.000123Z viewer-2 admitted",
                        "6 2026-11-21T14:03:16.000123Z viewer-2 sealed",
                        "7 2026-11-21T14:03:17.000123Z viewer-2 interrupted",
                        "8 2026-11-21T14:03:18.000123Z viewer-2 resumed",
                        "9 2026-11-21T14:03:19.000123Z viewer-2 left: bye",
                        "10 2026-11-21T14:03:20.000123Z closed: viewer left");
        String before = "0".repeat(64);
        for (String line : lines) {
            assertThat(line).matches(LINE).contains(" " + before + " ");
            before = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.US_ASCII)));
        }
        assertThat(audit.head()).isEqualTo(before);
        assertAgreement();
    }

    @Test
    void what_others_wrote_stands_in_no_line() {
        take(new Announced(now));
        take(new ServerNotice(now, "canary"));
        take(new ProtocolViolation(now, Violation.MALFORMED, "canary"));
        take(new DataReceived(now, "viewer-1", "\"canary\""));
        take(new SignalingLost(now, "canary", Duration.ofMillis(500)));
        take(new ViewerRequested(now, new ViewerId(1, "canary")));
        take(new Closed(now, CloseReason.INTERNAL_ERROR, "canary"));

        assertThat(audit.lines()).hasSize(4).noneMatch(line -> line.contains("canary"));
        assertAgreement();
    }

    @Test
    void a_flood_is_counted_together_and_the_story_is_told() {
        take(new Announced(now));
        for (int i = 1; i <= 5_000; i++) {
            now = now.plusMillis(10);
            take(new ViewerRequested(now, viewer(i)));
            take(new ViewerRefused(now, viewer(i), i % 7 == 0 ? RefusalReason.FULL : RefusalReason.NO_ANSWER));
        }
        take(new ViewerJoined(now, viewer(5_000)));
        take(new Sealed(now, viewer(5_000)));
        take(new Closed(now, CloseReason.CLOSED_BY_APPLICATION, ""));

        // 32 lines and a count for each minute that the 50 s of the flood touch.
        assertThat(audit.lines()).hasSize(32 + 1 + 3);
        assertThat(texts().get(32))
                .isEqualTo("9969 together since 2026-11-21T14:03:11.160123Z: 4273 refused: no answer, 4984 requested,"
                        + " 712 refused: full");
        assertThat(texts()).endsWith("viewer-5000 admitted", "viewer-5000 sealed", "closed: closed by application");
        assertAgreement();
    }

    @Test
    void a_log_that_strangers_fill_for_weeks_stays_bounded_and_tells_who_came_in() {
        for (int i = 1; i <= 20_000; i++) {
            now = now.plusSeconds(20);
            take(new ViewerRequested(now, viewer(i)));
            take(new ViewerRefused(now, viewer(i), RefusalReason.NO_CONNECTION));
        }
        take(new ViewerJoined(now, viewer(1)));
        take(new Sealed(now, viewer(1)));
        take(new ViewerLeft(now, viewer(1), LeaveReason.LOST));
        take(new Closed(now, CloseReason.VIEWER_LEFT, ""));

        assertThat(texts()).hasSize(10_000 + 1 + 4).endsWith("viewer-1 left: lost", "closed: viewer left");
        assertAgreement();
    }

    @Test
    void a_log_of_an_open_session_stays_bounded_whoever_comes_and_goes() {
        for (int i = 1; i <= 10_000; i++) {
            now = now.plusSeconds(1);
            take(new ViewerRequested(now, viewer(i)));
            take(new ViewerJoined(now, viewer(i)));
            take(new ViewerLeft(now, viewer(i), LeaveReason.BYE));
        }
        take(new Closed(now, CloseReason.CLOSED_BY_APPLICATION, ""));

        assertThat(audit.lines()).hasSizeBetween(20_000, 20_003);
        assertThat(audit.lines()).allMatch(line -> line.length() < 2048);
        assertAgreement();
    }

    @Test
    void any_story_agrees_with_its_events() {
        for (int seed = 0; seed < 100; seed++) {
            new AuditLogTest().anyStory(new Random(seed * 0x9E3779B97F4A7C15L));
        }
    }

    private void anyStory(Random chance) {
        int pace = 1 << chance.nextInt(18);
        for (int i = 0; i < 400; i++) {
            now = now.plusMillis(chance.nextInt(pace));
            ViewerId viewer = viewer(1 + chance.nextInt(50));
            take(
                    switch (chance.nextInt(30)) {
                        case 0 -> new Announced(now);
                        case 1 -> new AnnouncementRefused(now, 1, Duration.ofSeconds(5));
                        case 2 -> new SignalingLost(now, "detail", Duration.ofSeconds(1));
                        case 3 -> new SignalingRestored(now);
                        case 4 -> new ServerNotice(now, "notice");
                        case 5 -> new ViewerInterrupted(now, viewer);
                        case 6 -> new ViewerResumed(now, viewer);
                        case 7 -> new ViewerJoined(now, viewer);
                        case 8 -> new ViewerLeft(now, viewer, any(chance, LeaveReason.values()));
                        case 9, 10, 11, 12, 13, 14, 15, 16 ->
                            new ViewerRefused(now, viewer, any(chance, RefusalReason.values()));
                        default -> new ViewerRequested(now, viewer);
                    });
        }
        take(new Closed(now, any(chance, CloseReason.values()), "detail"));
        assertAgreement();
    }

    // ---- the file -------------------------------------------------------------------------------------------------

    @Test
    void the_file_has_every_line_from_the_first_on_and_is_its_owners_alone() throws Exception {
        take(new Announced(now));
        Path file = folder.resolve("audit.log");
        CompletionStage<Void> written = audit.writeTo(file);
        secureSession();
        await(written);

        assertThat(file).hasContent(String.join("\n", audit.lines()));
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(AuditLog.verify(file)).isEqualTo(new Verification(Outcome.INTACT, 11, audit.head(), ""));

        Path later = folder.resolve("later.log");
        await(audit.writeTo(later));
        assertThat(later).hasSameBinaryContentAs(file);
    }

    @Test
    void a_log_is_never_written_over_and_a_wrong_place_is_told_at_once() throws Exception {
        Path there = Files.writeString(folder.resolve("there"), "evidence");
        assertThatThrownBy(() -> audit.writeTo(there)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(there).hasContent("evidence");
        assertThatThrownBy(() -> audit.writeTo(folder.resolve("no/such/folder")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_disk_that_hangs_delays_nobody_and_one_that_is_full_is_told() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CompletionStage<Void> written = audit.writeTo(new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) throws IOException {
                try {
                    hanging.await();
                } catch (InterruptedException unwanted) {
                    throw new IOException(unwanted);
                }
                throw new IOException("No space left on device");
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        });
        secureSession();
        assertThat(written.toCompletableFuture()).isNotDone();
        hanging.countDown();

        assertThatThrownBy(() -> await(written))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("No space left on device");
        assertThat(audit.lines()).hasSize(10);
    }

    // ---- what is found --------------------------------------------------------------------------------------------

    @Test
    void every_change_of_a_single_byte_is_found_in_its_line() throws Exception {
        secureSession();
        byte[] whole = bytes(audit.lines());
        int line = 1;
        for (int i = 0; i < whole.length - 1; i++) {
            int change = new int[] {1, 0x20, 0x80, whole[i] ^ '\n'}[i % 4];
            if (change != 0) {
                byte[] changed = whole.clone();
                changed[i] ^= (byte) change;
                assertThat(verify(changed)).as("byte %d by %d", i, change).satisfies(altered(line));
            }
            line += whole[i] == '\n' ? 1 : 0;
        }
    }

    @Test
    void a_line_that_is_missing_moved_doubled_or_put_in_is_found_where_it_is() throws Exception {
        secureSession();
        List<String> lines = audit.lines();
        for (int i = 0; i < lines.size(); i++) {
            List<String> missing = new ArrayList<>(lines);
            missing.remove(i);
            if (i < lines.size() - 1) {
                assertThat(verify(bytes(missing))).satisfies(altered(i + 1));
            }
            List<String> doubled = new ArrayList<>(lines);
            doubled.add(i + 1, lines.get(i));
            assertThat(verify(bytes(doubled))).satisfies(altered(i + 2));
            List<String> foreign = new ArrayList<>(lines);
            foreign.add(i, "viewer-9 was here");
            assertThat(verify(bytes(foreign))).satisfies(altered(i + 1));
            for (int j = i + 1; j < lines.size(); j++) {
                List<String> swapped = new ArrayList<>(lines);
                Collections.swap(swapped, i, j);
                assertThat(verify(bytes(swapped))).satisfies(altered(i + 1));
            }
        }
    }

    @Test
    void a_line_that_was_written_anew_with_a_check_of_its_own_is_found_by_the_line_behind_it() throws Exception {
        secureSession();
        AuditLog other = new AuditLog();
        events.forEach(event -> other.record(
                event instanceof ViewerRefused e ? new ViewerRefused(e.at(), e.viewer(), RefusalReason.FULL) : event));
        List<String> lines = new ArrayList<>(audit.lines());
        lines.set(3, other.lines().get(3));
        assertThat(verify(bytes(lines))).satisfies(altered(4));
        assertThat(verify(bytes(other.lines())).head())
                .as("written anew as a whole it shows by the last hash alone")
                .isNotEqualTo(audit.head());
    }

    @Test
    void what_is_cut_off_is_told_and_so_is_what_stands_behind_the_end() throws Exception {
        secureSession();
        byte[] whole = bytes(audit.lines());
        int lines = 0;
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThat(verify(cut))
                    .as("%d bytes", length)
                    .isEqualTo(new Verification(
                            Outcome.CUT_OFF,
                            lines,
                            headAfter(lines),
                            length > 0 && whole[length - 1] != '\n'
                                    ? "the line has no end"
                                    : "the end of the session is missing"));
            lines += whole[length] == '\n' ? 1 : 0;
        }
        List<String> more = new ArrayList<>(audit.lines());
        AuditLog longer = new AuditLog();
        events.forEach(longer::record);
        longer.record(new Announced(now));
        more.add(longer.lines().get(more.size()));
        assertThat(verify(bytes(more))).satisfies(altered(11));
        assertThat(verify(bytes(audit.lines()))).hasToString("INTACT, 10 lines");
    }

    @Test
    void a_file_that_is_something_else_is_altered_from_its_first_line_on() throws Exception {
        byte[] rubbish = new byte[1 << 20];
        assertThat(verify(rubbish)).satisfies(altered(1));
        new Random(1).nextBytes(rubbish);
        assertThat(verify(rubbish))
                .satisfies(altered(1))
                .hasToString("ALTERED at line 1: the line is not as it was written");
    }

    private static Consumer<Verification> altered(int line) {
        return found -> {
            assertThat(found.outcome()).isEqualTo(Outcome.ALTERED);
            assertThat(found.lines() + 1).isEqualTo(line);
        };
    }

    private Verification verify(byte[] bytes) throws IOException {
        return AuditLog.verify(Files.write(folder.resolve("looked at"), bytes));
    }

    private static byte[] bytes(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private String headAfter(int lines) {
        AuditLog shorter = new AuditLog();
        events.subList(0, lines).forEach(shorter::record);
        return shorter.head();
    }

    // ---- a session ------------------------------------------------------------------------------------------------

    private void secureSession() {
        List<SessionEvent> story = List.of(
                new Announced(START),
                new ViewerRequested(START.plusSeconds(1), viewer(1)),
                new ViewerRequested(START.plusSeconds(2), viewer(2)),
                new ViewerRefused(START.plusSeconds(3), viewer(1), RefusalReason.BRIDGE_RAISED),
                new ViewerJoined(START.plusSeconds(4), viewer(2)),
                new Sealed(START.plusSeconds(5), viewer(2)),
                new ViewerInterrupted(START.plusSeconds(6), viewer(2)),
                new ViewerResumed(START.plusSeconds(7), viewer(2)),
                new ViewerLeft(START.plusSeconds(8), viewer(2), LeaveReason.BYE),
                new Closed(START.plusSeconds(9), CloseReason.VIEWER_LEFT, ""));
        story.forEach(this::take);
    }

    private void take(SessionEvent event) {
        events.add(event);
        audit.record(event);
    }

    private static ViewerId viewer(int number) {
        return new ViewerId(number, "peer" + number);
    }

    private static <E> E any(Random chance, E[] all) {
        return all[chance.nextInt(all.length)];
    }

    private static void await(CompletionStage<Void> written) throws Exception {
        written.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private List<String> texts() {
        return audit.lines().stream().map(AuditLogTest::text).toList();
    }

    private static String text(String line) {
        Matcher parts = LINE.matcher(line);
        assertThat(parts.matches()).as(line).isTrue();
        return parts.group(3);
    }

    /** Every event that is told is in exactly one line, its own or a count, and in its order. */
    private void assertAgreement() {
        List<SessionEvent> told = events.stream()
                .filter(event -> WORDS.containsKey(event.getClass()))
                .toList();
        int next = 0;
        for (String line : texts()) {
            Matcher together = TOGETHER.matcher(line);
            if (together.matches()) {
                int end = next + Integer.parseInt(together.group(1));
                assertThat(Instant.parse(together.group(2)))
                        .isEqualTo(told.get(next).at());
                Map<String, Integer> counted = new TreeMap<>();
                told.subList(next, end).forEach(event -> counted.merge(what(event), 1, Integer::sum));
                Map<String, Integer> said = new TreeMap<>();
                KIND.matcher(together.group(3))
                        .results()
                        .forEach(kind -> said.put(kind.group(2), Integer.parseInt(kind.group(1))));
                assertThat(said).isEqualTo(counted);
                next = end;
            } else {
                assertThat(line).isEqualTo(who(told.get(next)) + what(told.get(next)));
                next++;
            }
        }
        assertThat(next).as("events in lines").isEqualTo(told.size());
    }

    private static String who(SessionEvent event) {
        String viewer = event.toString().replaceAll("^.*viewer=(viewer-\\d+).*$", "$1 ");
        return viewer.equals(event.toString()) ? "" : viewer;
    }

    private static String what(SessionEvent event) {
        String reason = event.toString().replaceAll("^.*reason=(\\w+).*$", ": $1");
        return WORDS.get(event.getClass())
                + (reason.equals(event.toString())
                        ? ""
                        : reason.toLowerCase(Locale.ROOT).replace('_', ' '));
    }
}
