package dev.drawbridge.internal.wire;

import static dev.drawbridge.fuzz.FuzzInput.holds;
import static dev.drawbridge.fuzz.FuzzInput.same;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drawbridge.Dialect;
import dev.drawbridge.fuzz.FuzzInput;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is encrypted, made with a cipher of our own so that every defect can be had: it is read as if it had come in the clear, or it is
 * {@link Message.Undecipherable}, which has no parts that could differ.
 */
class DecryptionFuzzTest {
    /** The key of the default password, from {@code vectors.json}. */
    private static final byte[] KEY =
            HexFormat.of().parseHex("808d646f7eb92052344e1e668e340c852f8d675754acfae11d8cc49233c36eba");

    private static final byte[] IV = HexFormat.of().parseHex(Codecs.IV);
    private static final WireCodec HOSTED = Codecs.publisher(Dialect.HOSTED);
    private static final WireCodec CUSTOM = Codecs.viewer(Dialect.CUSTOM);
    private static final String[] FIELDS = {"description", "candidates", "candidate"};

    @DictionaryFile(resourcePath = "frames.dict")
    @FuzzTest
    void payload(byte[] bytes) throws GeneralSecurityException {
        FuzzInput input = new FuzzInput(bytes);
        byte[] rest = input.rest();
        switch (input.choice(8)) {
            case 0, 1, 2 -> sound(FIELDS[input.choice(8)], rest);
            case 3 -> {
                String[] parts = input.text().split("\\|", 2);
                read("description", parts[0], parts[parts.length - 1]);
            }
            case 4 -> read(rest); // any blocks
            case 5 -> {
                byte[] wrong = KEY.clone();
                wrong[0] ^= 1;
                read(encrypt("PKCS5Padding", wrong, rest));
            }
            case 6 -> {
                byte[] sealed = encrypt("PKCS5Padding", KEY, rest);
                sealed[rest.length % sealed.length] ^= (byte) (rest.length == 0 ? 1 : rest[0] | 1);
                read(sealed);
            }
            default -> read(encrypt("NoPadding", KEY, Arrays.copyOf(rest, (rest.length + 15) / 16 * 16)));
        }
    }

    /** Encrypted as it should be: the same as in the clear. */
    private static void sound(String field, byte[] plain) throws GeneralSecurityException {
        Message sealed = read(field, HexFormat.of().formatHex(encrypt("PKCS5Padding", KEY, plain)), Codecs.IV);
        String json = new String(plain, StandardCharsets.UTF_8);
        boolean utf8 = Arrays.equals(json.getBytes(StandardCharsets.UTF_8), plain);
        // In the clear it stands one level deeper, a text means something encrypted, and null that there is none.
        String start = json.strip();
        boolean object = start.startsWith("{") || start.startsWith("[");
        if (utf8 && object && Json.valid(json) && MessageRules.depth(json) < Limits.JSON_DEPTH) {
            Message clear = HOSTED.readSignal(frame(field, json, "")).message();
            same(
                    sealed instanceof Message.Undecipherable,
                    clear instanceof Message.Malformed,
                    "readable: " + sealed + ", in the clear " + clear);
            if (sealed instanceof Message.Answer answer && clear instanceof Message.Answer other) {
                same(answer.sdp(), other.sdp(), "SDP");
            } else if (sealed instanceof Message.Candidates some && clear instanceof Message.Candidates others) {
                same(some.list(), others.list(), "candidates");
            } else {
                same(sealed.getClass() == clear.getClass() || clear instanceof Message.Malformed, true, "kinds");
            }
        } else if (MessageRules.depth(json) > Limits.JSON_DEPTH || (utf8 && !Json.valid(json))) {
            same(sealed, new Message.Undecipherable(), "what is no JSON or too deep");
        }
    }

    private static void read(byte[] sealed) {
        String field = FIELDS[sealed.length == 0 ? 0 : (sealed[0] & 0xff) % FIELDS.length];
        read(field, HexFormat.of().formatHex(sealed), Codecs.IV);
    }

    private static Message read(String field, String payload, String vector) {
        String frame = frame(field, Json.quote(payload), vector);
        Message signal = HOSTED.readSignal(frame).message();
        holds(
                signal.equals(new Message.Undecipherable())
                        || signal instanceof Message.Ignored
                        || (signal instanceof Message.Offer offer && offer.encrypted())
                        || (signal instanceof Message.Answer answer && answer.encrypted())
                        || (signal instanceof Message.Candidates candidates && candidates.encrypted())
                        || (signal instanceof Message.Malformed && unsealed(payload, vector)),
                "neither read nor undecipherable: " + signal);
        MessageRules.bounded(signal);
        same(CUSTOM.readChannel(frame), signal, "on the data channel");
        return signal;
    }

    /** Not encrypted at all: the frame is wrong, whatever the key. */
    private static boolean unsealed(String payload, String vector) {
        return vector.isEmpty()
                || vector.length() > Limits.ID
                || vector.chars().anyMatch(Character::isISOControl)
                || payload.length() > Limits.FRAME_BYTES;
    }

    private static String frame(String field, String value, String vector) {
        return "{\"UUID\":\"peer\",\"from\":\"peer\",\"type\":\"local\",\"" + field + "\":" + value
                + (vector.isEmpty() ? "" : ",\"vector\":" + Json.quote(vector)) + "}";
    }

    private static byte[] encrypt(String padding, byte[] key, byte[] plain) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/" + padding);
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(IV));
        return cipher.doFinal(plain);
    }
}
