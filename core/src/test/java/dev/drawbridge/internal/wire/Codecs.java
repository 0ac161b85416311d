package dev.drawbridge.internal.wire;

import dev.drawbridge.Dialect;
import dev.drawbridge.StreamId;
import dev.drawbridge.internal.crypto.Keys;
import java.util.HexFormat;
import java.util.Optional;

/** Codecs of the two ends of the transcripts: default password, stream {@code abc1234}, an IV of 00 to 0f. */
final class Codecs {
    static final String IV = "000102030405060708090a0b0c0d0e0f";
    static final String PUBLISHER = "R948gS5uZqqaTQJCHB8g";
    static final String VIEWER = "sgHR64qqrG7YFmmbejSX";
    static final StreamId STREAM = StreamId.of("abc1234");
    static final Keys KEYS = Keys.of(Optional.of("someEncryptionKey123"), "vdo.ninja");
    static final Keys NO_KEYS = Keys.of(Optional.empty(), "vdo.ninja");

    private Codecs() {}

    static WireCodec publisher(Dialect dialect) {
        return codec(dialect, PUBLISHER, Optional.of(STREAM), Optional.empty(), KEYS);
    }

    static WireCodec viewer(Dialect dialect) {
        return codec(dialect, VIEWER, Optional.empty(), Optional.empty(), KEYS);
    }

    static WireCodec codec(Dialect dialect, String self, Optional<StreamId> stream, Optional<String> room, Keys keys) {
        return new WireCodec(
                dialect, self, stream, room, keys, () -> HexFormat.of().parseHex(IV));
    }

    static Optional<PeerId> peer(String id) {
        return Optional.of(new PeerId(id));
    }
}
