package dev.drawbridge.internal.machine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * Everything that can be reached from one node, found breadth-first, so that the way to what is wrong is a shortest one. Nodes are
 * values; two that are equal are one. Two threads expand the nodes of one depth, one thread collects, so every run is the same.
 */
final class StateGraph<N> {
    private static final int THREADS = 2;
    private static final int CHUNK = 256;

    /** An edge to another node. A promised one comes about without anybody's help: a timer that runs, an end that is due. */
    record Edge<N>(N to, Object cause, boolean promised) {}

    /** Where one can go from a node, and how many inputs that took; those that change nothing need no edge. */
    record Fan<N>(List<Edge<N>> edges, long inputs) {}

    /** What one step may lead to; throws if a promise is broken. */
    interface Steps<N> {
        Fan<N> from(N node);
    }

    private final Map<N, Integer> ids = new HashMap<>();
    private final List<N> nodes = new ArrayList<>();
    private final List<Integer> parents = new ArrayList<>();
    private final List<Object> causes = new ArrayList<>();
    private final List<int[]> promised = new ArrayList<>();
    private long inputs;
    private long changes;

    private StateGraph() {}

    static <N> StateGraph<N> explore(N first, Steps<N> steps) {
        StateGraph<N> graph = new StateGraph<>();
        graph.add(first, -1, "");
        ExecutorService pool = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "state-graph");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (int begin = 0; begin < graph.nodes.size(); ) {
                int end = graph.nodes.size();
                graph.expand(begin, end, steps, pool);
                begin = end;
            }
        } finally {
            pool.shutdownNow();
        }
        return graph;
    }

    private void expand(int begin, int end, Steps<N> steps, ExecutorService pool) {
        List<Future<List<Fan<N>>>> parts = new ArrayList<>();
        for (int from = begin; from < end; from += CHUNK) {
            List<N> part = List.copyOf(nodes.subList(from, Math.min(end, from + CHUNK)));
            int first = from;
            Callable<List<Fan<N>>> work = () -> fans(part, first, steps);
            parts.add(pool.submit(work));
        }
        int from = begin;
        for (Future<List<Fan<N>>> part : parts) {
            for (Fan<N> fan : result(part)) {
                collect(from++, fan);
            }
        }
    }

    private List<Fan<N>> fans(List<N> part, int first, Steps<N> steps) {
        List<Fan<N>> fans = new ArrayList<>();
        for (int i = 0; i < part.size(); i++) {
            try {
                fans.add(steps.from(part.get(i)));
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError(broken.getMessage() + way(first + i), broken);
            }
        }
        return fans;
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof AssertionError broken ? broken : new AssertionError(failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private void collect(int from, Fan<N> fan) {
        inputs += fan.inputs();
        changes += fan.edges().size();
        List<Integer> own = new ArrayList<>();
        for (Edge<N> edge : fan.edges()) {
            Integer known = ids.get(edge.to());
            int to = known != null ? known : add(edge.to(), from, edge.cause());
            if (edge.promised()) {
                own.add(to);
            }
        }
        promised.add(own.stream().mapToInt(Integer::intValue).toArray());
    }

    private int add(N node, int parent, Object cause) {
        int id = nodes.size();
        ids.put(node, id);
        nodes.add(node);
        parents.add(parent);
        causes.add(cause);
        return id;
    }

    /** A shortest way to a node. Read by the expanding threads of a depth whose nodes are all there. */
    private String way(int id) {
        List<String> lines = new ArrayList<>();
        for (int at = id; at >= 0; at = parents.get(at)) {
            lines.add("%n  %s%n    %s".formatted(causes.get(at), nodes.get(at)));
        }
        Collections.reverse(lines);
        return "\nThe way there:" + String.join("", lines);
    }

    boolean contains(N node) {
        return ids.containsKey(node);
    }

    int size() {
        return nodes.size();
    }

    /** All inputs that were given in all nodes. */
    long inputs() {
        return inputs;
    }

    /** Those of them that led to another node. */
    long changes() {
        return changes;
    }

    List<N> nodes() {
        return nodes;
    }

    // ---- what comes about by itself ---------------------------------------------------------------------------------

    /** Every node from which nothing comes about by itself is at rest, or somebody waits for ever. */
    void deadEnds(Predicate<N> atRest) {
        for (int id = 0; id < nodes.size(); id++) {
            if (promised.get(id).length == 0 && !atRest.test(nodes.get(id))) {
                throw new AssertionError("a dead end" + way(id));
            }
        }
    }

    /**
     * What comes about by itself goes round in circles only in nodes that may; everywhere else it comes to rest, whatever the order.
     */
    void circles(Predicate<N> mayTurn) {
        int[] degree = new int[nodes.size()];
        List<List<Integer>> back = new ArrayList<>();
        for (int id = 0; id < nodes.size(); id++) {
            back.add(new ArrayList<>());
        }
        Deque<Integer> settled = new ArrayDeque<>();
        for (int id = 0; id < nodes.size(); id++) {
            for (int to : promised.get(id)) {
                if (!mayTurn.test(nodes.get(to))) {
                    degree[id]++;
                    back.get(to).add(id);
                }
            }
            if (degree[id] == 0) {
                settled.add(id);
            }
        }
        int count = 0;
        while (!settled.isEmpty()) {
            int id = settled.remove();
            count++;
            for (int before : back.get(id)) {
                if (--degree[before] == 0) {
                    settled.add(before);
                }
            }
        }
        if (count < nodes.size()) {
            for (int id = 0; id < nodes.size(); id++) {
                if (degree[id] > 0) {
                    throw new AssertionError("goes round in circles" + way(id));
                }
            }
        }
    }
}
