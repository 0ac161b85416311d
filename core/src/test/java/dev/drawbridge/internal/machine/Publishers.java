package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Samples.answer;
import static dev.drawbridge.internal.machine.Samples.asks;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.says;

import dev.drawbridge.spi.SessionDescription;

/** A publisher brought to where a test begins. */
final class Publishers {
    private Publishers() {}

    static Driver<PublisherState> announced(PublisherRules rules) {
        return new Driver<>(new PublisherMachine(rules)).take(new Input.Start(), opened(1));
    }

    /** Somebody asks and our offer is on its way; says which link that is. */
    static int offered(Driver<PublisherState> publisher, String peer) {
        publisher.take(asks(1, peer));
        int link = links(publisher);
        publisher.take(described(link, SessionDescription.Type.OFFER));
        return link;
    }

    static int answered(Driver<PublisherState> publisher, String peer) {
        int link = offered(publisher, peer);
        publisher.take(says(1, peer, answer(link, peer)));
        return link;
    }

    static int joined(Driver<PublisherState> publisher, String peer) {
        int link = answered(publisher, peer);
        publisher.take(connected(link));
        return link;
    }

    /** Link 1 is the one viewer and the socket is gone. */
    static Driver<PublisherState> sealed() {
        Driver<PublisherState> publisher = announced(Samples.secure());
        joined(publisher, "anna");
        return publisher.take(gone(1));
    }

    static int links(Driver<PublisherState> publisher) {
        return ((PublisherState.Open) publisher.state()).links();
    }
}
