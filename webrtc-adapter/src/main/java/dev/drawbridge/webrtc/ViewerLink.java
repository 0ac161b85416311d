package dev.drawbridge.webrtc;

import dev.drawbridge.SessionException;
import dev.drawbridge.spi.LinkSettings;
import dev.drawbridge.spi.PeerLinkListener;
import dev.drawbridge.spi.PeerLinkListener.Operation;
import dev.drawbridge.spi.SessionDescription;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import dev.onvoid.webrtc.media.MediaType;
import dev.onvoid.webrtc.media.audio.AudioTrack;
import dev.onvoid.webrtc.media.video.VideoTrack;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The receiving end: answers every offer, receives what was asked for and never sends. */
final class ViewerLink extends Link {
    private static final Logger LOG = LoggerFactory.getLogger(ViewerLink.class);

    private final ReceivedMedia received;
    private final List<VideoTrack> videoTracks = new ArrayList<>();
    private final List<AudioTrack> audioTracks = new ArrayList<>();

    ViewerLink(LinkSettings settings, PeerLinkListener listener, Consumer<Link> onClosed) {
        super(settings, listener, onClosed);
        received = new ReceivedMedia(settings.receiver(), this);
    }

    @Override
    void created(RTCPeerConnection fresh) {
        // Lines and the channel come with the offer.
    }

    @Override
    SessionDescription.Type takes() {
        return SessionDescription.Type.OFFER;
    }

    @Override
    void applyRemote(RTCPeerConnection at, SessionDescription remote) {
        // An offer can end lines, and their tracks with them: no sink may hang on such a track.
        removeSinks();
        Optional<String> unplayable = unplayable(remote.sdp());
        // The library makes no answer at all to an offer that it is to take nothing of, so it gets one that offers
        // nothing there.
        String offer = unplayable.isPresent() ? VideoLines.refused(remote.sdp()) : remote.sdp();
        at.setRemoteDescription(
                new RTCSessionDescription(RTCSdpType.OFFER, offer),
                new Applied(
                        this,
                        () -> {
                            remoteDescriptionApplied();
                            answer(at, unplayable);
                        },
                        detail -> {
                            addSinks(at);
                            negotiationFailed(Operation.ACCEPT, detail);
                        }));
    }

    @Override
    void rehearse() {
        negotiate(
                Operation.ACCEPT,
                at -> at.setRemoteDescription(
                        new RTCSessionDescription(RTCSdpType.OFFER, Rehearsal.OFFER),
                        new Applied(
                                this,
                                () -> makeAnswer(at, answer -> close()),
                                detail -> negotiationFailed(Operation.ACCEPT, detail))));
    }

    /** The codecs of both sides, if pictures are offered and wanted and none of the codecs is in both. */
    private Optional<String> unplayable(String offer) {
        Set<String> offered = settings.video() ? VideoLines.codecs(offer) : Set.of();
        Set<String> taken = offered.isEmpty() ? Set.of() : taken();
        return offered.isEmpty() || !Collections.disjoint(offered, taken)
                ? Optional.empty()
                : Optional.of("offered were " + String.join(", ", offered) + "; taken are " + String.join(", ", taken));
    }

    private void answer(RTCPeerConnection at, Optional<String> unplayable) {
        makeAnswer(
                at,
                answer -> applyLocal(at, saying(answer), Operation.ACCEPT, () -> {
                    addSinks(at);
                    // After the answer, by which the publisher learns it, too.
                    unplayable.ifPresent(codecs -> failed(Operation.CODEC, codecs));
                    negotiated();
                }));
    }

    private Set<String> taken() {
        try {
            Set<String> able = Codecs.pictures(Factories.view().getRtpReceiverCapabilities(MediaType.VIDEO));
            if (!settings.encoding().onlyCodecs()) {
                return able;
            }
            Set<String> named = new LinkedHashSet<>(settings.codecs());
            named.retainAll(able);
            return named;
        } catch (SessionException impossible) { // this link has a connection of that factory
            throw new IllegalStateException(impossible);
        }
    }

    /** Two channels are sent to who asks for them, and decoded by who has. */
    private RTCSessionDescription saying(RTCSessionDescription answer) {
        return settings.encoding().stereo().receives()
                ? new RTCSessionDescription(answer.sdpType, OpusLine.with(answer.sdp, "stereo=1"))
                : answer;
    }

    private void makeAnswer(RTCPeerConnection at, Consumer<RTCSessionDescription> then) {
        try {
            for (RTCRtpTransceiver line : at.getTransceivers()) {
                direct(line);
            }
            at.createAnswer(new RTCAnswerOptions(), new Created(this, Operation.ACCEPT, then));
        } catch (Throwable e) {
            negotiationFailed(Operation.ACCEPT, e);
        }
    }

    private void direct(RTCRtpTransceiver line) throws Exception {
        // Not even a look at a stopped line: the library aborts the process.
        if (line.stopped()) {
            return;
        }
        boolean isVideo = isVideo(line);
        boolean wanted = isVideo ? settings.video() : settings.audio();
        RTCRtpTransceiverDirection direction =
                wanted ? RTCRtpTransceiverDirection.RECV_ONLY : RTCRtpTransceiverDirection.INACTIVE;
        if (line.getDirection() != direction) {
            line.setDirection(direction);
        }
        if (!wanted) {
            return;
        }
        if (!isVideo) {
            Codecs.prefer(line, Factories.view().getRtpReceiverCapabilities(MediaType.AUDIO), audioCodecs(settings));
        } else if (settings.encoding().onlyCodecs()) {
            Codecs.only(line, Factories.view().getRtpReceiverCapabilities(MediaType.VIDEO), settings.codecs());
        } else {
            Codecs.prefer(line, Factories.view().getRtpReceiverCapabilities(MediaType.VIDEO), settings.codecs());
        }
    }

    private static boolean isVideo(RTCRtpTransceiver line) {
        return MediaStreamTrack.VIDEO_TRACK_KIND.equals(
                line.getReceiver().getTrack().getKind());
    }

    private void addSinks(RTCPeerConnection at) {
        for (RTCRtpTransceiver line : at.getTransceivers()) {
            if (line.stopped() || line.getCurrentDirection() != RTCRtpTransceiverDirection.RECV_ONLY) {
                continue;
            }
            MediaStreamTrack track = line.getReceiver().getTrack();
            if (track instanceof VideoTrack picture) {
                picture.addSink(received);
                videoTracks.add(picture);
            } else if (track instanceof AudioTrack sound) {
                sound.addSink(received);
                audioTracks.add(sound);
            }
        }
        received.videoExpected(!videoTracks.isEmpty());
    }

    private void removeSinks() {
        try {
            videoTracks.forEach(track -> track.removeSink(received));
            audioTracks.forEach(track -> track.removeSink(received));
        } catch (Throwable e) {
            LOG.debug("a sink could not be removed", e);
        }
        videoTracks.clear();
        audioTracks.clear();
    }

    @Override
    long skipped() {
        return received.skipped();
    }

    @Override
    void beforeClose(RTCPeerConnection open) {
        removeSinks();
    }

    @Override
    public void offer(boolean iceRestart) {
        NativeThread.post(() -> failed(Operation.OFFER, "a viewer does not make offers"));
    }

    @Override
    public void releaseMedia() {
        // A viewer sends no media.
    }

    @Override
    public void requestKeyFrame() {
        // Its own encoder is meant, and a viewer has none.
    }

    @Override
    public void limitVideo(int kbps) {
        // Likewise.
    }

    @Override
    public void limitAudio(int kbps) {
        // Likewise.
    }

    @Override
    public void scaleVideo(int percent) {
        // Likewise.
    }

    @Override
    public void fitVideo(int width, int height, boolean cover) {
        // Likewise.
    }
}
