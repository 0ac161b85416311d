package dev.drawbridge.internal.machine;

import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.internal.wire.Message.Candidates.Side;
import dev.drawbridge.spi.IceCandidate;
import dev.drawbridge.spi.SessionDescription;
import java.util.List;
import java.util.Optional;

/** What a publisher says to one link's peer and what it takes from it. Pure. */
final class PublisherTalk {
    private final PublisherRules rules;

    PublisherTalk(PublisherRules rules) {
        this.rules = rules;
    }

    Message offer(int link, String sdp) {
        return new Message.Offer(Optional.of(rules.stream()), session(link), sdp, rules.encrypts());
    }

    Message candidates(int link, List<IceCandidate> list) {
        return new Message.Candidates(Side.PUBLISHER, session(link), list, rules.encrypts());
    }

    /** Whether an answer is for this link and encrypted as the policy demands. DTLS protects what comes over a channel. */
    boolean acceptable(int link, Message.Answer answer, boolean overServer, Effects out) {
        return !foreign(answer.session(), link) && !plaintext(overServer, answer.encrypted(), out);
    }

    void accept(int link, Message.Answer answer, Effects out) {
        SessionDescription description = new SessionDescription(SessionDescription.Type.ANSWER, answer.sdp());
        out.add(new Effect.AcceptDescription(link, description));
    }

    void candidates(int link, Message.Candidates found, boolean overServer, Effects out) {
        if (found.producedBy() == Side.VIEWER
                && !foreign(found.session(), link)
                && !plaintext(overServer, found.encrypted(), out)) {
            out.add(new Effect.AddCandidates(link, found.list()));
        }
    }

    private Optional<String> session(int link) {
        return Optional.of(rules.session(link));
    }

    /** A session that is named must be ours; some peers name none. */
    private boolean foreign(Optional<String> session, int link) {
        return session.isPresent() && !session.equals(session(link));
    }

    private boolean plaintext(boolean overServer, boolean encrypted, Effects out) {
        if (!overServer || encrypted || !rules.requireEncryption()) {
            return false;
        }
        Reports.unencrypted(out);
        return true;
    }
}
