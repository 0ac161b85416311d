package dev.drawbridge.examples.demo;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A QR code for a terminal: two modules in each character, dark on light whatever the terminal's own colours are. */
final class QrCode {
    private static final String DARK_ON_LIGHT = "\033[38;5;16;48;5;231m";
    private static final String RESET = "\033[0m";
    /** The standard asks for 4 modules; readers make do with 2, and the code then fits a small terminal. */
    private static final int QUIET_ZONE = 2;

    private QrCode() {}

    /** @throws IllegalArgumentException if the text is too long for a code */
    static List<String> lines(String text) {
        BitMatrix modules = modules(text);
        List<String> lines = new ArrayList<>();
        for (int y = 0; y < modules.getHeight(); y += 2) {
            StringBuilder line = new StringBuilder(DARK_ON_LIGHT);
            for (int x = 0; x < modules.getWidth(); x++) {
                boolean lower = y + 1 < modules.getHeight() && modules.get(x, y + 1);
                line.append(character(modules.get(x, y), lower));
            }
            lines.add(line.append(RESET).toString());
        }
        return lines;
    }

    private static BitMatrix modules(String text) {
        try {
            return new QRCodeWriter()
                    .encode(text, BarcodeFormat.QR_CODE, 0, 0, Map.of(EncodeHintType.MARGIN, QUIET_ZONE));
        } catch (WriterException e) {
            throw new IllegalArgumentException("no QR code holds " + text.length() + " characters", e);
        }
    }

    private static char character(boolean upper, boolean lower) {
        if (upper) {
            return lower ? '█' : '▀';
        }
        return lower ? '▄' : ' ';
    }
}
