package dev.drawbridge.webrtc;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/** Everything that this process says from now on, sorted by where it says it, and a search for addresses in it. For one process. */
final class Evidence {
    /** What STUN mixes into an address so that no router in between changes it. */
    private static final int MAGIC = 0x2112a442;

    private final Map<String, ByteArrayOutputStream> said = new TreeMap<>();

    /** Listens to every log at its finest. */
    Evidence() {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                String thrown =
                        event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
                add(
                        "log",
                        event.getLoggerName() + " " + event.getThreadName() + " " + event.getFormattedMessage()
                                + thrown);
            }
        };
        appender.setContext(root.getLoggerContext());
        appender.start();
        root.addAppender(appender);
        root.setLevel(Level.TRACE);
        java.util.logging.Logger jul = LogManager.getLogManager().getLogger("");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                add("log", logged.getLoggerName() + " " + logged.getMessage());
                if (logged.getThrown() != null) {
                    add("log", logged.getThrown());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        handler.setLevel(java.util.logging.Level.ALL);
        jul.addHandler(handler);
        jul.setLevel(java.util.logging.Level.ALL);
    }

    void add(String where, String text) {
        add(where, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void add(String where, Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        add(where, text.toString());
    }

    synchronized void add(String where, byte[] bytes) {
        said.computeIfAbsent(where, fresh -> new ByteArrayOutputStream()).writeBytes(bytes);
    }

    /** How much there is of each kind. */
    synchronized Map<String, Integer> sizes() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        said.forEach((where, bytes) -> sizes.put(where, bytes.size()));
        return sizes;
    }

    /** Where any of these addresses is, in any form: {@code channel out: 198.51.100.2}. */
    synchronized List<String> find(List<InetAddress> addresses) {
        List<String> found = new ArrayList<>();
        said.forEach((where, bytes) ->
                forms(addresses, bytes.toByteArray()).forEach(form -> found.add(where + ": " + form)));
        return found;
    }

    /** The forms of these addresses that are among the bytes: text, hexadecimal, binary, and binary as STUN writes it. */
    static List<String> forms(List<InetAddress> addresses, byte[] bytes) {
        String exact = new String(bytes, StandardCharsets.ISO_8859_1);
        String small = exact.toLowerCase(Locale.ROOT);
        List<String> found = new ArrayList<>();
        for (InetAddress address : addresses) {
            for (String text : texts(address)) {
                if (small.contains(text)) {
                    found.add(text);
                }
            }
            for (byte[] binary : binaries(address)) {
                if (exact.contains(new String(binary, StandardCharsets.ISO_8859_1))) {
                    found.add(address.getHostAddress() + " as bytes "
                            + HexFormat.of().formatHex(binary));
                }
            }
        }
        return found;
    }

    private static Set<String> texts(InetAddress address) {
        String java = address.getHostAddress().replaceFirst("%.*", "");
        Set<String> texts = new LinkedHashSet<>();
        texts.add(java);
        // As everybody else writes it: the first row of zeros left out.
        texts.add(java.replaceFirst("(^|:)0(:0)+(:|$)", "::"));
        texts.add(HexFormat.of().formatHex(address.getAddress()));
        return texts;
    }

    private static List<byte[]> binaries(InetAddress address) {
        byte[] plain = address.getAddress();
        byte[] mixed = ByteBuffer.wrap(plain.clone())
                .putInt(ByteBuffer.wrap(plain).getInt() ^ MAGIC)
                .array();
        // Of IPv6 all but the first part is mixed with a number that is never the same; the first part alone says the
        // network.
        return plain.length == 4 ? List.of(plain, mixed) : List.of(plain);
    }
}
