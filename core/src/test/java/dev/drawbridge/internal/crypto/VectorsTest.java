package dev.drawbridge.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.squareup.moshi.JsonReader;
import dev.drawbridge.StreamId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okio.Buffer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every vector of {@code vectors.json}, which holds what other clients really put on the wire. */
class VectorsTest {

    @TestFactory
    List<DynamicTest> names_and_keys_on_the_wire_are_those_of_the_other_clients() throws IOException {
        return vectors("ids").stream()
                .map(v -> DynamicTest.dynamicTest(v.get("password") + " " + v.get("streamIdIn"), () -> {
                    Keys keys = Keys.of(Optional.ofNullable((String) v.get("effectivePassword")), text(v, "salt"));

                    assertThat(keys.streamSuffix()).isEqualTo(text(v, "suffix6"));
                    assertThat(keys.check()).isEqualTo(text(v, "urlHash4"));
                    assertThat(keys.wireRoom(text(v, "room"))).isEqualTo(text(v, "wireRoom"));
                    assertThat(keys.key()
                                    .map(k -> HexFormat.of().formatHex(k.getEncoded()))
                                    .orElse(""))
                            .isEqualTo(text(v, "aesKeyHex"));
                    if (text(v, "streamId").length() <= 44) { // longer ones are refused before they come here
                        StreamId stream = StreamId.of(text(v, "streamId"));
                        assertThat(keys.wireStream(stream)).isEqualTo(text(v, "wireStreamIdSdk"));
                        assertThat(keys.plainStream(text(v, "wireStreamIdWeb"))).contains(stream.value());
                    }
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> cipher_texts_are_those_of_the_other_clients() throws IOException {
        return vectors("aes").stream()
                .map(v -> DynamicTest.dynamicTest("'" + text(v, "plaintext") + "'", () -> {
                    // The phrase is password and salt in one; the split does not matter to the key.
                    Keys keys = Keys.of(Optional.of(text(v, "phrase")), "");
                    Envelope envelope = new Envelope(keys, () -> HexFormat.of().parseHex(text(v, "ivHex")));

                    Envelope.Sealed sealed = envelope.seal(text(v, "plaintext"));
                    assertThat(sealed.payload()).isEqualTo(text(v, "ciphertextHexSdkUtf8"));
                    assertThat(sealed.vector()).isEqualTo(text(v, "ivHex"));
                    assertThat(envelope.open(sealed.payload(), sealed.vector())).contains(text(v, "plaintext"));

                    // The web client keeps the low eight bits of each character.
                    String latin = new String(
                            text(v, "plaintext").replace('\u20ac', '\u00ac').getBytes(StandardCharsets.ISO_8859_1),
                            StandardCharsets.ISO_8859_1);
                    assertThat(envelope.open(text(v, "ciphertextHexWebLatin1"), text(v, "ivHex")))
                            .contains(latin);
                }))
                .toList();
    }

    private static String text(Map<String, Object> vector, String name) {
        return (String) vector.get(name);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> vectors(String name) throws IOException {
        try (InputStream in = VectorsTest.class.getResourceAsStream("/vectors.json")) {
            Map<String, Object> all = (Map<String, Object>)
                    JsonReader.of(new Buffer().readFrom(in)).readJsonValue();
            return (List<Map<String, Object>>) all.get(name);
        }
    }
}
