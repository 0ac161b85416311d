package dev.drawbridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No text form of a public type tells a text that was put into it, but for those that are listed here because they are made to be
 * read. A new type or component is looked at without a change to this test, and fails it until it is redacted or listed.
 */
class TextFormsTest {
    private static final String CANARY = "Canary7";

    /** Written for a person, by this library or as an address; checked by what writes them. */
    private static final Set<String> TOLD = Set.of(
            "Problem.parameter",
            "Problem.message",
            "Problem.allowed",
            "SignalingLost.detail",
            "SignalingEnd.detail",
            "ServerNotice.text",
            "TurnListFailed.detail",
            "TurnExpired.server",
            "NetworkContact.host",
            "ViewerRefused.detail",
            "End.type",
            "End.transport",
            "ProtocolViolation.detail",
            "Closed.detail",
            "Verification.head",
            "Verification.problem",
            "Mark.name",
            "Request.name",
            "LinkStats.videoCodec",
            "LinkStats.audioCodec",
            "LinkStats.encoder",
            "LinkStats.path",
            "SessionStats.path",
            "LinkSettings.codecs",
            "MediaNeeds.videoDevice",
            "MediaNeeds.audioDevice",
            "MediaNeeds.screen",
            "MediaNeeds.codecs",
            "NoCommonCodec.detail",
            "SourceLost.source",
            "SourceRestored.source",
            "IceServer.url");

    /** Of the classes that are no records, those with a text form of their own. */
    private static final Map<Class<?>, Object> SAMPLES = Map.of(
            Secret.class, Secret.of(CANARY),
            StreamId.class, StreamId.of(CANARY),
            Password.class, Password.of(CANARY),
            SecurityPolicy.class, SecurityPolicy.secure(),
            NetworkPolicy.class, options().network(),
            IceFilter.class, IceFilter.of("udp"),
            SessionOptions.class, options(),
            VideoFrame.class, new VideoFrame(1, 1, bytes(), 1, bytes(), 1, bytes(), 1, 0, 0),
            AudioFrame.class, new AudioFrame(new short[480], 48_000, 1));

    private static SessionOptions options() {
        return SessionOptions.parse("push=" + CANARY + "&view=" + CANARY + "1," + CANARY + "2&room=" + CANARY
                + "&include=" + CANARY + "3&exclude=" + CANARY + "4&scene=" + CANARY
                + "&label=" + CANARY + "&password=" + CANARY + "&salt=" + CANARY + "&noaudio=" + CANARY
                + "&videodevice=" + CANARY + "&audiodevice=" + CANARY + "&screenshare=" + CANARY
                + "&turnlist=https://192.0.2.1/" + CANARY + "%3Fkey=" + CANARY
                + "&turn=" + CANARY + ";" + CANARY + ";turn:192.0.2.1&privacy=" + CANARY + "&unknown=" + CANARY
                + "&wss=wss://192.0.2.1/%3Fkey=" + CANARY);
    }

    private static ByteBuffer bytes() {
        return ByteBuffer.allocate(1);
    }

    static List<Class<?>> types() throws Exception {
        Path root = Path.of(Publisher.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return Stream.of("", "media", "spi", "signaling")
                .flatMap(name -> classes(root, root.resolve("dev/drawbridge").resolve(name)))
                .filter(TextFormsTest::visible)
                .filter(type -> !type.isEnum() && !type.isInterface())
                .toList();
    }

    private static Stream<Class<?>> classes(Path root, Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name -> name.replaceAll("\\.class$", "").replace('/', '.'))
                    .<Class<?>>map(TextFormsTest::load)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean visible(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && !type.isAnonymousClass()
                && (type.getEnclosingClass() == null || visible(type.getEnclosingClass()));
    }

    @ParameterizedTest
    @MethodSource("types")
    void a_text_form_tells_no_text_that_is_not_made_to_be_read(Class<?> type) throws Exception {
        boolean ownText =
                type.getMethod("toString").getDeclaringClass().getName().startsWith("dev.drawbridge.")
                        && !Throwable.class.isAssignableFrom(type);
        if (type.isRecord()) {
            assertThat(sample(type).toString()).doesNotContainIgnoringCase(CANARY);
        } else if (ownText) {
            assertThat(SAMPLES)
                    .as("a class with a text form needs a sample here")
                    .containsKey(type);
            assertThat(SAMPLES.get(type).toString()).doesNotContainIgnoringCase(CANARY);
        }
    }

    @Test
    void records_and_classes_are_found_and_what_is_listed_exists() throws Exception {
        List<Class<?>> types = types();
        assertThat(types).hasSizeGreaterThan(50).containsAll(SAMPLES.keySet());
        assertThat(types.stream()
                        .filter(Class::isRecord)
                        .flatMap(type -> Arrays.stream(type.getRecordComponents()))
                        .map(TextFormsTest::name))
                .containsAll(TOLD);
    }

    private static String name(RecordComponent component) {
        return component.getDeclaringRecord().getSimpleName() + "." + component.getName();
    }

    /** A record with the canary wherever a text fits in. */
    private static Object sample(Class<?> type) throws Exception {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = sample(components[i].getGenericType(), TOLD.contains(name(components[i])) ? "told" : CANARY);
        }
        Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        return constructor.newInstance(values);
    }

    private static Object sample(Type type, String text) throws Exception {
        if (type instanceof ParameterizedType generic) {
            Type[] of = generic.getActualTypeArguments();
            if (generic.getRawType() == Map.class) {
                return Map.of(sample(of[0], text), sample(of[1], text));
            }
            return generic.getRawType() == List.class ? List.of(sample(of[0], text)) : Optional.of(sample(of[0], text));
        }
        Class<?> raw = (Class<?>) type;
        if (raw == String.class) {
            return text;
        } else if (raw == int.class) {
            return 7;
        } else if (raw == long.class) {
            return 7L;
        } else if (raw == boolean.class) {
            return true;
        } else if (raw == OptionalInt.class) {
            return OptionalInt.of(7);
        } else if (raw == Instant.class) {
            return Instant.EPOCH;
        } else if (raw == Duration.class) {
            return Duration.ofSeconds(7);
        } else if (raw == URI.class) {
            return URI.create("wss://192.0.2.1/?key=" + text);
        } else if (raw.isEnum()) {
            return raw.getEnumConstants()[0];
        } else if (raw.isInterface()) {
            return Proxy.newProxyInstance(
                    raw.getClassLoader(), new Class<?>[] {raw}, (proxy, method, args) -> "an " + raw);
        }
        return raw.isRecord() ? sample(raw) : SAMPLES.get(raw);
    }
}
