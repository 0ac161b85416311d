package dev.drawbridge.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "holiday.jpg|holiday.jpg",
                "Grüße 😀.pdf|Grüße 😀.pdf",
                "../../etc/passwd|passwd",
                "..\\..\\Windows\\win.ini|win.ini",
                "C:\\autoexec.bat|autoexec.bat",
                "C:autoexec.bat|C_autoexec.bat",
                "file.txt:stream|file.txt_stream",
                "..|file",
                ".|file",
                "/|file",
                "a/|file",
                "|file",
                "   |file",
                ".bashrc|bashrc",
                "...hidden|hidden",
                "trailing. . .|trailing",
                " both sides |both sides",
                "CON|_CON",
                "con.txt|_con.txt",
                "Nul .tar.gz|_Nul .tar.gz",
                "COM1|_COM1",
                "lpt³.x|_lpt³.x",
                "CONSOLE|CONSOLE",
                "what?*<>|what____",
            })
    void a_name_is_one_segment_of_a_path_and_neither_hidden_nor_a_device(String name, String clean) {
        assertThat(FileNames.clean(name == null ? "" : name)).isEqualTo(clean);
    }

    @Test
    void control_characters_direction_marks_and_halves_of_characters_are_gone() {
        assertThat(FileNames.clean("in\u0000vis\u202eible\r\n\ud83d.txt\u200b")).isEqualTo("invisible.txt");
        assertThat(FileNames.clean("\u202e..\u0000")).isEqualTo("file");
        assertThat(FileNames.clean("CO\u0000N")).isEqualTo("_CON");
    }

    @Test
    void a_long_name_is_cut_and_keeps_its_ending() {
        String long_ = FileNames.clean("é".repeat(300) + ".tar.gz");
        assertThat(long_).endsWith("é.gz");
        assertThat(long_.getBytes(StandardCharsets.UTF_8).length).isBetween(190, 200);
        assertThat(FileNames.clean("x".repeat(1 << 20))).isEqualTo("x".repeat(200));
        assertThat(FileNames.clean("😀".repeat(100)).codePoints().allMatch(c -> c == 0x1F600))
                .isTrue();
    }

    @Test
    void whatever_comes_is_clean_and_stays_so() {
        Random random = new Random(4711);
        String alphabet = "aA.. /\\:*\u0000\u202e\ud83d\ude00éCONnul1 _-\u00b3\u2028";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(i % 100 == 0 ? 600 : 12); j > 0; j--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String clean = FileNames.clean(text.toString());
            assertThat(FileNames.clean(clean)).as("%s", text).isEqualTo(clean);
            boolean good = !clean.isEmpty()
                    && clean.getBytes(StandardCharsets.UTF_8).length <= Limits.FILE_NAME_BYTES
                    && clean.chars().noneMatch(c -> "/\\:*?<>|\"".indexOf(c) >= 0 || Character.isISOControl(c))
                    && !clean.startsWith(".")
                    && !clean.endsWith(".")
                    && clean.equals(clean.strip());
            assertThat(good).as("%s of %s", clean, text).isTrue();
        }
    }

    @Test
    void a_name_of_blanks_takes_no_time() {
        String name = "a" + " ".repeat(1_000) + "b";
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 500; i++) {
                assertThat(FileNames.clean(name)).isNotEmpty();
            }
        });
    }

    @Test
    void a_number_goes_before_the_ending() {
        assertThat(FileNames.numbered("a.txt", 0)).isEqualTo("a.txt");
        assertThat(FileNames.numbered("a.tar.gz", 2)).isEqualTo("a.tar (2).gz");
        assertThat(FileNames.numbered("a", 99)).isEqualTo("a (99)");
    }
}
