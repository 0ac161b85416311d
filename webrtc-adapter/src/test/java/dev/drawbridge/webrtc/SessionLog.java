package dev.drawbridge.webrtc;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Every transition of every session of this process while it is open: {@code SEALING --SocketGone--> SEALED}. */
final class SessionLog implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.drawbridge.session");
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel() == Level.DEBUG) {
                lines.add(new Line(event.getThreadName(), event.getFormattedMessage()));
            }
        }
    };

    private record Line(String thread, String text) {}

    SessionLog() {
        appender.setContext(logger.getLoggerContext());
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.DEBUG);
    }

    /** What the one sealed session of this process took in after its admission, the kinds of inputs in order. */
    List<String> inputsAfterAdmission() {
        String thread = lines.stream()
                .filter(line -> line.text().endsWith("--> SEALING"))
                .map(Line::thread)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody was admitted"));
        return lines.stream()
                .filter(line -> line.thread().equals(thread))
                .map(Line::text)
                .dropWhile(text -> !text.endsWith("--> SEALING"))
                .skip(1)
                .map(text -> text.replaceAll(".*--(\\w+)-->.*", "$1"))
                .toList();
    }

    @Override
    public void close() {
        logger.setLevel(null);
        logger.detachAppender(appender);
    }
}
