package dev.drawbridge.webrtc;

import dev.drawbridge.Encoding;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SessionDescription;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCRtpCapabilities;
import dev.onvoid.webrtc.RTCRtpEncodingParameters;
import dev.onvoid.webrtc.RTCRtpSendParameters;
import dev.onvoid.webrtc.RTCRtpSender;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import dev.onvoid.webrtc.media.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sending end: media is negotiated in the first offer and withheld until {@link #releaseMedia}. */
final class PublisherLink extends Link {
    private static final Logger LOG = LoggerFactory.getLogger(PublisherLink.class);
    private static final int START_KBPS = 2500;
    /** Key frames are long; of the requests of half a second one is enough. */
    private static final long KEY_FRAME_NANOS = 500_000_000;

    /** Each change of the size costs a key frame, too. */
    private static final long RESIZE_NANOS = 500_000_000;

    private static final int MIN_KBPS = 30;
    private static final int MAX_KBPS = 1_000_000;
    private static final int MIN_AUDIO_KBPS = 6;
    private static final int MAX_AUDIO_KBPS = 510;
    private static final int NO_WISH = -1;

    private final OwnMedia media;

    @Nullable
    RTCRtpTransceiver video;

    @Nullable
    RTCRtpTransceiver audio;

    private final Newest<Integer> videoWish = new Newest<>();
    private final Newest<Integer> audioWish = new Newest<>();
    private final Newest<Bound> boundWish = new Newest<>();

    private record Bound(int kbps, int framesPerSecond) {}

    private final AtomicBoolean keyFrameAsked = new AtomicBoolean();
    private long keyFrameAt = System.nanoTime() - KEY_FRAME_NANOS;
    private final AtomicBoolean resizeAsked = new AtomicBoolean();
    private final Runnable resizing = this::resizeSoon;
    private volatile Shrink size = new Shrink.Scale(100);
    private long resizedAt = System.nanoTime() - RESIZE_NANOS;
    private double divided = 1;
    /** The bounds of the options and of the program, whatever the peer wants. */
    private final Shrink most;

    private volatile Shrink bound = new Shrink.Scale(100);
    private boolean released;
    private int wishKbps = NO_WISH;
    private int boundKbps;
    private int videoKbps;
    private int audioKbps;
    private int framesPerSecond;
    /** Our own way to the shared pictures, while this link gets fewer of them than others. */
    private OwnMedia.@Nullable Branch branch;

    private String offered = "";

    PublisherLink(LinkSettings settings, PeerLinkListener listener, Consumer<Link> onClosed, OwnMedia media) {
        super(settings, listener, onClosed);
        this.media = media;
        this.videoKbps = effectiveKbps();
        Encoding encoding = settings.encoding();
        most = new Shrink.Fit(
                encoding.width().orElse(Integer.MAX_VALUE), encoding.height().orElse(Integer.MAX_VALUE), false);
        audioKbps = encoding.audioKbps().orElse(0);
    }

    /** The peer's wish, or what is usual, within every bound; 0: as the library thinks. */
    private int effectiveKbps() {
        int usual = settings.encoding().videoKbps().orElse(0);
        return lower(lower(wishKbps == NO_WISH ? usual : wishKbps, ceiling()), boundKbps);
    }

    /** Of two numbers of which 0 is none. */
    private static int lower(int one, int other) {
        return one == 0 ? other : other == 0 ? one : Math.min(one, other);
    }

    /** The application's own bound, which no peer's wish can raise; 0: none. */
    private int ceiling() {
        return settings.maxVideoKbps().isPresent()
                ? bounded(settings.maxVideoKbps().getAsInt())
                : 0;
    }

    private static int bounded(int kbps) {
        return Math.max(MIN_KBPS, Math.min(MAX_KBPS, kbps));
    }

    @Override
    void created(RTCPeerConnection fresh) throws Exception {
        String stream = UUID.randomUUID().toString();
        MediaStreamTrack picture = media.videoTrack();
        if (settings.video() && picture != null) {
            video = withheld(fresh, picture, stream);
            order(video, Factories.publish().getRtpSenderCapabilities(MediaType.VIDEO));
            limit(video, videoKbps);
            media.onResize(resizing);
            if (settings.encoding().width().isPresent()
                    || settings.encoding().height().isPresent()) {
                resizeSoon();
            }
        }
        MediaStreamTrack sound = media.audioTrack();
        if (settings.audio() && sound != null) {
            audio = withheld(fresh, sound, stream);
            Codecs.prefer(audio, Factories.publish().getRtpSenderCapabilities(MediaType.AUDIO), audioCodecs(settings));
            limit(audio, audioKbps);
        }
        channel.attach(fresh.createDataChannel(ChannelLink.LABEL, new RTCDataChannelInit()));
    }

    private void order(RTCRtpTransceiver line, RTCRtpCapabilities known) {
        if (settings.encoding().onlyCodecs()) {
            Codecs.only(line, known, settings.codecs());
        } else {
            Codecs.prefer(line, known, settings.codecs());
        }
    }

    private static RTCRtpTransceiver withheld(RTCPeerConnection in, MediaStreamTrack track, String stream) {
        RTCRtpTransceiverInit init = new RTCRtpTransceiverInit();
        init.direction = RTCRtpTransceiverDirection.SEND_ONLY;
        init.streamIds = List.of(stream);
        RTCRtpTransceiver transceiver = in.addTransceiver(track, init);
        // The line is negotiated, but nothing is encoded and no packet leaves.
        transceiver.getSender().replaceTrack(null);
        return transceiver;
    }

    @Override
    public void offer(boolean iceRestart) {
        negotiate(Operation.OFFER, at -> {
            RTCOfferOptions options = new RTCOfferOptions();
            options.iceRestart = iceRestart;
            at.createOffer(options, new Created(this, Operation.OFFER, offer -> {
                offered = offer.sdp;
                applyLocal(at, saying(offer), Operation.OFFER, this::negotiated);
            }));
        });
    }

    /** That sound comes in two channels; whether they are wanted is the peer's to say. */
    private RTCSessionDescription saying(RTCSessionDescription offer) {
        return settings.encoding().stereo().sends()
                ? new RTCSessionDescription(offer.sdpType, OpusLine.with(offer.sdp, "sprop-stereo=1"))
                : offer;
    }

    @Override
    void rehearse() {
        negotiate(
                Operation.OFFER,
                at -> at.createOffer(new RTCOfferOptions(), new Created(this, Operation.OFFER, offer -> close())));
    }

    @Override
    SessionDescription.Type takes() {
        return SessionDescription.Type.ANSWER;
    }

    @Override
    void applyRemote(RTCPeerConnection to, SessionDescription remote) {
        Optional<String> nothing = released || video == null
                ? Optional.empty()
                : VideoLines.nothingInCommon(
                        offered, remote.sdp(), settings.encoding().onlyCodecs());
        if (nothing.isPresent()) {
            failed(Operation.CODEC, nothing.get());
            negotiated();
            return;
        }
        int start = videoKbps == 0 ? START_KBPS : Math.min(START_KBPS, videoKbps);
        to.setRemoteDescription(
                new RTCSessionDescription(RTCSdpType.ANSWER, StartBitrate.into(remote.sdp(), start)),
                new Applied(
                        this,
                        () -> {
                            remoteDescriptionApplied();
                            negotiated();
                        },
                        detail -> negotiationFailed(Operation.ACCEPT, detail)));
    }

    @Override
    public void releaseMedia() {
        NativeThread.post(() -> {
            if (closing() || connection == null || released) {
                return;
            }
            released = true;
            media.receiverAdded();
            try {
                fill(video, pictures());
                fill(audio, media.audioTrack());
                repeatLatest();
            } catch (Throwable e) {
                failed(Operation.MEDIA, Details.of(e));
            }
        });
    }

    private void repeatLatest() {
        if (branch != null) {
            branch.pace().reset(); // it may be the last one of a source that stands still
        }
        media.repeatLatest();
    }

    private @Nullable MediaStreamTrack pictures() {
        return branch == null ? media.videoTrack() : branch.track();
    }

    private static void fill(@Nullable RTCRtpTransceiver line, @Nullable MediaStreamTrack track) {
        if (line != null && track != null && !line.stopped()) {
            line.getSender().replaceTrack(track);
        }
    }

    @Override
    public void requestKeyFrame() {
        if (keyFrameAsked.compareAndSet(false, true)) {
            NativeThread.post(this::keyFrame);
        }
    }

    private void keyFrame() {
        long early = keyFrameAt + KEY_FRAME_NANOS - System.nanoTime();
        if (early > 0 && !closing()) {
            var unused = NativeThread.after(early / 1_000_000 + 1, this::keyFrame);
            return;
        }
        keyFrameAsked.set(false);
        RTCRtpTransceiver line = video;
        if (closing() || connection == null || !released || line == null || line.stopped()) {
            return;
        }
        keyFrameAt = System.nanoTime();
        try {
            // A stream that starts begins with a key frame; the library offers no shorter way. Taking the track out
            // and putting it back is not enough: the encoder goes on as before.
            sending(line, false);
            sending(line, true);
            repeatLatest();
        } catch (Throwable e) {
            failed(Operation.MEDIA, Details.of(e));
        }
    }

    private static void sending(RTCRtpTransceiver line, boolean active) {
        RTCRtpSender sender = line.getSender();
        RTCRtpSendParameters parameters = sender.getParameters();
        for (RTCRtpEncodingParameters encoding : parameters.encodings) {
            encoding.active = active;
        }
        sender.setParameters(parameters);
    }

    @Override
    public void limitVideo(int kbps) {
        change(videoWish, kbps, newest -> {
            wishKbps = newest < 0 ? NO_WISH : bounded(newest);
            videoKbps = effectiveKbps();
            limit(video, videoKbps);
        });
    }

    @Override
    public void limitAudio(int kbps) {
        change(audioWish, kbps, newest -> {
            audioKbps = newest <= 0
                    ? settings.encoding().audioKbps().orElse(0)
                    : Math.max(MIN_AUDIO_KBPS, Math.min(MAX_AUDIO_KBPS, newest));
            limit(audio, audioKbps);
        });
    }

    @Override
    public void scaleVideo(int percent) {
        size = new Shrink.Scale(Math.min(percent, 100));
        resizeSoon();
    }

    @Override
    public void fitVideo(int width, int height, boolean cover) {
        size = new Shrink.Fit(width, height, cover);
        resizeSoon();
    }

    @Override
    public void boundVideo(int kbps, int percent, int perSecond) {
        bound = new Shrink.Scale(Math.min(percent, 100));
        resizeSoon();
        boundWish.post(new Bound(kbps, perSecond), newest -> {
            RTCRtpTransceiver line = video;
            if (closing() || connection == null || line == null || line.stopped()) {
                return;
            }
            try {
                boundKbps = newest.kbps() <= 0 ? 0 : bounded(newest.kbps());
                videoKbps = effectiveKbps();
                limit(line, videoKbps);
                pace(newest.framesPerSecond());
            } catch (Throwable e) {
                failed(Operation.MEDIA, Details.of(e));
            }
        });
    }

    /**
     * The library has a {@code maxFramerate} and does not keep to it, so a link that gets fewer pictures than others has a source of its
     * own, which is asked for each picture whether it takes it. Another track needs no negotiation.
     */
    private void pace(int perSecond) throws Exception {
        if (perSecond == framesPerSecond) {
            return;
        }
        framesPerSecond = perSecond;
        OwnMedia.Branch before = branch;
        branch = perSecond <= 0 ? null : media.branch(perSecond);
        if (released) {
            fill(video, pictures());
            repeatLatest();
        }
        if (before != null) {
            media.prune(before);
        }
    }

    /** Of all that is asked for until then only the newest is done. */
    private void resizeSoon() {
        if (resizeAsked.compareAndSet(false, true)) {
            NativeThread.post(this::resize);
        }
    }

    private void resize() {
        long early = resizedAt + RESIZE_NANOS - System.nanoTime();
        if (early > 0 && !closing()) {
            var unused = NativeThread.after(early / 1_000_000 + 1, this::resize);
            return;
        }
        resizeAsked.set(false);
        RTCRtpTransceiver line = video;
        OwnMedia.Size source = media.size();
        if (closing() || connection == null || line == null || line.stopped() || source == null) {
            return; // of a source without a picture so far, the first one asks again
        }
        double factor = Math.max(
                size.factor(source.width(), source.height()),
                Math.max(bound.factor(source.width(), source.height()), most.factor(source.width(), source.height())));
        if (factor == divided) {
            return;
        }
        resizedAt = System.nanoTime();
        try {
            RTCRtpSender sender = line.getSender();
            RTCRtpSendParameters parameters = sender.getParameters();
            for (RTCRtpEncodingParameters encoding : parameters.encodings) {
                encoding.scaleResolutionDownBy = factor;
            }
            sender.setParameters(parameters);
            divided = factor;
            if (released) {
                repeatLatest();
            }
        } catch (Throwable e) {
            failed(Operation.MEDIA, Details.of(e));
        }
    }

    private void change(Newest<Integer> wish, int kbps, IntConsumer step) {
        wish.post(kbps, newest -> {
            if (closing() || connection == null) {
                return;
            }
            try {
                step.accept(newest);
            } catch (Throwable e) {
                failed(Operation.MEDIA, Details.of(e));
            }
        });
    }

    /** 0: no bound. */
    private static void limit(@Nullable RTCRtpTransceiver line, int kbps) {
        if (line == null || line.stopped()) {
            return;
        }
        RTCRtpSender sender = line.getSender();
        RTCRtpSendParameters parameters = sender.getParameters();
        for (RTCRtpEncodingParameters encoding : parameters.encodings) {
            encoding.maxBitrate = kbps == 0 ? null : kbps * 1000;
        }
        sender.setParameters(parameters);
    }

    @Override
    void beforeClose(RTCPeerConnection open) {
        media.notOnResize(resizing);
        if (released) {
            media.receiverRemoved();
        }
        empty(video);
        empty(audio);
        if (branch != null) {
            media.prune(branch);
            branch = null;
        }
        video = null;
        audio = null;
    }

    /** Takes the shared track out: a closed connection is never quite freed and would hold on to it. */
    private static void empty(@Nullable RTCRtpTransceiver line) {
        if (line != null) {
            try {
                line.getSender().replaceTrack(null);
            } catch (Throwable e) {
                LOG.debug("a track could not be taken out", e);
            }
        }
    }
}
