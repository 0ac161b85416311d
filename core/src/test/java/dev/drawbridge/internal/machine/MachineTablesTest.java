package dev.drawbridge.internal.machine;

import static dev.drawbridge.internal.machine.Publishers.announced;
import static dev.drawbridge.internal.machine.Publishers.answered;
import static dev.drawbridge.internal.machine.Publishers.joined;
import static dev.drawbridge.internal.machine.Publishers.offered;
import static dev.drawbridge.internal.machine.Samples.STREAM;
import static dev.drawbridge.internal.machine.Samples.asking;
import static dev.drawbridge.internal.machine.Samples.asks;
import static dev.drawbridge.internal.machine.Samples.certificate;
import static dev.drawbridge.internal.machine.Samples.changed;
import static dev.drawbridge.internal.machine.Samples.connected;
import static dev.drawbridge.internal.machine.Samples.described;
import static dev.drawbridge.internal.machine.Samples.gone;
import static dev.drawbridge.internal.machine.Samples.heard;
import static dev.drawbridge.internal.machine.Samples.offer;
import static dev.drawbridge.internal.machine.Samples.open;
import static dev.drawbridge.internal.machine.Samples.opened;
import static dev.drawbridge.internal.machine.Samples.request;
import static dev.drawbridge.internal.machine.Samples.room;
import static dev.drawbridge.internal.machine.Samples.says;
import static dev.drawbridge.internal.machine.Samples.secure;
import static dev.drawbridge.internal.machine.Samples.viewer;
import static dev.drawbridge.internal.machine.Samples.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.Dialect;
import dev.drawbridge.internal.machine.MachineTable.Case;
import dev.drawbridge.internal.wire.Message;
import dev.drawbridge.spi.LinkState;
import dev.drawbridge.spi.SessionDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes both machines down as tables and compares those with the checked-in ones. */
class MachineTablesTest {
    private static final String UPDATE = "./mvnw -pl core test -Dtest=MachineTablesTest -Ddrawbridge.update=true";
    private static final Timer RECONNECT = Timer.of(Timer.Kind.RECONNECT);

    private static final String READING = """

            The file is generated; a test compares it with the code. After a change of the machine: `%s`.

            **Reading the tables.** Each section is one representative state and what every kind of input leads to. A state is its phase and,
            in brackets, what tells it apart; `=` means that it stays as it is. Orders (effects) are in small letters and events, which the
            program hears, in CamelCase, both in the order in which they are carried out. `tell 1 Bye` is said on the data channel of link 1,
            `signal anna Offer` to anna over the server, `signal Seed` to the server itself. `stop` calls a running timer off. Inputs are named
            after who they come from. What a state does not care about is listed under "Ignored".

            The diagram shows the changes of phase. `CloseAsked` and `EffectFailed` are left out: they lead to `CLOSING` from every phase.

            """.formatted(UPDATE);

    // ---- publisher

    private static Case<PublisherState> publisher(String about, Supplier<Driver<PublisherState>> s) {
        return new Case<>(about, s);
    }

    private static List<Case<PublisherState>> publisherCases() {
        return List.of(
                publisher("nothing has happened", () -> new Driver<>(new PublisherMachine(secure()))),
                publisher("the first dial", () -> new Driver<>(new PublisherMachine(secure())).take(new Input.Start())),
                publisher("in a hosted room, the listing is awaited", () -> announced(room(secure(), Dialect.HOSTED))),
                publisher("nobody has asked yet", () -> announced(secure())),
                publisher("the id was taken once", () -> announced(secure())
                        .take(Samples.server(1, new Message.StreamIdTaken()))),
                publisher("the id was taken three times", MachineTablesTest::takenThrice),
                publisher("the server is lost", () -> announced(secure()).take(gone(1))),
                publisher(
                        "the server is dialled again",
                        () -> announced(secure()).take(gone(1)).fire(RECONNECT)),
                publisher("secure, anna has asked and the offer is being made", () -> announced(secure())
                        .take(asks(1, "anna"))),
                publisher("secure, anna was sent the offer", () -> {
                    Driver<PublisherState> publisher = announced(secure());
                    offered(publisher, "anna");
                    return publisher;
                }),
                publisher("secure, anna was sent the offer three seconds ago", () -> {
                    Driver<PublisherState> publisher = announced(secure());
                    offered(publisher, "anna");
                    return publisher.pass(Times.ASK);
                }),
                publisher("secure, anna and bert have answered", MachineTablesTest::twoAnswered),
                publisher("secure, anna and bert have answered and the server is lost", () -> twoAnswered()
                        .take(gone(1))),
                publisher("secure with approval, anna is connected and the program was asked", () -> {
                    Driver<PublisherState> publisher = announced(asking(secure()));
                    joined(publisher, "anna");
                    return publisher.take(heard(1, request("anna")));
                }),
                publisher("not secure, anna has answered", () -> {
                    Driver<PublisherState> publisher = announced(open(2));
                    answered(publisher, "anna");
                    return publisher;
                }),
                publisher("not secure, anna watches, bert has answered", MachineTablesTest::serving),
                publisher("not secure, anna is interrupted", () -> serving().take(changed(1, LinkState.DISCONNECTED))),
                publisher("anna is in, the socket is told to go", () -> {
                    Driver<PublisherState> publisher = announced(secure());
                    joined(publisher, "anna");
                    return publisher;
                }),
                publisher("anna is in, the socket is gone", Publishers::sealed),
                publisher("anna is away for a moment", () -> Publishers.sealed()
                        .take(changed(1, LinkState.DISCONNECTED))),
                publisher("everything was told to go", () -> announced(secure()).take(new Input.CloseAsked())),
                publisher("the socket is gone", () -> announced(secure()).take(new Input.CloseAsked(), gone(1))),
                publisher("the end", () -> announced(secure())
                        .take(new Input.CloseAsked(), new Input.MediaGone(), gone(1))));
    }

    private static Driver<PublisherState> takenThrice() {
        Input taken = Samples.server(1, new Message.StreamIdTaken());
        return announced(secure()).take(taken, taken, taken);
    }

    private static Driver<PublisherState> twoAnswered() {
        Driver<PublisherState> publisher = announced(secure());
        answered(publisher, "anna");
        answered(publisher, "bert");
        return publisher;
    }

    private static Driver<PublisherState> serving() {
        Driver<PublisherState> publisher = announced(open(2));
        joined(publisher, "anna");
        answered(publisher, "bert");
        return publisher;
    }

    private static MachineTable<PublisherState> publisherTable() {
        return new MachineTable<>(publisherCases(), Sample.forPublisher(), Views::of);
    }

    @Test
    void the_publishers_table_is_up_to_date() throws IOException {
        String intro = """
                # The publisher, state by state

                What `PublisherMachine` does, with and without [secure mode](secure-mode.md). Link 1 is anna's, link 2 bert's; carl and link 99
                are strangers. In secure mode the way is down the diagram only: from `SEALING` on there is no server and no second viewer.
                """;
        MachineTable<PublisherState> table = publisherTable();
        compare("publisher-machine.md", intro + READING + table.diagram() + table.sections());
    }

    @Test
    void the_publishers_table_has_every_phase_and_every_kind_of_input() {
        assertThat(phases(publisherCases())).isEqualTo(names(PublisherState.Phase.values()));
        everyKindOfInput(Sample.forPublisher());
    }

    @Test
    void a_publisher_can_be_closed_from_everywhere() {
        closesFromEverywhere(publisherCases(), Sample.forPublisher());
    }

    // ---- viewer

    private static Case<ViewerState> watcher(String about, Supplier<Driver<ViewerState>> reached) {
        return new Case<>(about, reached);
    }

    private static Driver<ViewerState> wanting() {
        return new Driver<>(new ViewerMachine(viewer(STREAM))).take(new Input.Start(), opened(1));
    }

    private static Driver<ViewerState> negotiating() {
        return wanting().take(says(1, "pub", offer("s1", certificate("pub"))));
    }

    private static Driver<ViewerState> watching() {
        return negotiating()
                .take(described(1, SessionDescription.Type.ANSWER), connected(1), new Input.ChannelOpened(1));
    }

    private static Driver<ViewerState> inRoom() {
        return new Driver<>(new ViewerMachine(whole(room(viewer(), Dialect.CUSTOM), 1)))
                .take(new Input.Start(), opened(1), says(1, "pub", offer("s1", certificate("pub"))))
                .take(described(1, SessionDescription.Type.ANSWER), connected(1), new Input.ChannelOpened(1));
    }

    private static List<Case<ViewerState>> viewerCases() {
        Input sealed = heard(1, new Message.PublisherInfo("cam", true));
        Input away = changed(1, LinkState.DISCONNECTED);
        return List.of(
                watcher("nothing has happened", () -> new Driver<>(new ViewerMachine(viewer(STREAM)))),
                watcher("the first dial", () -> new Driver<>(new ViewerMachine(viewer(STREAM)))
                        .take(new Input.Start())),
                watcher("in a hosted room, the listing is awaited", () -> new Driver<>(
                                new ViewerMachine(room(viewer(STREAM), Dialect.HOSTED)))
                        .take(new Input.Start(), opened(1))),
                watcher("the whole of a hosted room is watched, and nobody is there", () -> new Driver<>(
                                new ViewerMachine(whole(room(viewer(), Dialect.HOSTED), 2)))
                        .take(new Input.Start(), opened(1), Samples.server(1, Samples.listing()))),
                watcher("the whole of a custom room is watched, and pub's stream plays", MachineTablesTest::inRoom),
                watcher("the stream was asked for", MachineTablesTest::wanting),
                watcher("the stream was lost and will be asked for", () -> watching()
                        .take(new Input.ChannelClosed(1))),
                watcher("the server is lost", () -> wanting().take(gone(1))),
                watcher(
                        "the server is dialled again",
                        () -> wanting().take(gone(1)).fire(RECONNECT)),
                watcher("pub has offered", MachineTablesTest::negotiating),
                watcher("the stream plays", MachineTablesTest::watching),
                watcher("the stream plays and its publisher is sealed", () -> watching()
                        .take(sealed)),
                watcher("the stream is interrupted", () -> watching().take(away)),
                watcher("the stream is interrupted and its publisher is sealed", () -> watching()
                        .take(sealed, away)),
                watcher("everything was told to go", () -> wanting().take(new Input.CloseAsked())),
                watcher("the socket is gone", () -> wanting().take(new Input.CloseAsked(), gone(1))),
                watcher("the end", () -> wanting().take(new Input.CloseAsked(), new Input.MediaGone(), gone(1))));
    }

    @Test
    void the_viewers_table_is_up_to_date() throws IOException {
        String intro = """
                # The viewer, state by state

                What `ViewerMachine` does. It wants the one stream camera1, whose publisher is pub and whose first link is number 1; eve is a
                stranger. With several streams each goes its own way, and the phase is that of the one that is furthest. In the two rooms nothing is
                named: camera1 is watched because pub publishes it there.
                """;
        MachineTable<ViewerState> table = new MachineTable<>(viewerCases(), Sample.forViewer(), Views::of);
        compare("viewer-machine.md", intro + READING + table.diagram() + table.sections());
    }

    @Test
    void the_viewers_table_has_every_phase_and_every_kind_of_input() {
        assertThat(phases(viewerCases())).isEqualTo(names(ViewerState.Phase.values()));
        everyKindOfInput(Sample.forViewer());
    }

    @Test
    void a_viewer_can_be_closed_from_everywhere() {
        closesFromEverywhere(viewerCases(), Sample.forViewer());
    }

    // ---- both

    private static void compare(String file, String generated) throws IOException {
        Path checkedIn = Path.of("..", "docs", file);
        if (Boolean.getBoolean("drawbridge.update")) {
            Files.writeString(checkedIn, generated);
        }
        String text = Files.exists(checkedIn) ? Files.readString(checkedIn) : "";
        assertThat(text)
                .as("docs/%s does not tell what the machine does. If the change is meant: %s", file, UPDATE)
                .isEqualTo(generated);
    }

    private static void everyKindOfInput(List<Sample> samples) {
        List<Input> inputs = samples.stream().map(Sample::input).toList();
        assertThat(kinds(inputs.stream()))
                .as("samples in class Sample, by kind of input")
                .isEqualTo(leaves(Input.class));
        assertThat(kinds(of(inputs, Input.SignalReceived.class, Input.SignalReceived::message)))
                .as("messages over the server")
                .isEqualTo(leaves(Message.class));
        assertThat(kinds(of(inputs, Input.ChannelReceived.class, Input.ChannelReceived::message)))
                .as("messages over the channel")
                .isEqualTo(leaves(Message.class));
        assertThat(of(inputs, Input.TimerFired.class, fired -> fired.timer().kind()))
                .as("timers")
                .containsOnly(Timer.Kind.values());
        assertThat(samples.stream().map(Sample::toString)).as("names").doesNotHaveDuplicates();
    }

    private static <I, T> Stream<T> of(List<Input> inputs, Class<I> kind, Function<I, T> part) {
        return inputs.stream().filter(kind::isInstance).map(kind::cast).map(part);
    }

    private static Set<String> kinds(Stream<?> values) {
        return values.map(value -> value.getClass().getSimpleName()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The records below a sealed interface. */
    private static Set<String> leaves(Class<?> kind) {
        if (!kind.isSealed()) {
            return Set.of(kind.getSimpleName());
        }
        Set<String> names = new TreeSet<>();
        for (Class<?> permitted : kind.getPermittedSubclasses()) {
            names.addAll(leaves(permitted));
        }
        return names;
    }

    private static <S> Set<String> phases(List<Case<S>> cases) {
        return cases.stream().map(each -> each.reached().get().phase()).collect(Collectors.toSet());
    }

    private static Set<String> names(Enum<?>[] values) {
        return Stream.of(values).map(Enum::name).collect(Collectors.toCollection(HashSet::new));
    }

    private static <S> void closesFromEverywhere(List<Case<S>> cases, List<Sample> samples) {
        for (Case<S> each : cases) {
            for (Sample sample : samples) {
                Driver<S> driver = each.reached().get();
                boolean idle = driver.phase().equals("IDLE") && sample.input() instanceof Input.EffectFailed;
                boolean ending = driver.phase().startsWith("CLOS");
                if (MachineTable.alwaysCloses(sample) && !idle && !ending) {
                    assertThat(driver.take(sample.input()).phase())
                            .as("%s after %s", each.about(), sample)
                            .isEqualTo("CLOSING");
                }
            }
        }
    }
}
