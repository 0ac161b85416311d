package dev.drawbridge.internal.runtime;

import dev.drawbridge.SessionEvent;
import dev.drawbridge.SessionStats;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * The story of sessions in JDK Flight Recorder: what the log has at INFO and DEBUG, and the figures whenever somebody asks for them. As
 * little told as there: no stream id, no address. Costs a look at a flag while nobody records, and nothing where the runtime has no
 * recorder.
 */
final class FlightRecording {
    /** A runtime may have been made without this module. */
    private static final boolean THERE =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightRecording() {}

    static void told(String session, SessionEvent event) {
        if (THERE && FlightRecorder.isInitialized()) {
            Told told = new Told();
            if (told.isEnabled()) {
                told.session = session;
                told.kind = event.getClass().getSimpleName();
                told.text = EventText.of(event);
                told.commit();
            }
        }
    }

    static void figures(String session, SessionStats stats) {
        if (THERE && FlightRecorder.isInitialized()) {
            Figures figures = new Figures();
            if (figures.isEnabled()) {
                figures.session = session;
                figures.connections = stats.links().size();
                figures.framesSent = stats.framesSent();
                figures.framesReceived = stats.framesReceived();
                figures.packetsSent = stats.packetsSent();
                figures.packetsLost = stats.packetsLost();
                figures.bitrateKbps = stats.bitrateKbps();
                figures.roundTripMicros =
                        stats.roundTrip().map(time -> time.toNanos() / 1000).orElse(-1L);
                figures.path = stats.path();
                figures.commit();
            }
        }
    }

    @Name("dev.drawbridge.SessionEvent")
    @Label("Session Event")
    @Category("Drawbridge")
    @Description("One event of a session, as its log has it")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the recorder reads the fields
    private static final class Told extends Event {
        @Label("Session")
        String session = "";

        @Label("Kind")
        String kind = "";

        @Label("Text")
        String text = "";
    }

    @Name("dev.drawbridge.SessionStats")
    @Label("Session Statistics")
    @Category("Drawbridge")
    @Description("The figures of a session, whenever its program asks for them")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the recorder reads the fields
    private static final class Figures extends Event {
        @Label("Session")
        String session = "";

        @Label("Connections")
        int connections;

        @Label("Pictures Sent")
        long framesSent;

        @Label("Pictures Received")
        long framesReceived;

        @Label("Packets Sent")
        long packetsSent;

        @Label("Packets Lost")
        long packetsLost;

        @Label("Bitrate in kbit/s")
        long bitrateKbps;

        @Label("Round Trip in Microseconds")
        @Description("-1 while it is not measured")
        long roundTripMicros;

        @Label("Path")
        String path = "";
    }
}
