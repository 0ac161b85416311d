package dev.drawbridge;

import dev.drawbridge.internal.machine.Input;
import dev.drawbridge.internal.machine.PublisherMachine;
import dev.drawbridge.internal.machine.PublisherRules;
import dev.drawbridge.internal.machine.Recipient;
import dev.drawbridge.internal.runtime.SessionCore;
import dev.drawbridge.internal.runtime.SessionSetup;
import dev.drawbridge.media.AudioSource;
import dev.drawbridge.media.VideoSource;
import dev.drawbridge.spi.LinkSettings.Role;
import dev.drawbridge.spi.MediaReceiver;
import dev.drawbridge.spi.MediaTransport;
import dev.drawbridge.spi.MediaTransport.MediaNeeds;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publishes one stream to whoever has the link and the password.
 *
 * <pre>{@code
 * try (Publisher publisher = Publisher.start(SessionOptions.parse("?push=camera1&secure&wss=ws://127.0.0.1:8080"))) {
 *   publisher.on(ViewerJoined.class, e -> System.out.println(e.viewer() + " is watching"));
 *   CloseReason why = publisher.awaitClosed();
 * }
 * }</pre>
 *
 * <p>With {@code &secure} the first viewer who is connected is the only one ever: the publisher leaves the handshake server and
 * the session ends with that viewer ({@code docs/secure-mode.md}).
 */
public final class Publisher extends Session {
    private final SessionOptions options;
    private final AuditLog audit;

    private Publisher(SessionCore<?> core, SessionSetup setup, SessionOptions options, AuditLog audit) {
        super(core, setup);
        this.options = options;
        this.audit = audit;
    }

    /**
     * Starts with the media transport on the class path and returns once the stream is announced. <b>Blocking:</b> until
     * then, at most about 15 s; in a room of a hosted server about 20 s, because up to 5 s are spent on waiting for its listing.
     *
     * @throws SessionException if the session could not start; its code and message say what to do
     * @throws OptionsException if the options lack {@code push}, or say {@code prompt}, which needs a {@link Builder#approval}
     */
    public static Publisher start(SessionOptions options) throws SessionException {
        return builder(options).start();
    }

    /**
     * Like {@link #start(SessionOptions)} with an explicit media transport, which the session closes at its end.
     *
     * @throws SessionException if the session could not start
     * @throws OptionsException if the options lack {@code push}
     */
    public static Publisher start(SessionOptions options, MediaTransport media) throws SessionException {
        return builder(options).media(media).start();
    }

    /** For everything beyond options and media. */
    public static Builder builder(SessionOptions options) {
        return new Builder(options);
    }

    /** The id under which the stream is published. */
    public StreamId streamId() {
        return options.push().orElseThrow();
    }

    /**
     * The link that a viewer opens, on a page at this address. Contains the password: hand it to the viewer only.
     *
     * @throws OptionsException if it is not an {@code http} or {@code https} address
     */
    public URI viewLink(URI page) {
        return options.viewLink(page);
    }

    /**
     * Ends one viewer's connection; told by {@link SessionEvent.ViewerLeft}. In secure mode this ends the session. Returns at once;
     * does nothing for somebody who is gone.
     */
    public void disconnect(ViewerId viewer) {
        post(new Input.DisconnectAsked(viewer.number()));
    }

    /**
     * Sends a text to one viewer alone; otherwise like {@link #send(String)}. The stage fails with {@code NO_SUCH_PEER} if it is not watching, or is of another session, and with
     * {@code PEER_GONE} if it goes away before the data has left for sure.
     */
    public CompletionStage<Void> send(ViewerId viewer, String text) {
        return text(new Recipient.OneViewer(viewer), text).thenAccept(sent -> {});
    }

    /**
     * Like {@link #sendJson(String)}, to one viewer alone, and fails like {@link #send(ViewerId, String)}.
     *
     * @throws IllegalArgumentException if it is no JSON, more than one value or nested deeper
     */
    public CompletionStage<Void> sendJson(ViewerId viewer, String json) {
        return json(new Recipient.OneViewer(viewer), json).thenAccept(sent -> {});
    }

    /**
     * Like {@link #send(byte[])}, to one viewer alone, and fails like {@link #send(ViewerId, String)}.
     */
    public CompletionStage<Void> send(ViewerId viewer, byte[] bytes) {
        return bytes(new Recipient.OneViewer(viewer), bytes).thenAccept(sent -> {});
    }

    /**
     * Like {@link #chat(String)}, to one viewer alone, and fails like {@link #send(ViewerId, String)}.
     *
     * @throws IllegalArgumentException if there is nothing to see in it
     */
    public CompletionStage<Void> chat(ViewerId viewer, String text) {
        return chat(new Recipient.OneViewer(viewer), text).thenAccept(sent -> {});
    }

    /**
     * Sends silence instead of the sound from now on, or not any more, and tells every viewer, those who come later too. It takes effect
     * within some milliseconds. The source goes on: a program that wants the microphone's light off has to stop its own source. Does
     * nothing after close.
     */
    public void setAudioMuted(boolean muted) {
        core().muteAudio(muted);
    }

    /** Sends black pictures instead of the own ones; otherwise like {@link #setAudioMuted}. */
    public void setVideoMuted(boolean muted) {
        core().muteVideo(muted);
    }

    /**
     * Takes the pictures from another source from now on, of whatever size; over the connections that stand, without any negotiation, so also
     * after the seal. The source before is stopped and can be used again. What is muted stays so.
     *
     * @return completes when the new source has started; until then, and if that fails, the one before goes on. Fails with a {@link
     *     SourceException}: {@code NOT_STARTED}, also after 10 s, {@code NOT_PUBLISHED} if the session was started without pictures, {@code
     *     BUSY} while an earlier call is under way, {@code SESSION_CLOSED}. Completes on a thread of its own
     */
    public CompletionStage<Void> switchVideo(VideoSource source) {
        return media().switchVideo(source);
    }

    /** Takes the sound from another source from now on; otherwise like {@link #switchVideo}. */
    public CompletionStage<Void> switchAudio(AudioSource source) {
        return media().switchAudio(source);
    }

    /**
     * Bounds what one viewer gets from now on: bitrate, frame rate and size, without a new negotiation; {@link Adjustment#NONE} takes the
     * bounds back. May be called from {@link SessionEvent.ViewerRequested} on, so that the first picture is already within them. Returns
     * at once; a size changes twice a second at most. Does nothing for somebody who is gone, and after close.
     */
    public void adjust(ViewerId viewer, Adjustment bounds) {
        core().adjust(viewer.number(), Objects.requireNonNull(bounds, "bounds"));
    }

    /** Who asked, who was let in and how it ended, in lines that show whether one was changed later. */
    public AuditLog audit() {
        return audit;
    }

    /** Pictures and blocks of sound captured so far, and those dropped because a queue was full. */
    public MediaTransport.SourceCounters sourceCounters() {
        return counters();
    }

    /** Builds one publisher. Not thread-safe. */
    public static final class Builder extends SessionBuilder<Builder> {
        private @Nullable ViewerApproval approval;
        private @Nullable RemoteControl control;

        private Builder(SessionOptions options) {
            super(options);
        }

        @Override
        Builder self() {
            return this;
        }

        /** Decides on each viewer; needed when the options say {@code &prompt}. */
        public Builder approval(ViewerApproval decision) {
            approval = decision;
            return this;
        }

        /** Decides on what viewers ask for that is a director's business; without one, all of it is refused. */
        public Builder remoteControl(RemoteControl policy) {
            control = policy;
            return this;
        }

        /**
         * Starts; see {@link Publisher#start(SessionOptions)}.
         *
         * @throws SessionException if the session could not start
         * @throws OptionsException if the options lack {@code push}, or say {@code prompt} and there is no {@link #approval}
         */
        public Publisher start() throws SessionException {
            StreamId stream = options.push()
                    .orElseThrow(() -> new OptionsException("push", "no stream to publish is named", "push=name"));
            SecurityPolicy security = options.security();
            boolean ask = security.approval() == SecurityPolicy.Approval.ASK;
            if (ask && approval == null) {
                throw new OptionsException(
                        "prompt", "nobody decides about viewers", "a ViewerApproval for Publisher.builder(options)");
            }
            SessionSetup setup = setup(
                    Role.PUBLISHER,
                    Optional.ofNullable(approval),
                    Optional.ofNullable(control),
                    none -> MediaReceiver.NONE);
            PublisherRules rules = new PublisherRules(
                    stream,
                    options.endpoint().dialect(),
                    security.sealing(),
                    security.viewerLimit().orElse(Integer.MAX_VALUE),
                    ask,
                    !options.password().disabled(),
                    security.encryptionFor(options.password()) == SecurityPolicy.Encryption.REQUIRE,
                    options.room().isPresent(),
                    setup.needsRelay(),
                    options.label().orElse(""),
                    setup.letters(PublisherRules.PREFIX));
            AuditLog audit = new AuditLog();
            setup.events().recordWith(audit::record);
            Publisher publisher =
                    new Publisher(new SessionCore<>(new PublisherMachine(rules), setup), setup, options, audit);
            // Before anything else, so before anybody could hear or see something.
            if (options.audioMuted()) {
                publisher.setAudioMuted(true);
            }
            if (options.videoMuted()) {
                publisher.setVideoMuted(true);
            }
            publisher.begin(
                    Role.PUBLISHER,
                    new MediaNeeds(
                            options.video(),
                            options.audio(),
                            options.videoDevice().orElse(""),
                            options.audioDevice().orElse(""),
                            options.screen(),
                            options.codecs(),
                            options.encoding()));
            return publisher;
        }
    }
}
