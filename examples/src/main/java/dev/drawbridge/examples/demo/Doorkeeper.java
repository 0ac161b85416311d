package dev.drawbridge.examples.demo;

import dev.drawbridge.ViewerApproval;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** With {@code &prompt}: asks about each viewer, and lets in whoever is answered with a line that begins with y. */
final class Doorkeeper implements ViewerApproval {
    /** Eight bytes of a fingerprint: nobody makes a certificate to fit them while somebody else waits at the door. */
    private static final int SHOWN = 23;

    private final Report report;
    private final BufferedReader answers;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread reader = new Thread(task, "demo-doorkeeper");
        reader.setDaemon(true);
        return reader;
    });

    Doorkeeper(Terminal terminal, Report report) {
        this.report = report;
        this.answers = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
    }

    @Override
    public CompletionStage<Boolean> decide(Request request) {
        return CompletableFuture.supplyAsync(() -> ask(request), thread);
    }

    private boolean ask(Request request) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("viewer", request.viewer().toString());
        facts.put("label", request.label());
        facts.put("role", request.role().name());
        facts.put("fingerprint", request.fingerprint());
        report.fact("ApprovalAsked", facts);
        report.say("Let " + words(request) + " in? Type y or n:");
        try {
            String answer = answers.readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
        } catch (IOException e) {
            return false;
        }
    }

    /** Label and role are claims; of the certificate a person compares the beginning, and a program the whole. */
    private static String words(Request request) {
        String label = request.label().isEmpty() ? "" : "\"" + request.label() + "\", ";
        String hash = request.fingerprint().replaceFirst("^\\S+ ", "");
        String certificate = hash.isEmpty()
                ? "no single certificate"
                : "certificate " + hash.substring(0, Math.min(hash.length(), SHOWN)) + "…";
        return request.viewer() + " (" + label + "says it is a "
                + request.role().name().toLowerCase(Locale.ROOT) + ", " + certificate + ")";
    }
}
