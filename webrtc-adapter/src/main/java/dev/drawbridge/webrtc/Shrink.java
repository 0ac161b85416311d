package dev.drawbridge.webrtc;

/** How large a receiver wants the pictures: a percentage of them, or an area that they are to fit into or to cover. */
sealed interface Shrink {
    /** The shorter side keeps at least so many pixels; encoders have limits of their own below. */
    int SHORTEST = 32;

    /** By how much both sides are divided without the limits. */
    double wanted(int width, int height);

    /** By how much both sides of a picture of this size are divided; at least 1, so that none is ever made larger. */
    default double factor(int width, int height) {
        double most = Math.min(width, height) / (double) SHORTEST;
        return Math.max(1, Math.min(wanted(width, height), most));
    }

    /** To this part of its size. */
    record Scale(int percent) implements Shrink {
        @Override
        public double wanted(int width, int height) {
            return 100.0 / Math.max(1, percent);
        }
    }

    /** To an area. */
    record Fit(int areaWidth, int areaHeight, boolean cover) implements Shrink {
        @Override
        public double wanted(int width, int height) {
            double across = width / (double) Math.max(1, areaWidth);
            double down = height / (double) Math.max(1, areaHeight);
            return cover ? Math.min(across, down) : Math.max(across, down);
        }
    }
}
