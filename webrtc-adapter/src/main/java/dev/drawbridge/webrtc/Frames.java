package dev.drawbridge.webrtc;

import dev.drawbridge.media.AudioFrame;
import dev.drawbridge.media.VideoFrame;
import dev.onvoid.webrtc.media.video.I420Buffer;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Copies pictures and sound between Java memory and the library's. Native memory never leaves this package. */
final class Frames {
    /** 8K. A peer decides how big the pictures are that it sends. */
    private static final long MAX_PIXELS = 7680L * 4320;

    private Frames() {}

    /** Whether a picture is of a size that is worth its memory; larger ones are dropped, both ways. */
    static boolean fits(int width, int height) {
        return (long) width * height <= MAX_PIXELS;
    }

    /** A native copy with one reference, which the caller releases exactly once. */
    static NativeI420Buffer toNative(VideoFrame frame) {
        int width = frame.width();
        int height = frame.height();
        NativeI420Buffer target = NativeI420Buffer.allocate(width, height);
        int chromaWidth = (width + 1) / 2;
        int chromaHeight = (height + 1) / 2;
        copy(frame.y(), frame.strideY(), target.getDataY(), target.getStrideY(), width, height);
        copy(frame.u(), frame.strideU(), target.getDataU(), target.getStrideU(), chromaWidth, chromaHeight);
        copy(frame.v(), frame.strideV(), target.getDataV(), target.getStrideV(), chromaWidth, chromaHeight);
        return target;
    }

    /** As large as another one, and as old, and black. */
    static VideoFrame black(VideoFrame like) {
        int chromaWidth = (like.width() + 1) / 2;
        byte[] luma = new byte[like.width() * like.height()];
        byte[] chroma = new byte[chromaWidth * ((like.height() + 1) / 2)];
        Arrays.fill(luma, (byte) 16);
        Arrays.fill(chroma, (byte) 128);
        return new VideoFrame(
                like.width(),
                like.height(),
                ByteBuffer.wrap(luma),
                like.width(),
                ByteBuffer.wrap(chroma),
                chromaWidth,
                ByteBuffer.wrap(chroma),
                chromaWidth,
                like.rotation(),
                like.timestampNanos());
    }

    /** A Java copy; the native frame may be released afterwards. */
    static VideoFrame toJava(I420Buffer source, int rotation, long timestampNanos) {
        int width = source.getWidth();
        int height = source.getHeight();
        int chromaWidth = (width + 1) / 2;
        int chromaHeight = (height + 1) / 2;
        int luma = width * height;
        int chroma = chromaWidth * chromaHeight;
        ByteBuffer planes = ByteBuffer.wrap(new byte[luma + 2 * chroma]);
        ByteBuffer y = planes.slice(0, luma);
        ByteBuffer u = planes.slice(luma, chroma);
        ByteBuffer v = planes.slice(luma + chroma, chroma);
        copy(source.getDataY(), source.getStrideY(), y, width, width, height);
        copy(source.getDataU(), source.getStrideU(), u, chromaWidth, chromaWidth, chromaHeight);
        copy(source.getDataV(), source.getStrideV(), v, chromaWidth, chromaWidth, chromaHeight);
        return new VideoFrame(
                width, height, y, width, u, chromaWidth, v, chromaWidth, Math.floorMod(rotation, 360), timestampNanos);
    }

    private static void copy(ByteBuffer from, int fromStride, ByteBuffer to, int toStride, int width, int height) {
        if (fromStride == toStride) {
            to.put(0, from, 0, fromStride * (height - 1) + width);
            return;
        }
        for (int row = 0; row < height; row++) {
            to.put(row * toStride, from, row * fromStride, width);
        }
    }

    /** @param pcm 16-bit little-endian, interleaved */
    static AudioFrame sound(byte[] pcm, int sampleRate, int channels, long timestampNanos) {
        short[] samples = new short[pcm.length / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) ((pcm[2 * i] & 0xff) | (pcm[2 * i + 1] << 8));
        }
        return new AudioFrame(samples, sampleRate, channels, timestampNanos);
    }
}
