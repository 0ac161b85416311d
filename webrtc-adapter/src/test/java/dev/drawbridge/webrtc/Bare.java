package dev.drawbridge.webrtc;

import dev.drawbridge.media.VideoFrame;
import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCRtpEncodingParameters;
import dev.onvoid.webrtc.RTCRtpSendParameters;
import dev.onvoid.webrtc.RTCRtpTransceiver;
import dev.onvoid.webrtc.RTCRtpTransceiverDirection;
import dev.onvoid.webrtc.RTCRtpTransceiverInit;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.MediaType;
import dev.onvoid.webrtc.media.audio.AudioDeviceModule;
import dev.onvoid.webrtc.media.audio.AudioLayer;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoTrack;
import dev.onvoid.webrtc.media.video.VideoTrackSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a program does that uses webrtc-java alone: one factory, one source, a connection for each viewer, whole descriptions that
 * somebody carries. It asks for the same codec and the same bitrates as Drawbridge does, and has no part of Drawbridge under it but
 * those two settings. Nothing is ever disposed: such a program has its process for itself.
 */
final class Bare {
    private static final long PATIENCE_SECONDS = 20;

    private Bare() {}

    /** Sends to as many viewers as there are offers. */
    static final class Publisher {
        private final PeerConnectionFactory factory =
                new PeerConnectionFactory(new AudioDeviceModule(AudioLayer.kDummyAudio));
        private final CustomVideoSource source = new CustomVideoSource();
        private final VideoTrack track = factory.createVideoTrack("picture", source);
        private final List<Connection> viewers = new ArrayList<>();
        private final String codec;
        private final int kbps;

        Publisher(String codec, int kbps) {
            this.codec = codec;
            this.kbps = kbps;
        }

        void push(VideoFrame picture) {
            NativeI420Buffer buffer = NativeI420Buffer.allocate(picture.width(), picture.height());
            buffer.getDataY().put(picture.y());
            buffer.getDataU().put(picture.u());
            buffer.getDataV().put(picture.v());
            source.pushFrame(new dev.onvoid.webrtc.media.video.VideoFrame(buffer, picture.timestampNanos()));
            buffer.release();
        }

        /** For one more viewer, with all candidates in it. */
        String offer() throws Exception {
            Connection viewer = new Connection(factory);
            viewers.add(viewer);
            RTCRtpTransceiverInit init = new RTCRtpTransceiverInit();
            init.direction = RTCRtpTransceiverDirection.SEND_ONLY;
            init.streamIds = List.of("stream");
            RTCRtpTransceiver line = viewer.connection.addTransceiver(track, init);
            Codecs.prefer(line, factory.getRtpSenderCapabilities(MediaType.VIDEO), List.of(codec));
            RTCRtpSendParameters parameters = line.getSender().getParameters();
            for (RTCRtpEncodingParameters encoding : parameters.encodings) {
                encoding.maxBitrate = kbps * 1000;
            }
            line.getSender().setParameters(parameters);
            return viewer.local(made -> viewer.connection.createOffer(new RTCOfferOptions(), made));
        }

        /** Of the viewer of the newest offer. */
        void answer(String sdp) throws Exception {
            Connection viewer = viewers.get(viewers.size() - 1);
            viewer.remote(RTCSdpType.ANSWER, StartBitrate.into(sdp, kbps));
        }
    }

    /** As many viewers as it got offers. */
    static final class Viewers {
        private final PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
        /** Who is not held on to is collected, and its connection with it. */
        private final List<Connection> connections = new ArrayList<>();

        /** @param sink gives every picture back */
        String answer(String offer, VideoTrackSink sink) throws Exception {
            Connection publisher = new Connection(factory);
            connections.add(publisher);
            publisher.remote(RTCSdpType.OFFER, offer);
            RTCRtpTransceiver line = publisher.connection.getTransceivers()[0];
            line.setDirection(RTCRtpTransceiverDirection.RECV_ONLY);
            String answer = publisher.local(made -> publisher.connection.createAnswer(new RTCAnswerOptions(), made));
            ((VideoTrack) line.getReceiver().getTrack()).addSink(sink);
            return answer;
        }
    }

    private static final class Connection implements PeerConnectionObserver {
        private final CompletableFuture<Void> gathered = new CompletableFuture<>();
        private final RTCPeerConnection connection;

        Connection(PeerConnectionFactory factory) {
            connection = factory.createPeerConnection(new RTCConfiguration(), this);
        }

        @Override
        public void onIceCandidate(RTCIceCandidate candidate) {
            // It is in the description, too.
        }

        @Override
        public void onIceGatheringChange(RTCIceGatheringState state) {
            if (state == RTCIceGatheringState.COMPLETE) {
                gathered.complete(null);
            }
        }

        String local(Consumer<CreateSessionDescriptionObserver> make) throws Exception {
            Outcome made = new Outcome();
            make.accept(made);
            Outcome set = new Outcome();
            connection.setLocalDescription(made.get(), set);
            set.get();
            gathered.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return connection.getLocalDescription().sdp;
        }

        void remote(RTCSdpType type, String sdp) throws Exception {
            Outcome set = new Outcome();
            connection.setRemoteDescription(new RTCSessionDescription(type, sdp), set);
            set.get();
        }
    }

    private static final class Outcome implements CreateSessionDescriptionObserver, SetSessionDescriptionObserver {
        private final CompletableFuture<RTCSessionDescription> result = new CompletableFuture<>();

        RTCSessionDescription get() throws Exception {
            return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public void onSuccess(RTCSessionDescription description) {
            result.complete(description);
        }

        @Override
        public void onSuccess() {
            result.complete(null);
        }

        @Override
        public void onFailure(String error) {
            result.completeExceptionally(new IllegalStateException(error));
        }
    }
}
