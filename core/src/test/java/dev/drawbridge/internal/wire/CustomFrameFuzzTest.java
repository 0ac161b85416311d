package dev.drawbridge.internal.wire;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drawbridge.Dialect;
import dev.drawbridge.fuzz.FuzzInput;
import java.util.List;

/** Frames of the handshake server in the custom dialect. */
class CustomFrameFuzzTest {
    private static final List<Ends> ENDS = List.of(Ends.values());

    @DictionaryFile(resourcePath = "frames.dict")
    @FuzzTest
    void frame(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        input.choice(ENDS).hear(Dialect.CUSTOM, input.text());
    }
}
