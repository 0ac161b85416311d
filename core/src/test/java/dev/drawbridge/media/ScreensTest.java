package dev.drawbridge.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Rectangle;
import org.junit.jupiter.api.Test;

/** What needs no screen; the rest is seen through a real viewer, in the adapter. */
class ScreensTest {
    private static final String TREE = """

        xwininfo: Window id: 0x50f (the root window) (has no name)

             3 children:
             0x40000b "The clock: "big"": ("clock" "Clock")  200x100+5+6  +5+6
             0x40000a (has no name): ()  1x1+-1+-1  +-1+-1
                1 child:
                0x200009 "clock two": ()  10x10+0+0  +40+50
        """;

    private static final String WINDOW = """
        xwininfo: Window id: 0x40000b "x"

          Absolute upper-left X:  -5
          Absolute upper-left Y:  60
          Relative upper-left X:  0
          Relative upper-left Y:  0
          Width: 200
          Height: 100
          Map State: IsViewable
        """;

    @Test
    void windows_are_found_by_a_part_of_their_title() {
        assertThat(X11Window.listed(TREE, "CLOCK")).containsExactly("0x40000b", "0x200009");
        assertThat(X11Window.listed(TREE, "\"big\"")).containsExactly("0x40000b");
        assertThat(X11Window.listed(TREE, "Two")).containsExactly("0x200009");
        assertThat(X11Window.listed(TREE, "three")).isEmpty();
        assertThat(X11Window.listed("garbage", "three")).isEmpty();
    }

    @Test
    void a_window_is_where_it_is_shown() throws Exception {
        assertThat(X11Window.visible(WINDOW)).isEqualTo(new Rectangle(-5, 60, 200, 100));
        assertThat(X11Window.visible(WINDOW.replace("IsViewable", "IsUnMapped")))
                .isNull();
        assertThat(X11Window.visible("")).isNull();
    }

    @Test
    void a_window_that_would_take_all_memory_is_refused() {
        assertThatIOException()
                .isThrownBy(() -> X11Window.visible(WINDOW.replace("Width: 200", "Width: 32767")))
                .withMessageContaining("32767x100 pixels");
    }

    @Test
    void sizes_are_made_even_and_never_vanish() {
        assertThat(ScreenVideo.even(101.2)).isEqualTo(100);
        assertThat(ScreenVideo.even(0.3)).isEqualTo(2);
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Screens.screen(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Screens.region(new Rectangle(0, 0, 1, 9)));
        assertThatIllegalArgumentException().isThrownBy(() -> Screens.window(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> Screens.whole().framesPerSecond(61));
        assertThatIllegalArgumentException().isThrownBy(() -> Screens.whole().atMost(15, 100));
    }

    @Test
    void whatever_it_is_it_has_a_name_without_a_title() {
        assertThat(Screens.whole().cursor(false).framesPerSecond(60).name()).isEqualTo("screen 0");
        assertThat(Screens.window("secret").name()).isEqualTo("window");
    }
}
