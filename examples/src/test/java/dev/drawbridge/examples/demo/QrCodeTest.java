package dev.drawbridge.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands in the terminal can be scanned. */
class QrCodeTest {
    private static final int SCALE = 4;
    private static final String LINK =
            "http://192.168.178.123:43210/?view=yqMyucPkNM3C&password=yDxqnzRCUWbMsLfy&wss=ws://192.168.178.123:43210";

    @Test
    void the_code_holds_the_link() throws Exception {
        assertThat(scan(QrCode.lines(LINK))).isEqualTo(LINK);
    }

    @Test
    void the_code_fits_a_small_terminal() {
        List<String> lines = QrCode.lines(LINK);

        assertThat(lines).hasSizeLessThanOrEqualTo(24);
        assertThat(lines).allSatisfy(line -> assertThat(modules(line)).hasSizeLessThan(80));
    }

    @Test
    void colours_are_set_and_taken_back_on_every_line() {
        assertThat(QrCode.lines("x"))
                .allSatisfy(line ->
                        assertThat(line).startsWith("\033[38;5;16;48;5;231m").endsWith("\033[0m"));
    }

    @Test
    void a_text_that_no_code_holds_is_refused() {
        String text = "x".repeat(5000);

        assertThatThrownBy(() -> QrCode.lines(text)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Paints the characters as a terminal does, and reads the picture. */
    private static String scan(List<String> lines) throws Exception {
        int width = modules(lines.get(0)).length() * SCALE;
        int height = lines.size() * 2 * SCALE;
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, 0xFFFFFF);
        for (int row = 0; row < height; row++) {
            String line = modules(lines.get(row / (2 * SCALE)));
            boolean upper = row / SCALE % 2 == 0;
            for (int column = 0; column < width; column++) {
                char block = line.charAt(column / SCALE);
                if (block == '█' || block == (upper ? '▀' : '▄')) {
                    pixels[row * width + column] = 0;
                }
            }
        }
        RGBLuminanceSource picture = new RGBLuminanceSource(width, height, pixels);
        return new QRCodeReader()
                .decode(new BinaryBitmap(new HybridBinarizer(picture)))
                .getText();
    }

    private static String modules(String line) {
        return line.replaceAll("\033\\[[0-9;]*m", "");
    }
}
