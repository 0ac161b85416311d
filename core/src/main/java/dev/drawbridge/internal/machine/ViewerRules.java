package dev.drawbridge.internal.machine;

import dev.drawbridge.Dialect;
import dev.drawbridge.Encoding.Degrade;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.wire.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a viewer's machine has to know of its options.
 *
 * @param streams what to watch
 * @param once never ask again for a stream that ended (the viewer's own {@code &secure})
 * @param encrypts we have a password; answers are encrypted when the offer was
 * @param requireEncryption unencrypted offers are dropped
 * @param room whether a room is joined before asking
 * @param relay only relays lead anywhere
 * @param scene the scene of the room that this viewer is
 * @param videoKbps what to ask every publisher for
 * @param audioKbps likewise
 * @param size how large its pictures are to be
 * @param retry the slowest step of the ladder without an offer
 * @param retryTimeout the first step after a loss
 * @param following what is watched beside {@code streams}
 * @param files whether the program takes files
 * @param pictures of which streams, and how long the first one may take
 * @param degrade what is to suffer first at a publisher
 */
public record ViewerRules(
        List<StreamId> streams,
        Dialect dialect,
        boolean once,
        boolean encrypts,
        boolean requireEncryption,
        boolean room,
        boolean relay,
        boolean video,
        boolean audio,
        String label,
        Optional<String> scene,
        OptionalInt videoKbps,
        OptionalInt audioKbps,
        Optional<Message.SizeRequest> size,
        Duration retry,
        Duration retryTimeout,
        Following following,
        boolean files,
        Pictures pictures,
        Optional<Degrade> degrade) {

    /** Patient as usual, and without a preference. */
    public ViewerRules(
            List<StreamId> streams,
            Dialect dialect,
            boolean once,
            boolean encrypts,
            boolean requireEncryption,
            boolean room,
            boolean relay,
            boolean video,
            boolean audio,
            String label,
            Optional<String> scene,
            OptionalInt videoKbps,
            OptionalInt audioKbps,
            Optional<Message.SizeRequest> size,
            Duration retry,
            Duration retryTimeout,
            Following following,
            boolean files) {
        this(
                streams,
                dialect,
                once,
                encrypts,
                requireEncryption,
                room,
                relay,
                video,
                audio,
                label,
                scene,
                videoKbps,
                audioKbps,
                size,
                retry,
                retryTimeout,
                following,
                files,
                Pictures.USUAL,
                Optional.empty());
    }
}
