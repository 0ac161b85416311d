package dev.drawbridge.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of Y4M and WAV. */
class FilesTest {

    // ---- Y4M

    static byte[] y4m(String header, int pictures, int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((header + "\n").getBytes(StandardCharsets.US_ASCII));
        for (int picture = 0; picture < pictures; picture++) {
            out.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < size; i++) {
                out.write(20 + picture);
            }
        }
        return out.toByteArray();
    }

    static Bytes bytes(byte[] all) {
        return new Bytes() {
            @Override
            InputStream begin() {
                return new ByteArrayInputStream(all);
            }
        };
    }

    private static Y4mReel video(byte[] all, Duration from) throws IOException {
        Y4mReel reel = new Y4mReel(bytes(all), from);
        reel.open();
        return reel;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " C420jpeg", " C420mpeg2", " C420paldv", " C420", " XYSCSS=420JPEG"})
    void pictures_with_halved_colours_are_read(String colours) throws Exception {
        Y4mReel reel = video(y4m("YUV4MPEG2 W3 H3 F30000:1001 Ip A1:1" + colours, 2, 17), Duration.ZERO);
        Reel.Piece first = reel.next();
        assertThat(first.at()).isZero();
        assertThat(first.picture().width()).isEqualTo(3);
        assertThat(first.picture().height()).isEqualTo(3);
        assertThat(first.picture().v().get(3)).isEqualTo((byte) 20);
        Reel.Piece second = reel.next();
        assertThat(second.at()).isEqualTo(33_366_666);
        assertThat(second.picture().y().get(0)).isEqualTo((byte) 21);
        assertThat(reel.next()).isNull();
    }

    @Test
    void pictures_without_colours_are_grey() throws Exception {
        VideoFrame grey = video(y4m("YUV4MPEG2 W4 H2 F25:1 Cmono", 1, 8), Duration.ZERO)
                .next()
                .picture();
        assertThat(grey.y().get(7)).isEqualTo((byte) 20);
        assertThat(grey.u().get(1)).isEqualTo((byte) 128);
        assertThat(grey.v().get(1)).isEqualTo((byte) 128);
    }

    @Test
    void the_full_range_of_values_is_made_the_limited_one() throws Exception {
        byte[] all = y4m("YUV4MPEG2 W2 H2 F25:1 C420jpeg XCOLORRANGE=FULL", 1, 6);
        int picture = all.length - 6;
        byte[] values = {0, (byte) 255, (byte) 128, 0, (byte) 255, (byte) 128};
        System.arraycopy(values, 0, all, picture, 6);
        VideoFrame frame = video(all, Duration.ZERO).next().picture();
        assertThat(frame.y().get(0)).isEqualTo((byte) 16);
        assertThat(frame.y().get(1)).isEqualTo((byte) 235);
        assertThat(frame.u().get(0)).isEqualTo((byte) 240);
        assertThat(frame.v().get(0)).isEqualTo((byte) 128);
    }

    @ParameterizedTest
    @CsvSource({
        "RIFF, it is no Y4M",
        "YUV4MPEG2 W4 H2 F25:1 C444, colours of kind 444",
        "YUV4MPEG2 W4 H2 F25:1 C420p10, ffmpeg -i FILE -pix_fmt yuv420p",
        "YUV4MPEG2 H2 F25:1, pictures of 0x2",
        "YUV4MPEG2 W99999 H99999 F25:1, pictures of 99999x99999",
        "YUV4MPEG2 W4 H2 F1000:1, a rate of 1000:1",
        "YUV4MPEG2 W4x H2 F25:1, where a number belongs",
        "YUV4MPEG2 W-4 H2 F25:1, where a number belongs",
    })
    void what_is_no_y4m_or_another_kind_is_refused_with_the_reason(String header, String reason) {
        assertThatIOException()
                .isThrownBy(() -> video(y4m(header, 1, 12), Duration.ZERO))
                .withMessageContaining(reason);
    }

    @Test
    void a_line_without_an_end_takes_no_memory() {
        assertThatIOException()
                .isThrownBy(() -> video(y4m("YUV4MPEG2 W4 H2 " + "A".repeat(100_000), 0, 0), Duration.ZERO))
                .withMessageContaining("longer than");
    }

    @Test
    void a_picture_that_is_cut_off_or_out_of_step_is_told() throws Exception {
        byte[] all = y4m("YUV4MPEG2 W4 H2 F25:1", 2, 12);
        Y4mReel cut = video(java.util.Arrays.copyOf(all, all.length - 1), Duration.ZERO);
        assertThat(cut.next()).isNotNull();
        assertThatIOException().isThrownBy(cut::next).withMessageContaining("within picture 1");
        Y4mReel shifted = video(y4m("YUV4MPEG2 W4 H2 F25:1", 2, 13), Duration.ZERO);
        assertThat(shifted.next()).isNotNull();
        assertThatIOException().isThrownBy(shifted::next).withMessageContaining("FRAME");
    }

    @Test
    void pictures_begin_where_they_are_to_begin() throws Exception {
        byte[] all = y4m("YUV4MPEG2 W4 H2 F25:1", 10, 12);
        Reel.Piece first = video(all, Duration.ofMillis(200)).next();
        assertThat(first.picture().y().get(0)).isEqualTo((byte) 25);
        assertThat(first.at()).isZero();
        assertThatIOException()
                .isThrownBy(() -> video(all, Duration.ofSeconds(60)))
                .withMessageContaining("ends before");
    }

    // ---- WAV

    /** One that counts up in its highest byte, little end first. */
    static byte[] wav(int coding, int channels, int rate, int bits, byte[] data) {
        ByteBuffer out = ByteBuffer.allocate(12 + 10 + 8 + 16 + 8 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(out.capacity() - 8);
        out.put("WAVELIST".getBytes(StandardCharsets.US_ASCII))
                .putInt(1)
                .put((byte) 9)
                .put((byte) 0);
        out.put("fmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        out.putShort((short) coding).putShort((short) channels).putInt(rate);
        out.putInt(rate * channels * bits / 8)
                .putShort((short) (channels * bits / 8))
                .putShort((short) bits);
        out.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(data.length).put(data);
        return out.array();
    }

    private static WavReel sound(byte[] all, Duration from) throws IOException {
        WavReel reel = new WavReel(bytes(all), from);
        reel.open();
        return reel;
    }

    @ParameterizedTest
    @CsvSource({"1,8", "1,16", "1,24", "1,32", "3,32", "3,64"})
    void every_coding_gives_the_same_sound(int coding, int bits) throws Exception {
        double[] wave = {0, 0.5, -0.5, 0.25, -1, 0.125};
        ByteBuffer data = ByteBuffer.allocate(wave.length * bits / 8).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : wave) {
            switch (coding * 100 + bits) {
                case 108 -> data.put((byte) (128 + value * 128));
                case 116 -> data.putShort((short) (value * 32768));
                case 124 -> data.put((byte) 0).putShort((short) (value * 32768));
                case 132 -> data.putInt((int) (value * 2147483648.0));
                case 332 -> data.putFloat((float) value);
                default -> data.putDouble(value);
            }
        }
        AudioFrame block = sound(wav(coding, 2, 48_000, bits, data.array()), Duration.ZERO)
                .next()
                .sound();
        assertThat(block.channels()).isEqualTo(2);
        assertThat(block.sampleRate()).isEqualTo(48_000);
        for (int i = 0; i < wave.length; i++) {
            assertThat(block.samples()[i]).isEqualTo((short) (wave[i] * 32768));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 11_025, 44_100, 96_000, 192_000})
    void blocks_follow_each_other_without_a_gap_at_any_rate(int rate) throws Exception {
        WavReel reel = sound(wav(1, 1, rate, 16, new byte[rate * 2]), Duration.ZERO);
        long at = 0;
        long samples = 0;
        for (Reel.Piece piece = reel.next(); piece != null; piece = reel.next()) {
            assertThat(piece.at()).isEqualTo(at);
            assertThat(piece.length()).isBetween(0L, 10_000_000L);
            at += piece.length();
            samples += piece.sound().samples().length;
        }
        assertThat(samples).isEqualTo(rate);
        assertThat(at).isEqualTo(1_000_000_000);
    }

    @Test
    void sound_of_unknown_length_is_read_to_its_end_and_begins_where_it_is_to_begin() throws Exception {
        byte[] data = new byte[8_000];
        data[4_000] = 1;
        byte[] all = wav(1, 1, 8_000, 8, data);
        ByteBuffer.wrap(all).putInt(all.length - data.length - 4, -1);
        WavReel reel = sound(all, Duration.ofMillis(500));
        assertThat(reel.next().sound().samples()[0]).isEqualTo((short) ((1 - 128) << 8));
        int blocks = 1;
        while (reel.next() != null) {
            blocks++;
        }
        assertThat(blocks).isEqualTo(50);
    }

    @Test
    void a_length_of_0_is_one_that_nobody_knew_unless_another_chunk_follows() throws Exception {
        byte[] all = wav(1, 1, 8_000, 8, new byte[400]);
        ByteBuffer head = ByteBuffer.wrap(all).putInt(all.length - 404, 0);
        WavReel reel = sound(all, Duration.ZERO);
        int blocks = 0;
        while (reel.next() != null) {
            blocks++;
        }
        assertThat(blocks).isEqualTo(5);
        head.put(all.length - 400, "LIST".getBytes(StandardCharsets.US_ASCII));
        assertThat(sound(all, Duration.ZERO).next()).isNull();
    }

    @Test
    void a_large_file_has_its_length_in_a_chunk_of_its_own() throws Exception {
        byte[] plain = wav(1, 1, 8_000, 8, new byte[400]);
        ByteBuffer large = ByteBuffer.allocate(plain.length + 36 + 20).order(ByteOrder.LITTLE_ENDIAN);
        large.put("RF64".getBytes(StandardCharsets.US_ASCII))
                .putInt(-1)
                .put("WAVE".getBytes(StandardCharsets.US_ASCII));
        large.put("ds64".getBytes(StandardCharsets.US_ASCII)).putInt(28);
        large.putLong(large.capacity() - 8L).putLong(400).putLong(400).putInt(0);
        large.put(plain, 12, plain.length - 12);
        large.putInt(large.position() - 404, -1);
        large.put("LIST".getBytes(StandardCharsets.US_ASCII)).putInt(12); // no sound
        WavReel reel = sound(large.array(), Duration.ZERO);
        int samples = 0;
        for (Reel.Piece piece = reel.next(); piece != null; piece = reel.next()) {
            samples += piece.sound().samples().length;
        }
        assertThat(samples).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 2, 48000, 16, coding 2",
        "1, 6, 48000, 16, 6 channels",
        "1, 1, 4000, 16, 4000 Hz",
        "1, 1, 48000, 12, 12 bits",
    })
    void what_cannot_be_played_is_refused_with_what_to_do(int coding, int channels, int rate, int bits, String why) {
        IOException refused = catchThrowableOfType(
                IOException.class, () -> sound(wav(coding, channels, rate, bits, new byte[99]), Duration.ZERO));
        assertThat(refused).hasMessageContaining(why).hasMessageContaining("ffmpeg -i FILE");
    }

    @Test
    void what_is_no_wav_or_ends_early_is_refused() {
        byte[] all = wav(1, 1, 48_000, 16, new byte[99]);
        assertThatIOException()
                .isThrownBy(() -> sound(y4m("YUV4MPEG2 W4 H2 F25:1", 1, 12), Duration.ZERO))
                .withMessageContaining("no WAV");
        for (int length = 0; length < all.length - 99; length++) {
            int cut = length;
            assertThatIOException().isThrownBy(() -> sound(java.util.Arrays.copyOf(all, cut), Duration.ZERO));
        }
        assertThatIOException()
                .isThrownBy(() -> sound(all, Duration.ofSeconds(1)))
                .withMessageContaining("ends before");
    }
}
