package dev.drawbridge.internal.machine;

import dev.drawbridge.RemoteControl;
import dev.drawbridge.SendException;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.StreamId;
import dev.drawbridge.ViewerApproval;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.PeerId;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.SessionDescription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An order, carried out by {@code EffectRunner} in the order of the list after the new state is settled. */
public sealed interface Effect {

    // ---- the handshake server

    record OpenSocket(int generation) implements Effect {}

    record SendSignal(int generation, Optional<PeerId> to, Message message) implements Effect {}

    /** From here on nothing is sent to or taken from this socket. */
    record CloseSocket(int generation) implements Effect {}

    /** Ends this socket if nothing can come through it any more, because this machine's address has changed. */
    record CheckSocket(int generation) implements Effect {}

    // ---- peer connections

    /**
     * Makes a peer connection.
     *
     * @param stream the stream that a viewer's link will carry; empty at a publisher
     */
    record OpenLink(int link, Optional<StreamId> stream) implements Effect {}

    record MakeOffer(int link, boolean iceRestart) implements Effect {}

    record AcceptDescription(int link, SessionDescription description) implements Effect {}

    record AddCandidates(int link, List<IceCandidate> candidates) implements Effect {}

    record ReleaseMedia(int link) implements Effect {}

    record SendChannel(int link, Message message) implements Effect {}

    /**
     * Queues data of the program, on each link behind what is queued there. Each link answers with {@code DataSettled}, unless it is
     * closed.
     *
     * @param links may be none where nobody is there to be told
     */
    record SendData(long number, List<Integer> links, Message.Data data) implements Effect {}

    /** Nothing is sent. */
    record RefuseData(long number, SendException.Reason reason) implements Effect {}

    record RequestKeyFrame(int link) implements Effect {}

    record LimitVideo(int link, int kbps) implements Effect {}

    record LimitAudio(int link, int kbps) implements Effect {}

    /** The newest ceiling of a viewer; negative: none. */
    record CapVideo(int link, int kbps) implements Effect {}

    /** Likewise; 0 or negative: none. */
    record CapAudio(int link, int kbps) implements Effect {}

    /** How large the pictures are to be; the newest of this and {@link FitVideo} counts. */
    record ScaleVideo(int link, int percent) implements Effect {}

    record FitVideo(int link, int width, int height, boolean cover) implements Effect {}

    /** Tells the peer the connection's figures. */
    record AnswerStats(int link) implements Effect {}

    record CloseLink(int link) implements Effect {}

    /** The peer of this link wants to be told of files, those that are there and those to come. */
    record FilesWanted(int link) implements Effect {}

    /** Something that an admitted peer says about files. */
    record FileHeard(int link, Message.OfFiles message) implements Effect {}

    /** Closes every link and source; answered by {@code MediaGone}. */
    record CloseMedia() implements Effect {}

    // ---- time

    /**
     * Starts or restarts a timer.
     *
     * @param jitter lengthen the delay by up to a fifth by chance, so that clients of a restarted server do not return in step
     */
    record StartTimer(Timer timer, Duration delay, boolean jitter) implements Effect {}

    record CancelTimer(Timer timer) implements Effect {}

    // ---- the program

    record Emit(SessionEvent event) implements Effect {}

    /** Asks the program; answered by {@code Decided}. */
    record AskApproval(int link, ViewerApproval.Request request) implements Effect {}

    /** Asks the program whether a viewer may; answered by {@code ControlDecided}. */
    record AskControl(int link, RemoteControl.Request request) implements Effect {}

    /** The last effect of a session. */
    record Finish() implements Effect {}
}
