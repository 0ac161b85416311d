package dev.drawbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.LinkStats;
import dev.drawbridge.SendException;
import dev.drawbridge.SourceException;
import dev.drawbridge.media.AudioSources;
import dev.drawbridge.media.VideoSources;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.LinkSettings.Role;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import dev.drawbridge.spi.PeerLink;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SessionDescription;
import dev.drawbridge.spi.SideChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link MediaTransport} has to do. Extend it in your tests to check one of your own.
 *
 * <p>The two transports of a test carry media to each other within this process; descriptions and candidates are handed over by the
 * test. Waiting ends after {@link #patienceSeconds}.
 */
public abstract class MediaTransportContract {
    private static final int MOST_BYTES = 256 * 1024;

    private final Object changes = new Object();
    private final List<MediaTransport> transports = new ArrayList<>();
    private final List<LinkRecorder> ends = new ArrayList<>();

    /** For subclasses. */
    protected MediaTransportContract() {}

    /** A new transport, not prepared, that will publish pictures and sound of its own. */
    protected abstract MediaTransport publishing();

    /** A new transport, not prepared, that will view what {@link #publishing} publishes. */
    protected abstract MediaTransport viewing();

    /**
     * Lets virtual time pass: called again and again while a test waits.
     *
     * @return whether there is such a time; otherwise the test waits for a call of a listener
     */
    protected boolean turn() {
        return false;
    }

    /** How long a test waits for one thing, in real time. */
    protected int patienceSeconds() {
        return 10;
    }

    @AfterEach
    void nothing_was_told_against_the_rules() throws InterruptedException {
        ends.forEach(LinkRecorder::close);
        for (LinkRecorder end : ends) {
            await("closed", () -> end.count("closed") == 1);
        }
        transports.forEach(MediaTransport::close);
        for (LinkRecorder end : ends) {
            assertThat(end.breaches()).as("%s", end).isEmpty();
            assertThat(end.calls().get(end.calls().size() - 1)).isEqualTo("closed");
        }
    }

    // ---- waiting

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds());
        while (true) {
            boolean virtual = turn();
            synchronized (changes) {
                if (condition.getAsBoolean()) {
                    return;
                }
                long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (millis <= 0) {
                    throw new AssertionError(what + " did not happen\n"
                            + ends.stream().map(LinkRecorder::toString).collect(Collectors.joining("\n")));
                }
                if (!virtual) {
                    changes.wait(millis);
                }
            }
        }
    }

    private LinkStats stats(LinkRecorder end) throws InterruptedException {
        CompletableFuture<LinkStats> stats = figures(end);
        await("figures", stats::isDone);
        return stats.join();
    }

    private CompletableFuture<LinkStats> figures(LinkRecorder end) {
        CompletableFuture<LinkStats> stats = end.link().stats().toCompletableFuture();
        var unused = stats.whenComplete((some, none) -> {
            synchronized (changes) {
                changes.notifyAll();
            }
        });
        return stats;
    }

    // ---- the two ends

    private MediaTransport publisher() throws Exception {
        MediaTransport media = publishing();
        transports.add(media);
        media.prepare(Role.PUBLISHER, new MediaNeeds(true, true, ""));
        return media;
    }

    private MediaTransport viewer() throws Exception {
        MediaTransport media = viewing();
        transports.add(media);
        media.prepare(Role.VIEWER, new MediaNeeds(true, true, ""));
        return media;
    }

    private LinkRecorder open(MediaTransport media, Role role, boolean video, boolean audio) {
        LinkRecorder end = new LinkRecorder(role + " " + ends.size(), changes);
        ends.add(end);
        end.attach(media.open(
                new LinkSettings(role, List.of(), false, video, audio, OptionalInt.empty(), List.of(), end), end));
        return end;
    }

    private LinkRecorder open(MediaTransport media, Role role) {
        return open(media, role, true, true);
    }

    private static void join(LinkRecorder one, LinkRecorder other) {
        one.other = other;
        other.other = one;
    }

    /** The two ends of one connection. */
    private final class Pair {
        final MediaTransport publisherMedia = publisher();
        final MediaTransport viewerMedia = viewer();
        final LinkRecorder publisher = open(publisherMedia, Role.PUBLISHER);
        final LinkRecorder viewer;

        Pair() throws Exception {
            this(true, true);
        }

        Pair(boolean video, boolean audio) throws Exception {
            viewer = open(viewerMedia, Role.VIEWER, video, audio);
        }

        Pair offer() {
            join(publisher, viewer);
            publisher.link().offer(false);
            return this;
        }

        Pair connect() throws InterruptedException {
            offer();
            awaitConnected(publisher, viewer);
            return this;
        }
    }

    private void awaitConnected(LinkRecorder... both) throws InterruptedException {
        for (LinkRecorder end : both) {
            await("connected", end::connected);
            await("channel open", () -> end.count("channelOpened") == 1);
        }
    }

    /** Something that was sent last has arrived at both ends, so all that was sent before has had its chance. */
    private void roundTrip(LinkRecorder one, LinkRecorder other) throws InterruptedException {
        String mark = "mark " + System.nanoTime();
        one.link().send(mark);
        await("a text", () -> other.texts().contains(mark));
        other.link().send(mark);
        await("a text", () -> one.texts().contains(mark));
    }

    private static List<String> fingerprints(SessionDescription description) {
        return description
                .sdp()
                .lines()
                .filter(line -> line.startsWith("a=fingerprint:"))
                .distinct()
                .toList();
    }

    // ---- connecting

    @Test
    void an_offer_and_its_answer_connect_both_ends_and_open_the_channel() throws Exception {
        Pair pair = new Pair().connect();
        assertThat(pair.publisher.descriptions())
                .extracting(SessionDescription::type)
                .containsExactly(SessionDescription.Type.OFFER);
        assertThat(pair.viewer.descriptions())
                .extracting(SessionDescription::type)
                .containsExactly(SessionDescription.Type.ANSWER);
        for (LinkRecorder end : List.of(pair.publisher, pair.viewer)) {
            assertThat(end.states()).containsExactly(LinkState.CONNECTING, LinkState.CONNECTED);
            assertThat(end.count("channelOpened")).isEqualTo(1);
            assertThat(end.failures()).isEmpty();
        }
    }

    @Test
    void a_description_is_told_before_its_candidates_and_a_candidate_is_never_empty() throws Exception {
        Pair pair = new Pair().connect();
        for (LinkRecorder end : List.of(pair.publisher, pair.viewer)) {
            assertThat(end.calls().get(0)).isIn("localDescription", "CONNECTING");
            assertThat(end.calls().indexOf("localDescription"))
                    .isLessThan(end.calls().indexOf("localCandidates"));
            assertThat(end.candidates()).isNotEmpty().allMatch(c -> c.candidate()
                    .startsWith("candidate:"));
        }
    }

    @Test
    void a_description_names_the_certificate() throws Exception {
        Pair pair = new Pair().connect();
        List<String> publisher = fingerprints(pair.publisher.descriptions().get(0));
        List<String> viewer = fingerprints(pair.viewer.descriptions().get(0));
        assertThat(publisher).isNotEmpty().doesNotContainAnyElementsOf(viewer);
        assertThat(viewer).isNotEmpty();
    }

    @Test
    void candidates_that_come_before_the_description_are_kept() throws Exception {
        Pair pair = new Pair();
        pair.publisher.link().offer(false);
        await("candidates", () -> !pair.publisher.candidates().isEmpty());
        pair.publisher.candidates().forEach(pair.viewer.link()::add);
        pair.viewer.link().accept(pair.publisher.descriptions().get(0));
        await("candidates", () -> !pair.viewer.candidates().isEmpty());
        pair.viewer.candidates().forEach(pair.publisher.link()::add);
        pair.publisher.link().accept(pair.viewer.descriptions().get(0));
        awaitConnected(pair.publisher, pair.viewer);
    }

    @Test
    void a_flood_of_candidates_before_the_description_does_no_harm() throws Exception {
        Pair pair = new Pair();
        for (int i = 0; i < 2_000; i++) {
            String line = "candidate:1 1 udp 1 192.0.2.1 " + (1024 + i) + " typ host";
            pair.viewer.link().add(new IceCandidate(line, "0", 0));
        }
        pair.connect();
    }

    @Test
    void the_standing_connection_can_be_negotiated_again_with_the_same_certificate() throws Exception {
        Pair pair = new Pair().connect();
        for (boolean iceRestart : new boolean[] {false, true}) {
            int before = pair.publisher.descriptions().size();
            pair.publisher.link().offer(iceRestart);
            // Handed over, not only told: an offer before the answer to the previous one was accepted would be another
            // matter.
            await("an answer", () -> pair.viewer.handedOver() == before + 1);
        }
        roundTrip(pair.publisher, pair.viewer);
        for (LinkRecorder end : List.of(pair.publisher, pair.viewer)) {
            assertThat(end.descriptions()).hasSize(3);
            assertThat(end.descriptions().stream()
                            .map(MediaTransportContract::fingerprints)
                            .distinct())
                    .hasSize(1);
            assertThat(end.failures()).isEmpty();
            assertThat(end.connected()).isTrue();
            assertThat(end.count("channelOpened")).isEqualTo(1);
        }
    }

    // ---- bad input

    @Test
    void a_bad_description_is_reported_and_the_link_lives_on() throws Exception {
        Pair pair = new Pair();
        pair.viewer.link().accept(new SessionDescription(SessionDescription.Type.OFFER, "this is no SDP"));
        await("a failure", () -> pair.viewer.failures().equals(List.of(Operation.ACCEPT)));
        pair.connect();
    }

    @Test
    void a_bad_candidate_does_no_harm() throws Exception {
        Pair pair = new Pair();
        for (String line : List.of("", " ", "candidate:", "candidate:1 1 udp", "nonsense", "candidate:\u0000\n\r")) {
            pair.viewer.link().add(new IceCandidate(line, "0", 0));
            pair.viewer.link().add(new IceCandidate(line, "no such section", -7));
        }
        pair.connect();
        assertThat(pair.viewer.failures()).allMatch(Operation.ADD_CANDIDATE::equals);
    }

    @Test
    void each_end_takes_its_own_kind_of_description_only() throws Exception {
        Pair pair = new Pair();
        pair.viewer.link().offer(false);
        await("a failure", () -> pair.viewer.failures().equals(List.of(Operation.OFFER)));
        pair.publisher.link().offer(false);
        await("an offer", () -> !pair.publisher.descriptions().isEmpty());
        SessionDescription offer = pair.publisher.descriptions().get(0);
        pair.publisher.link().accept(offer);
        await("a failure", () -> pair.publisher.failures().equals(List.of(Operation.ACCEPT)));
        pair.viewer.link().accept(new SessionDescription(SessionDescription.Type.ANSWER, offer.sdp()));
        await("a failure", () -> pair.viewer.failures().equals(List.of(Operation.OFFER, Operation.ACCEPT)));
    }

    // ---- media

    @Test
    void not_one_packet_leaves_before_the_release() throws Exception {
        Pair pair = new Pair().connect();
        for (int i = 0; i < 20; i++) {
            roundTrip(pair.publisher, pair.viewer);
        }
        LinkStats sent = stats(pair.publisher);
        assertThat(sent.packetsSent()).isZero();
        assertThat(sent.bytesSent()).isZero();
        assertThat(sent.framesSent()).isZero();
        LinkStats received = stats(pair.viewer);
        assertThat(received.packetsReceived()).isZero();
        assertThat(received.framesReceived()).isZero();
        assertThat(pair.viewer.count("mediaStarted")).isZero();
        assertThat(pair.viewer.pictures() + pair.viewer.sounds()).isZero();
    }

    @Test
    void after_the_release_pictures_and_sound_arrive_without_another_negotiation() throws Exception {
        Pair pair = new Pair().connect();
        pair.publisher.link().releaseMedia();
        pair.publisher.link().releaseMedia();
        await("media", () -> pair.viewer.pictures() > 2 && pair.viewer.sounds() > 2);
        await("the start", () -> pair.viewer.count("mediaStarted") == 1);
        LinkStats sent = stats(pair.publisher);
        assertThat(sent.packetsSent()).isPositive();
        assertThat(sent.bytesSent()).isPositive();
        assertThat(sent.framesSent()).isPositive();
        LinkStats received = stats(pair.viewer);
        assertThat(received.packetsReceived()).isPositive();
        assertThat(received.framesReceived()).isPositive();
        assertThat(received.width()).isPositive();
        assertThat(received.height()).isPositive();
        assertThat(received.path()).isNotEmpty();
        assertThat(pair.publisher.descriptions()).hasSize(1);
        assertThat(pair.publisher.count("mediaStarted")).isZero();
        assertThat(pair.publisherMedia.sourceCounters().videoFrames()).isPositive();
        assertThat(pair.publisherMedia.sourceCounters().audioFrames()).isPositive();
        assertThat(pair.viewerMedia.sourceCounters()).isEqualTo(new MediaTransport.SourceCounters(0, 0, 0, 0));
    }

    @Test
    void a_release_before_the_connection_counts() throws Exception {
        Pair pair = new Pair();
        pair.publisher.link().releaseMedia();
        pair.connect();
        await("media", () -> pair.viewer.pictures() > 0);
    }

    @Test
    void media_goes_to_the_released_link_alone() throws Exception {
        Pair released = new Pair();
        LinkRecorder waiting = open(released.publisherMedia, Role.PUBLISHER);
        LinkRecorder stranger = open(viewer(), Role.VIEWER);
        join(waiting, stranger);
        waiting.link().offer(false);
        released.connect();
        awaitConnected(waiting, stranger);
        released.publisher.link().releaseMedia();
        await("media", () -> released.viewer.pictures() > 2);
        roundTrip(waiting, stranger);
        assertThat(stats(waiting).packetsSent()).isZero();
        assertThat(stats(stranger).packetsReceived()).isZero();
    }

    @Test
    void without_video_the_first_sound_starts_the_media() throws Exception {
        Pair pair = new Pair(false, true).connect();
        pair.publisher.link().releaseMedia();
        await("sound", () -> pair.viewer.sounds() > 2);
        await("the start", () -> pair.viewer.count("mediaStarted") == 1);
        assertThat(pair.viewer.pictures()).isZero();
    }

    @Test
    void what_the_receiver_does_not_want_is_counted_and_not_delivered() throws Exception {
        Pair pair = new Pair();
        pair.viewer.wantsVideo = false;
        pair.viewer.wantsAudio = false;
        pair.connect();
        pair.publisher.link().releaseMedia();
        await("the start", () -> pair.viewer.count("mediaStarted") == 1);
        // The count may be a little behind the call, so it is asked for until it is there.
        while (stats(pair.viewer).framesDropped() == 0) {
            roundTrip(pair.publisher, pair.viewer);
        }
        assertThat(pair.viewer.pictures() + pair.viewer.sounds()).isZero();
    }

    @Test
    void pictures_get_as_small_as_they_are_wanted_and_never_larger_than_their_source() throws Exception {
        Pair pair = new Pair().connect();
        pair.publisher.link().releaseMedia();
        await("media", () -> pair.viewer.pictures() > 2);
        int whole = pair.viewer.width();
        PeerLink link = pair.publisher.link();
        link.scaleVideo(50);
        await("half", () -> about(pair.viewer.width(), whole / 2));
        link.scaleVideo(1000);
        await("the whole", () -> pair.viewer.width() == whole);
        link.fitVideo(whole / 2, 16_384, false);
        await("half by its width", () -> about(pair.viewer.width(), whole / 2));
        link.fitVideo(whole / 4, 16_384, true);
        await("the whole covers what is high", () -> pair.viewer.width() == whole);
        link.fitVideo(whole / 2, 1, true);
        await("half covers what is flat", () -> about(pair.viewer.width(), whole / 2));
        link.fitVideo(16_384, 16_384, false);
        await("the whole", () -> pair.viewer.width() == whole);
        assertThat(pair.publisher.failures()).isEmpty();
        assertThat(pair.publisher.descriptions()).hasSize(1);
    }

    /** Encoders like even numbers, or multiples of four. */
    private static boolean about(int width, int wanted) {
        return Math.abs(width - wanted) <= 4;
    }

    @Test
    void a_size_that_is_wanted_before_the_release_counts_from_the_first_pictures_on() throws Exception {
        Pair pair = new Pair().connect();
        pair.publisher.link().scaleVideo(50);
        pair.publisher.link().releaseMedia();
        await("media", () -> pair.viewer.pictures() > 2);
        int half = pair.viewer.width();
        pair.publisher.link().scaleVideo(100);
        await("twice as wide", () -> about(pair.viewer.width(), 2 * half));
    }

    @Test
    void muted_sound_is_silence_and_muted_pictures_are_black_until_they_come_back() throws Exception {
        Pair pair = new Pair().connect();
        pair.publisher.link().releaseMedia();
        await("pictures", () -> pair.viewer.brightness() > 40);
        await("sound", () -> pair.viewer.loudness() > 500);
        pair.publisherMedia.muteAudio(true);
        await("silence", () -> pair.viewer.loudness() < 50);
        assertThat(pair.viewer.brightness()).isGreaterThan(40);
        pair.publisherMedia.muteVideo(true);
        await("black", () -> pair.viewer.brightness() < 24);
        // A codec lets a tone die away; unmuted it has 500 and more.
        assertThat(pair.viewer.loudness()).isLessThan(200);
        pair.publisherMedia.muteVideo(false);
        await("pictures", () -> pair.viewer.brightness() > 40);
        pair.publisherMedia.muteAudio(false);
        await("sound", () -> pair.viewer.loudness() > 500);
    }

    @Test
    void who_is_muted_before_the_start_is_muted_for_whoever_comes() throws Exception {
        MediaTransport media = publishing();
        media.muteAudio(true);
        media.muteVideo(true);
        transports.add(media);
        media.prepare(Role.PUBLISHER, new MediaNeeds(true, true, ""));
        MediaTransport viewing = viewer();
        viewing.muteAudio(true);
        LinkRecorder publisher = open(media, Role.PUBLISHER);
        LinkRecorder viewer = open(viewing, Role.VIEWER);
        join(publisher, viewer);
        publisher.link().offer(false);
        awaitConnected(publisher, viewer);
        publisher.link().releaseMedia();
        await("media", () -> viewer.pictures() > 5 && viewer.sounds() > 5);
        assertThat(viewer.brightest()).isLessThan(24);
        assertThat(viewer.loudest()).isLessThan(50);
    }

    @Test
    void another_source_takes_over_unless_nothing_is_published_or_it_is_over() throws Exception {
        MediaTransport media = publishing();
        transports.add(media);
        assertThat(refusal(media.switchAudio(AudioSources.custom()))).isEqualTo(SourceException.Reason.NOT_PUBLISHED);
        media.prepare(Role.PUBLISHER, new MediaNeeds(true, false, ""));
        media.switchVideo(VideoSources.custom()).toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertThat(refusal(media.switchAudio(AudioSources.custom()))).isEqualTo(SourceException.Reason.NOT_PUBLISHED);
        media.close();
        assertThat(refusal(media.switchVideo(VideoSources.custom()))).isEqualTo(SourceException.Reason.SESSION_CLOSED);
    }

    private static SourceException.Reason refusal(CompletionStage<Void> stage) throws Exception {
        try {
            stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
            throw new AssertionError("it was not refused");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SourceException refused) {
                return refused.reason();
            }
            throw new AssertionError("it failed in another way", e);
        }
    }

    @Test
    void wishes_that_make_no_sense_for_an_end_are_harmless() throws Exception {
        Pair pair = new Pair();
        for (int round = 0; round < 2; round++) {
            for (LinkRecorder end : List.of(pair.publisher, pair.viewer)) {
                PeerLink link = end.link();
                link.requestKeyFrame();
                for (int kbps : new int[] {Integer.MIN_VALUE, -1, 0, 1, 300, Integer.MAX_VALUE}) {
                    link.limitVideo(kbps);
                    link.limitAudio(kbps);
                    link.scaleVideo(kbps);
                    link.fitVideo(kbps, kbps, kbps > 0);
                }
            }
            pair.viewer.link().releaseMedia();
            if (round == 0) {
                pair.connect();
            }
        }
        roundTrip(pair.publisher, pair.viewer);
        assertThat(pair.publisher.failures()).isEmpty();
        assertThat(pair.viewer.failures()).isEmpty();
    }

    // ---- text

    private static List<String> numbered(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> i + " é€😀".repeat(i % 17))
                .toList();
    }

    @Test
    void text_arrives_whole_and_in_order_both_ways() throws Exception {
        Pair pair = new Pair().connect();
        List<String> texts = numbered(200);
        for (String text : texts) {
            pair.publisher.link().send(text);
            pair.viewer.link().send(text);
        }
        await("texts", () -> pair.viewer.texts().size() == texts.size());
        await("texts", () -> pair.publisher.texts().size() == texts.size());
        assertThat(pair.viewer.texts()).isEqualTo(texts);
        assertThat(pair.publisher.texts()).isEqualTo(texts);
    }

    private CompletableFuture<Void> send(LinkRecorder end, String text) {
        CompletableFuture<Void> sent = end.link().send(text).toCompletableFuture();
        var unused = sent.whenComplete((some, none) -> {
            synchronized (changes) {
                changes.notifyAll();
            }
        });
        return sent;
    }

    private void awaitSent(CompletableFuture<Void> sent) throws InterruptedException {
        await("that it left", sent::isDone);
        assertThat(sent).isCompleted();
    }

    private void awaitFailed(CompletableFuture<Void> sent, SendException.Reason reason) throws InterruptedException {
        await("a failure", sent::isDone);
        Throwable why = sent.handle((some, thrown) -> thrown).join();
        Throwable cause = why instanceof CompletionException ? why.getCause() : why;
        assertThat(cause).isInstanceOfSatisfying(SendException.class, e -> assertThat(e.reason())
                .isEqualTo(reason));
    }

    @Test
    void text_is_kept_until_the_channel_is_open_and_what_is_too_much_fails() throws Exception {
        Pair pair = new Pair();
        List<String> texts = numbered(256);
        List<CompletableFuture<Void>> sent =
                texts.stream().map(text -> send(pair.publisher, text)).toList();
        awaitFailed(send(pair.publisher, "too many"), SendException.Reason.TOO_MUCH_WAITING);
        assertThat(sent).noneMatch(CompletableFuture::isDone);
        pair.connect();
        await("texts", () -> pair.viewer.texts().size() == texts.size());
        assertThat(pair.viewer.texts()).isEqualTo(texts);
        for (CompletableFuture<Void> each : sent) {
            awaitSent(each);
        }
    }

    @Test
    void a_text_above_the_limit_fails_and_does_not_harm_the_channel() throws Exception {
        Pair pair = new Pair().connect();
        String largest = "é".repeat(MOST_BYTES / 2);
        awaitFailed(send(pair.publisher, largest + "x"), SendException.Reason.TOO_BIG);
        awaitSent(send(pair.publisher, largest));
        awaitSent(send(pair.publisher, "small"));
        await("texts", () -> pair.viewer.texts().size() == 2);
        assertThat(pair.viewer.texts().get(0)).isEqualTo(largest);
        assertThat(pair.viewer.texts().get(1)).isEqualTo("small");
        assertThat(pair.publisher.failures()).isEmpty();
    }

    @Test
    void texts_leave_in_the_order_in_which_they_were_sent() throws Exception {
        Pair pair = new Pair().connect();
        List<Integer> left = Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            CompletableFuture<Void> each = send(pair.publisher, number + " " + "x".repeat(100 * number));
            sent.add(each.thenRun(() -> left.add(number)));
        }
        await("all texts", () -> pair.viewer.texts().size() == sent.size());
        for (CompletableFuture<Void> each : sent) {
            awaitSent(each);
        }
        assertThat(left).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void what_has_not_left_when_the_link_closes_fails_and_so_does_what_is_sent_later() throws Exception {
        Pair pair = new Pair();
        CompletableFuture<Void> waiting = send(pair.publisher, "waits for a channel");
        pair.publisher.close();
        awaitFailed(waiting, SendException.Reason.PEER_GONE);
        await("closed", () -> pair.publisher.count("closed") == 1);
        awaitFailed(send(pair.publisher, "late"), SendException.Reason.PEER_GONE);
    }

    @Test
    void what_is_sent_to_somebody_who_has_left_fails() throws Exception {
        Pair pair = new Pair().connect();
        pair.viewer.close();
        await("channel closed", () -> pair.publisher.count("channelClosed") == 1);
        awaitFailed(send(pair.publisher, "to nobody"), SendException.Reason.PEER_GONE);
    }

    // ---- channels beside it

    private SideChannel opened(LinkRecorder end, String label, ChannelRecorder hears) throws InterruptedException {
        CompletableFuture<SideChannel> channel = opening(end, label, hears);
        await("a channel", channel::isDone);
        return channel.join();
    }

    private CompletableFuture<SideChannel> opening(LinkRecorder end, String label, ChannelRecorder hears) {
        return watched(end.link().openChannel(label, hears));
    }

    /** So that a test that waits sees its end. */
    private <T> CompletableFuture<T> watched(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        var unused = future.whenComplete((some, none) -> {
            synchronized (changes) {
                changes.notifyAll();
            }
        });
        return future;
    }

    private void awaitNotOpened(CompletableFuture<SideChannel> channel, SendException.Reason reason)
            throws InterruptedException {
        awaitFailed(watched(channel.thenAccept(some -> {})), reason);
    }

    /** Two ends of one more channel, which is what most tests of them begin with. */
    private final class Aside {
        final ChannelRecorder atMaker = new ChannelRecorder(changes);
        final ChannelRecorder atOther = new ChannelRecorder(changes);
        final SideChannel maker;
        final SideChannel other;

        Aside(LinkRecorder maker, LinkRecorder other, String label) throws InterruptedException {
            other.expects = atOther;
            int before = other.offered().size();
            this.maker = opened(maker, label, atMaker);
            await("an offered channel", () -> other.offered().size() > before);
            this.other = other.offered().get(before);
            assertThat(this.other.label()).isEqualTo(label);
        }
    }

    @Test
    void either_end_can_open_a_channel_on_which_text_and_bytes_arrive_exactly_and_in_order_both_ways()
            throws Exception {
        Pair pair = new Pair().connect();
        for (boolean publisherOpens : new boolean[] {true, false}) {
            Aside aside = publisherOpens
                    ? new Aside(pair.publisher, pair.viewer, "one é")
                    : new Aside(pair.viewer, pair.publisher, "two");
            List<String> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                byte[] bytes = new byte[i * 37];
                Arrays.fill(bytes, (byte) i);
                aside.maker.send(bytes);
                aside.other.send("é" + i);
                aside.maker.send("é" + i);
                aside.other.send(bytes);
                all.add("binary " + new String(bytes, StandardCharsets.ISO_8859_1));
            }
            await("all messages", () -> aside.atMaker.heard().size() == 200);
            await("all messages", () -> aside.atOther.heard().size() == 200);
            for (int i = 0; i < 100; i++) {
                assertThat(aside.atOther.heard().subList(2 * i, 2 * i + 2)).containsExactly(all.get(i), "é" + i);
                assertThat(aside.atMaker.heard().subList(2 * i, 2 * i + 2)).containsExactly("é" + i, all.get(i));
            }
        }
        assertThat(pair.viewer.texts()).isEmpty();
        assertThat(pair.viewer.count("channelOpened")).isEqualTo(1);
        roundTrip(pair.publisher, pair.viewer);
    }

    @Test
    void a_channel_that_nobody_expects_is_closed_and_the_link_lives_on() throws Exception {
        Pair pair = new Pair().connect();
        ChannelRecorder hears = new ChannelRecorder(changes);
        CompletableFuture<SideChannel> channel = opening(pair.viewer, "unasked", hears);
        await("the end", () -> channel.isCompletedExceptionally() || hears.endings() == 1);
        assertThat(pair.publisher.offered()).hasSize(1);
        assertThat(hears.heard()).isEmpty();
        roundTrip(pair.publisher, pair.viewer);
        assertThat(pair.publisher.count("channelClosed")).isZero();
    }

    @Test
    void sixteen_channels_are_there_at_a_time_and_the_next_one_can_be_opened_when_one_is_closed() throws Exception {
        Pair pair = new Pair().connect();
        List<Aside> open = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            open.add(new Aside(pair.publisher, pair.viewer, "n" + i));
        }
        ChannelRecorder hears = new ChannelRecorder(changes);
        awaitNotOpened(opening(pair.publisher, "one too many", hears), SendException.Reason.TOO_MUCH_WAITING);
        open.get(0).maker.close();
        await(
                "the end",
                () -> open.get(0).atMaker.endings() == 1 && open.get(0).atOther.endings() == 1);
        new Aside(pair.publisher, pair.viewer, "the next one");
        roundTrip(pair.publisher, pair.viewer);
    }

    @Test
    void what_has_left_arrives_before_the_channel_closes_and_each_end_is_told_once() throws Exception {
        Pair pair = new Pair().connect();
        for (int round = 0; round < 5; round++) {
            Aside aside = new Aside(pair.publisher, pair.viewer, "round" + round);
            CompletableFuture<Void> last = null;
            for (int i = 0; i < 20; i++) {
                last = watched(aside.maker.send(new byte[16 * 1024]));
            }
            awaitSent(Objects.requireNonNull(last));
            aside.maker.close();
            await("the end", () -> aside.atMaker.endings() == 1 && aside.atOther.endings() == 1);
            assertThat(aside.atOther.heard()).hasSize(20);
            awaitFailed(watched(aside.other.send("late")), SendException.Reason.PEER_GONE);
            awaitFailed(watched(aside.maker.send("late")), SendException.Reason.PEER_GONE);
            aside.maker.close();
        }
        roundTrip(pair.publisher, pair.viewer);
    }

    @Test
    void a_channel_that_is_closed_before_all_of_it_has_left_ends_at_both_ends_behind_what_arrives() throws Exception {
        Pair pair = new Pair().connect();
        for (int round = 0; round < 5; round++) {
            Aside aside = new Aside(pair.publisher, pair.viewer, "round" + round);
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                byte[] bytes = new byte[16 * 1024];
                Arrays.fill(bytes, (byte) i);
                aside.maker.send(bytes);
                sent.add("binary " + new String(bytes, StandardCharsets.ISO_8859_1));
            }
            aside.maker.close();
            await("the end", () -> aside.atMaker.endings() == 1 && aside.atOther.endings() == 1);
            List<String> heard = aside.atOther.heard();
            assertThat(heard.equals(sent.subList(0, heard.size())))
                    .as("the first %s of what was sent", heard.size())
                    .isTrue();
        }
        roundTrip(pair.publisher, pair.viewer);
    }

    @Test
    void channels_end_with_their_link_and_none_can_be_opened_before_and_after_it() throws Exception {
        Pair pair = new Pair();
        ChannelRecorder hears = new ChannelRecorder(changes);
        awaitNotOpened(opening(pair.publisher, "early", hears), SendException.Reason.PEER_GONE);
        pair.connect();
        Aside aside = new Aside(pair.publisher, pair.viewer, "one");
        pair.viewer.close();
        await("the end", () -> aside.atMaker.endings() == 1 && aside.atOther.endings() == 1);
        await("closed", () -> pair.viewer.count("closed") == 1);
        awaitNotOpened(opening(pair.viewer, "late", hears), SendException.Reason.PEER_GONE);
        await("channel closed", () -> pair.publisher.count("channelClosed") == 1);
        awaitNotOpened(opening(pair.publisher, "late", hears), SendException.Reason.PEER_GONE);
        assertThat(hears.heard()).isEmpty();
    }

    // ---- the end

    @Test
    void when_one_end_closes_the_other_hears_its_channel_close() throws Exception {
        Pair pair = new Pair().connect();
        pair.viewer.close();
        await("channel closed", () -> pair.publisher.count("channelClosed") == 1);
        await("closed", () -> pair.viewer.count("closed") == 1);
        assertThat(pair.viewer.count("channelClosed")).isZero();
        assertThat(pair.publisher.count("closed")).isZero();
        assertThat(stats(pair.publisher).packetsSent()).isZero();
    }

    @Test
    void after_close_every_method_does_nothing() throws Exception {
        Pair pair = new Pair().connect();
        pair.publisher.link().releaseMedia();
        await("media", () -> pair.viewer.pictures() > 0);
        for (LinkRecorder end : List.of(pair.publisher, pair.viewer)) {
            end.close();
            everyMethod(end.link());
            await("closed", () -> end.count("closed") == 1);
            everyMethod(end.link());
            CompletableFuture<LinkStats> stats = figures(end);
            await("figures", stats::isDone);
            assertThat(stats).isCompletedExceptionally();
        }
    }

    private static void everyMethod(PeerLink link) {
        link.offer(false);
        link.offer(true);
        for (SessionDescription.Type type : SessionDescription.Type.values()) {
            link.accept(new SessionDescription(type, "v=0"));
        }
        link.add(new IceCandidate("candidate:1 1 udp 1 192.0.2.1 9 typ host", "0", 0));
        link.releaseMedia();
        link.send("late");
        link.send("x".repeat(MOST_BYTES + 1));
        link.requestKeyFrame();
        link.limitVideo(100);
        link.limitAudio(100);
        link.close();
    }

    @Test
    void a_link_can_be_closed_at_once() throws Exception {
        Pair pair = new Pair();
        pair.publisher.link().offer(false);
        pair.publisher.close();
        pair.viewer.close();
        await("closed", () -> pair.publisher.count("closed") == 1 && pair.viewer.count("closed") == 1);
        assertThat(pair.viewer.calls()).containsExactly("closed");
    }

    @Test
    void a_link_can_be_closed_while_it_tells_something() throws Exception {
        Pair pair = new Pair();
        pair.viewer.onChannelOpened = pair.viewer::close;
        pair.offer();
        await("closed", () -> pair.viewer.count("closed") == 1);
    }

    @Test
    void figures_that_were_asked_for_come_or_fail_when_the_link_is_closed() throws Exception {
        Pair pair = new Pair().connect();
        List<CompletableFuture<LinkStats>> asked = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            asked.add(figures(pair.publisher));
        }
        pair.publisher.close();
        await("figures", () -> asked.stream().allMatch(CompletableFuture::isDone));
    }

    @Test
    void closing_the_transport_closes_its_links() throws Exception {
        Pair pair = new Pair().connect();
        LinkRecorder fresh = open(pair.publisherMedia, Role.PUBLISHER);
        pair.publisherMedia.close();
        pair.publisherMedia.close();
        await("closed", () -> pair.publisher.count("closed") == 1 && fresh.count("closed") == 1);
        await("channel closed", () -> pair.viewer.count("channelClosed") == 1);
        pair.publisher.link().close();
    }

    @Test
    void the_transport_can_be_closed_on_any_thread_and_unprepared() throws Exception {
        Pair pair = new Pair().connect();
        Thread other = new Thread(pair.publisherMedia::close, "closes the transport");
        other.start();
        other.join(TimeUnit.SECONDS.toMillis(patienceSeconds()));
        assertThat(other.isAlive()).isFalse();
        await("closed", () -> pair.publisher.count("closed") == 1);
        MediaTransport unused = publishing();
        unused.close();
        unused.close();
    }

    @Test
    void a_link_that_is_opened_too_late_says_so() throws Exception {
        MediaTransport media = viewer();
        media.close();
        LinkRecorder late = open(media, Role.VIEWER);
        await("a failure", () -> late.failures().equals(List.of(Operation.CREATE)));
    }
}
