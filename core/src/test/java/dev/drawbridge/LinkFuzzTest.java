package dev.drawbridge;

import static dev.drawbridge.fuzz.FuzzInput.holds;
import static dev.drawbridge.fuzz.FuzzInput.same;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drawbridge.fuzz.FuzzInput;
import java.net.URI;
import java.util.List;

/** Links from strangers: options or problems and nothing else, and what is written is read back. */
class LinkFuzzTest {
    private static final URI PAGE = URI.create("https://vdo.ninja/");

    @DictionaryFile(resourcePath = "link.dict")
    @FuzzTest
    void link(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        String text = input.choice(2) == 0 ? input.text() : "https://vdo.ninja/?" + input.text();
        SessionOptions options;
        try {
            options = SessionOptions.parse(text);
        } catch (OptionsException expected) {
            holds(!expected.problems().isEmpty(), "refused without a problem");
            for (OptionsException.Problem problem : expected.problems()) {
                holds(!problem.message().isEmpty() && !problem.allowed().isEmpty(), "a problem that says nothing");
            }
            return;
        }
        String query = options.toQuery();
        SessionOptions again = SessionOptions.parse(query);
        same(again, options, "read back");
        same(again.toQuery(), query, "written twice");
        same(options.toBuilder().build(), options, "built again");
        if (options.push().isPresent()) {
            viewLink(options, options.push().get());
        }
    }

    private static void viewLink(SessionOptions options, StreamId stream) {
        SessionOptions viewer = SessionOptions.parse(options.viewLink(PAGE).toString());
        same(viewer.view(), List.of(stream), "stream of the view link");
        same(viewer.push().isPresent(), false, "a view link that publishes");
        same(viewer.password(), options.password(), "password of the view link");
        same(viewer.salt(), options.salt(), "salt of the view link");
        same(viewer.room(), options.room(), "room of the view link");
        same(viewer.endpoint(), options.endpoint(), "server of the view link");
    }
}
