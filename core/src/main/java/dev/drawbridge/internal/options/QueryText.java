package dev.drawbridge.internal.options;

import dev.drawbridge.OptionsException;
import dev.drawbridge.internal.crypto.WebText;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a person pasted, taken apart as the web page does it: a bare query, one with a question mark, or a whole link. Pure.
 *
 * @param host the host of a whole link, lower case
 * @param parameters names and values in their order; where a name comes twice, the first counts
 */
record QueryText(Optional<String> host, Map<String, String> parameters) {
    private static final int MAX_LENGTH = 65_536;
    private static final String ALLOWED = "push=name&…, ?push=name&… or https://host/?push=name&…";
    private static final Pattern LINK = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)(.*)$", Pattern.DOTALL);
    // Possessive, because a group that may give back takes a stack frame for each of a stranger's dots.
    private static final Pattern LINK_WITHOUT_SCHEME =
            Pattern.compile("^[A-Za-z0-9-]++(?:\\.[A-Za-z0-9-]++)++(?::\\d++)?(?:/[^?=&]*+)?\\?.*$", Pattern.DOTALL);
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[^:@\\s]+)(:\\d*)?");

    static QueryText of(String text) {
        String trimmed = WebText.trim(text);
        if (trimmed.length() > MAX_LENGTH) {
            throw new OptionsException("link", "is too long", "at most " + MAX_LENGTH + " characters");
        }
        String whole = LINK_WITHOUT_SCHEME.matcher(trimmed).matches() ? "https://" + trimmed : trimmed;
        Matcher link = LINK.matcher(whole);
        if (!link.matches()) {
            return new QueryText(Optional.empty(), parameters(trimmed));
        }
        String scheme = link.group(1).toLowerCase(Locale.ROOT);
        Matcher authority = AUTHORITY.matcher(link.group(2));
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new OptionsException("link", "is not a web address", ALLOWED);
        }
        if (!authority.matches()) {
            throw new OptionsException("link", "has no valid host name", ALLOWED);
        }
        String rest = link.group(3);
        int fragment = rest.indexOf('#');
        String address = fragment < 0 ? rest : rest.substring(0, fragment);
        int query = address.indexOf('?');
        return new QueryText(
                Optional.of(authority.group(1).toLowerCase(Locale.ROOT)),
                parameters(query < 0 ? "" : address.substring(query + 1)));
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String part : query.replace('?', '&').split("&", -1)) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                String name = WebText.decodeQueryPart(equals < 0 ? part : part.substring(0, equals));
                parameters.putIfAbsent(name, equals < 0 ? "" : WebText.decodeQueryPart(part.substring(equals + 1)));
            }
        }
        return parameters;
    }
}
