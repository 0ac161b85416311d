package dev.drawbridge.media;

/** Digits and a few marks in 5 by 7 dots, so that the pattern needs no desktop module. */
final class DotFont {
    static final int WIDTH = 5;
    static final int HEIGHT = 7;

    private static final String CHARACTERS = "0123456789:.#";
    private static final String[] DOTS = {
        " ### #   ##  ### # ###  ##   # ### ",
        "  #   ##    #    #    #    #   ### ",
        " ### #   #    #   #   #   #   #####",
        "#####   #   #     #     ##   # ### ",
        "   #   ##  # # #  # #####   #    # ",
        "######    ####     #    ##   # ### ",
        "  ##  #   #    #### #   ##   # ### ",
        "#####    #   #   #   #    #    #   ",
        " ### #   ##   # ### #   ##   # ### ",
        " ### #   ##   # ####    #   #  ##  ",
        "       #    #         #    #       ",
        "                          ##   ##  ",
        " # #  # # ##### # # ##### # #  # # ",
    };

    private DotFont() {}

    /** Whether there is a dot; unknown characters are blank. */
    static boolean dot(char character, int row, int column) {
        int index = CHARACTERS.indexOf(character);
        return index >= 0 && DOTS[index].charAt(row * WIDTH + column) == '#';
    }
}
