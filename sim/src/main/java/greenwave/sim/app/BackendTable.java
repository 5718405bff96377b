package greenwave.sim.app;

import greenwave.kernels.Backend;
import greenwave.kernels.BackendReport;
import greenwave.kernels.Backends;

import java.io.PrintWriter;

/** What can compute on this machine, what was found of it and where, or why it is not used. */
final class BackendTable {
    private static final String ROW = "%-10s %-6s  %s%n";

    private BackendTable() {}

    /**
     * Prints it.
     *
     * @param asked the backend to open, which the last line describes
     * @throws IllegalArgumentException if that cannot be had
     */
    static void print(final PrintWriter out, final String asked) {
        out.printf(ROW, "backend", "usable", "what was found");
        for (final BackendReport report : Backends.survey()) {
            String name = report.name();
            String usable = report.refusal().isEmpty() ? "yes" : "no";
            for (final String line : report.refusal().stream().toList()) {
                out.printf(ROW, name, usable, line);
                name = "";
                usable = "";
            }
            for (final String line : report.findings()) {
                out.printf(ROW, name, usable, line);
                name = "";
                usable = "";
            }
            if (!name.isEmpty()) {
                out.printf(ROW, name, usable, "-");
            }
        }
        try (Backend backend = Backends.open(asked)) {
            out.printf("--backend %s: %s%n", asked, backend.describe());
        }
    }
}
