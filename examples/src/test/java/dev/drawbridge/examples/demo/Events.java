package dev.drawbridge.examples.demo;

import dev.drawbridge.MemberId;
import dev.drawbridge.RemoteFile;
import dev.drawbridge.SessionEvent;
import dev.drawbridge.StreamId;
import dev.drawbridge.Tally;
import dev.drawbridge.Tally.Light;
import dev.drawbridge.ViewerId;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Events for tests. */
final class Events {
    static final Instant AT = Instant.ofEpochMilli(1_700_000_000_123L);

    private Events() {}

    /** Made from the sealed interface itself, so no kind can be forgotten. */
    static List<SessionEvent> oneOfEachKind() {
        return Arrays.stream(SessionEvent.class.getPermittedSubclasses())
                .filter(Class::isRecord)
                .map(Events::sample)
                .toList();
    }

    private static SessionEvent sample(Class<?> kind) {
        RecordComponent[] components = kind.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return (SessionEvent) kind.getDeclaredConstructor(types)
                    .newInstance(Arrays.stream(types).map(Events::value).toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Object value(Class<?> type) {
        if (type == Instant.class) {
            return AT;
        } else if (type == Duration.class) {
            return Duration.ofMillis(1500);
        } else if (type == ViewerId.class) {
            return new ViewerId(1, "peer");
        } else if (type == MemberId.class) {
            return new MemberId(1, "peer");
        } else if (type == boolean.class) {
            return true;
        } else if (type == StreamId.class) {
            return StreamId.of("door");
        } else if (type == RemoteFile.class) {
            return new RemoteFile("door", "id", "name", 3);
        } else if (type == String.class) {
            return "text";
        } else if (type == int.class) {
            return 2;
        } else if (type == Tally.class) {
            return new Tally(Light.ON, Light.UNKNOWN, Light.OFF, Light.ON, Light.ON, Light.OFF, Light.UNKNOWN);
        } else if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        throw new AssertionError("no sample of " + type);
    }
}
