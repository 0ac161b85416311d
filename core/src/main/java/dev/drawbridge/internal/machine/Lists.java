package dev.drawbridge.internal.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Changes of immutable lists, and a search that answers null because every caller branches on it at once. */
final class Lists {
    private Lists() {}

    static <T> @Nullable T find(List<T> list, Predicate<T> wanted) {
        for (T item : list) {
            if (wanted.test(item)) {
                return item;
            }
        }
        return null;
    }

    static <T> List<T> plus(List<T> list, T item) {
        List<T> copy = new ArrayList<>(list);
        copy.add(item);
        return List.copyOf(copy);
    }

    static <T> List<T> plusAll(List<T> list, List<T> items) {
        List<T> copy = new ArrayList<>(list);
        copy.addAll(items);
        return List.copyOf(copy);
    }

    static <T> List<T> minus(List<T> list, T item) {
        return list.stream().filter(each -> !each.equals(item)).toList();
    }

    static <T> List<T> replace(List<T> list, T old, T changed) {
        return list.stream().map(each -> each.equals(old) ? changed : each).toList();
    }
}
