package dev.drawbridge.internal.wire;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drawbridge.fuzz.FuzzInput;
import java.util.List;

/** Text messages of the data channel. */
class ChannelFuzzTest {
    private static final List<Ends> ENDS = List.of(Ends.values());

    @DictionaryFile(resourcePath = "frames.dict")
    @FuzzTest
    void message(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        input.choice(ENDS).hearChannel(input.text());
    }
}
