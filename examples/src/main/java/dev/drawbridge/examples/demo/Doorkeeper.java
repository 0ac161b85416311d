package dev.drawbridge.examples.demo;

import dev.drawbridge.ViewerApproval;
import dev.drawbridge.ViewerId;
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
    public CompletionStage<Boolean> decide(ViewerId viewer, String label) {
        return CompletableFuture.supplyAsync(() -> ask(viewer, label), thread);
    }

    private boolean ask(ViewerId viewer, String label) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("viewer", viewer.toString());
        facts.put("label", label);
        report.fact("ApprovalAsked", facts);
        report.say("Let " + viewer + (label.isEmpty() ? "" : " (\"" + label + "\")") + " in? Type y or n:");
        try {
            String answer = answers.readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
        } catch (IOException e) {
            return false;
        }
    }
}
