package dev.drawbridge.examples;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The walls between the packages, as docs/architecture.md draws them. */
class WallsTest {
    private static final String[] PUBLIC = {"dev.drawbridge", "dev.drawbridge.media", "dev.drawbridge.spi"};

    private static final String[] PURE = {
        "dev.drawbridge.internal.machine..",
        "dev.drawbridge.internal.wire..",
        "dev.drawbridge.internal.options..",
        "dev.drawbridge.internal.crypto..",
        "dev.drawbridge.internal.ice..",
        "dev.drawbridge.internal.audit.."
    };

    private static final DescribedPredicate<JavaClass> A_LIBRARY =
            resideInAnyPackage("okhttp3..", "okio..", "com.squareup..", "kotlin..", "dev.onvoid..");

    /** What the pure packages may use of java.io and java.net: values and the exceptions of in-memory readers. */
    private static final Set<String> HARMLESS = Set.of(
            "java.io.ByteArrayOutputStream",
            "java.io.EOFException",
            "java.io.IOException",
            "java.io.Serializable",
            "java.io.UncheckedIOException",
            "java.net.URI",
            "java.net.URISyntaxException");

    private static final DescribedPredicate<JavaClass> THE_WORLD = resideInAnyPackage(
                    "java.io..", "java.net..", "java.nio.channels..", "java.nio.file..", "java.util.concurrent..")
            .and(not(describe("values", type -> HARMLESS.contains(type.getName()))))
            .or(resideInAnyPackage(
                    "org.slf4j..", "okhttp3..", "dev.drawbridge.signaling..", "dev.drawbridge.internal.runtime.."))
            .or(describe("threads, clocks or timers", type -> Stream.of(
                            Thread.class,
                            ThreadGroup.class,
                            Process.class,
                            java.time.Clock.class,
                            java.util.Date.class,
                            java.util.Timer.class)
                    .anyMatch(type::isAssignableTo)))
            .as("the world: input and output, threads, clocks, loggers");

    /** Random or ThreadLocalRandom never; SecureRandom has its own rule. */
    private static final DescribedPredicate<JavaClass> WEAK_RANDOM = describe(
            "a random generator that can be guessed",
            type -> type.isAssignableTo(RandomGenerator.class) && !type.isEquivalentTo(SecureRandom.class));

    private static final String CHANCE = "dev.drawbridge.internal.crypto.Chance";

    private static JavaClasses ours;

    @BeforeAll
    static void read_the_compiled_classes() {
        ours = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages("dev.drawbridge");
        assertThat(ours.stream().map(JavaClass::getPackageName))
                .as("all modules are visible to this test")
                .contains(
                        "dev.drawbridge", "dev.drawbridge.testing", "dev.drawbridge.webrtc", "dev.drawbridge.examples");
    }

    @Test
    void only_the_adapter_sees_the_webrtc_library() {
        noClasses()
                .that(not(resideInAPackage("dev.drawbridge.webrtc..")))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.onvoid.."))
                .check(ours);
    }

    @Test
    void core_needs_no_other_module() {
        noClasses()
                .that(not(resideInAnyPackage(
                        "dev.drawbridge.webrtc..", "dev.drawbridge.testing..", "dev.drawbridge.examples..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "dev.drawbridge.webrtc..",
                        "dev.drawbridge.testing..",
                        "dev.drawbridge.examples..",
                        "org.eclipse.jetty.."))
                .check(ours);
    }

    @Test
    void public_types_show_no_type_of_a_library() {
        classes()
                .that()
                .resideInAnyPackage(PUBLIC)
                .or()
                .resideInAPackage("dev.drawbridge.webrtc")
                .should(showNothingOf(A_LIBRARY))
                .check(ours);
    }

    @Test
    void the_signaling_factory_shows_nothing_but_an_http_client() {
        classes()
                .that()
                .resideInAPackage("dev.drawbridge.signaling")
                .should(showNothingOf(A_LIBRARY.and(
                        not(describe("OkHttpClient", type -> type.getName().equals("okhttp3.OkHttpClient"))))))
                .check(ours);
    }

    @Test
    void public_types_show_no_internal_type() {
        classes()
                .that()
                .resideInAnyPackage(PUBLIC)
                .or()
                .resideInAnyPackage("dev.drawbridge.signaling", "dev.drawbridge.webrtc")
                .should(showNothingOf(resideInAPackage("dev.drawbridge.internal..")))
                .check(ours);
    }

    @Test
    void the_pure_packages_neither_touch_nor_start_anything() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat(THE_WORLD)
                .check(ours);
    }

    @Test
    void the_pure_packages_ask_neither_for_the_time_nor_for_chance_nor_for_settings() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .accessTargetWhere(describe("the time, chance or a setting is asked for", WallsTest::asks))
                .check(ours);
    }

    @Test
    void chance_enters_the_pure_packages_in_one_class_of_crypto() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat(WEAK_RANDOM)
                .check(ours);
        assertThat(ours.that(resideInAnyPackage(PURE)).stream()
                        .filter(type -> uses(type, SecureRandom.class.getName()))
                        .map(JavaClass::getName))
                .containsExactly(CHANCE);
    }

    @Test
    void the_machines_the_wire_and_the_filters_leave_nothing_to_chance() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.drawbridge.internal.machine..",
                        "dev.drawbridge.internal.wire..",
                        "dev.drawbridge.internal.ice..")
                .should()
                .dependOnClassesThat(describe("chance", type -> type.getName().equals(CHANCE)))
                .check(ours);
    }

    @Test
    void no_other_module_reaches_into_core() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.drawbridge.webrtc..", "dev.drawbridge.testing..", "dev.drawbridge.examples..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.drawbridge.internal.."))
                .check(ours);
    }

    @Test
    void the_internal_packages_form_no_circle() {
        slices().matching("dev.drawbridge.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .check(ours);
    }

    private static boolean uses(JavaClass type, String name) {
        return type.getDirectDependenciesFromSelf().stream()
                .anyMatch(used -> used.getTargetClass().getName().equals(name));
    }

    /** By a call or by a method reference. */
    private static boolean asks(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return switch (access.getName()) {
            case "now" -> owner.startsWith("java.time.");
            case "nanoTime", "currentTimeMillis", "getenv", "getProperty" -> owner.equals("java.lang.System");
            case "random" -> owner.equals("java.lang.Math");
            case "randomUUID" -> owner.equals("java.util.UUID");
            default -> false;
        };
    }

    /** What a user can see of a class: its type parameters, its parents, and the signatures of its public and protected members. */
    private static ArchCondition<JavaClass> showNothingOf(DescribedPredicate<JavaClass> hidden) {
        return new ArchCondition<>("show nothing of " + hidden.getDescription()) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!visible(type)) {
                    return;
                }
                type.getTypeParameters().stream()
                        .flatMap(parameter -> parameter.getAllInvolvedRawTypes().stream())
                        .filter(hidden)
                        .forEach(seen -> events.add(SimpleConditionEvent.violated(
                                type, type.getName() + " takes a type parameter of " + seen.getName())));
                Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
                        .flatMap(parent -> parent.getAllInvolvedRawTypes().stream())
                        .filter(hidden)
                        .forEach(seen -> events.add(
                                SimpleConditionEvent.violated(type, type.getName() + " extends " + seen.getName())));
                type.getMembers().stream()
                        .filter(member -> shown(member.getModifiers()))
                        .forEach(member -> signature(member)
                                .filter(hidden)
                                .forEach(seen -> events.add(SimpleConditionEvent.violated(
                                        member, member.getFullName() + " shows " + seen.getName()))));
            }
        };
    }

    private static boolean visible(JavaClass type) {
        return shown(type.getModifiers())
                && type.getEnclosingClass().map(WallsTest::visible).orElse(true);
    }

    private static boolean shown(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaClass> signature(JavaMember member) {
        Stream<JavaClass> thrown =
                member instanceof JavaCodeUnit unit ? unit.getExceptionTypes().stream() : Stream.empty();
        // The raw types involved cover type arguments, bounds and array elements.
        return Stream.concat(member.getAllInvolvedRawTypes().stream(), thrown);
    }
}
