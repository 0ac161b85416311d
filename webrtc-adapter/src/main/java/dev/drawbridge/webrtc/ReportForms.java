package dev.drawbridge.webrtc;

import dev.drawbridge.webrtc.Doctor.Check;
import dev.drawbridge.webrtc.Doctor.Report;
import dev.drawbridge.webrtc.Doctor.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report for a person and for a program. */
final class ReportForms {
    private static final int WIDTH = 80;
    private static final int NAME = 16;
    private static final String INDENT = " ".repeat(9 + NAME + 2);

    private ReportForms() {}

    static String text(Report report) {
        List<String> lines = new ArrayList<>();
        report.checks().forEach(check -> lines.addAll(lines(check)));
        lines.add("");
        lines.add(summary(report));
        return String.join("\n", lines) + "\n";
    }

    private static List<String> lines(Check check) {
        List<String> lines = new ArrayList<>();
        check.findings().forEach(finding -> lines.addAll(wrapped(finding, INDENT, INDENT)));
        check.advice().forEach(advice -> lines.addAll(wrapped(advice, INDENT + "-> ", INDENT + "   ")));
        if (lines.isEmpty()) {
            lines.add(INDENT);
        }
        String head = String.format(Locale.ROOT, "%-9s%-" + NAME + "s  ", word(check.verdict()), check.name());
        lines.set(
                0,
                (head
                                + lines.get(0)
                                        .substring(Math.min(
                                                INDENT.length(), lines.get(0).length())))
                        .stripTrailing());
        return lines;
    }

    private static String word(Verdict verdict) {
        return verdict == Verdict.FAILED ? "FAILED" : verdict.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> wrapped(String text, String first, String others) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(first);
        boolean fresh = true;
        for (String word : text.strip().split(" ", -1)) {
            if (!fresh && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(others);
                fresh = true;
            }
            line.append(fresh ? "" : " ").append(word);
            fresh = false;
        }
        lines.add(line.toString());
        return lines;
    }

    private static String summary(Report report) {
        String seconds = String.format(Locale.ROOT, "%.1f s", report.took().toMillis() / 1000.0);
        long failed = count(report, Verdict.FAILED);
        long warned = count(report, Verdict.WARNING);
        String warnings = warned == 0 ? "" : ", " + warned + (warned == 1 ? " warning" : " warnings");
        return (failed == 0
                        ? "Nothing failed"
                        : failed + " of " + report.checks().size() + " checks failed") + warnings + ", in " + seconds
                + ".";
    }

    private static long count(Report report, Verdict verdict) {
        return report.checks().stream()
                .filter(check -> check.verdict() == verdict)
                .count();
    }

    // ---- JSON; this module has no reader or writer of it, and needs no other
    // -----------------------------------------

    static String json(Report report) {
        return "{\"healthy\":" + report.healthy() + ",\"tookMs\":"
                + report.took().toMillis() + ",\"checks\":["
                + report.checks().stream().map(ReportForms::json).collect(Collectors.joining(",")) + "]}";
    }

    private static String json(Check check) {
        return "{\"name\":" + quoted(check.name()) + ",\"verdict\":"
                + quoted(check.verdict().name())
                + ",\"findings\":" + list(check.findings()) + ",\"advice\":" + list(check.advice()) + ",\"tookMs\":"
                + check.took().toMillis() + "}";
    }

    private static String list(List<String> texts) {
        return texts.stream().map(ReportForms::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
