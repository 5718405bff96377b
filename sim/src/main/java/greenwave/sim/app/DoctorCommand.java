package greenwave.sim.app;

import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SumoException;
import greenwave.sim.libtraci.SumoInstallation;
import greenwave.sim.net.Network;
import greenwave.sim.signal.Compat;
import greenwave.sim.signal.Diagnosis;
import greenwave.sim.signal.ProgramPhases;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code greenwave doctor}. */
@Command(
        name = "doctor",
        description = {
            "Tells what this machine can compute on, what was found of it and where, or why it is not used.",
            "Or, of a network, what can be controlled, signal by signal: green phases, incoming"
                    + " lanes and roads, and what is odd.",
            "Exit code 1 if no signal can be controlled, 2 if the backend that --backend names cannot be had."
        })
final class DoctorCommand implements Callable<Integer> {
    @Mixin private BackendOption backend;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE.sumocfg",
            description = "A .sumocfg file, a folder or a built-in scenario; none for the machine.")
    private String scenario;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        if (scenario == null) {
            BackendTable.print(out, Engines.backend());
            out.println(sumo());
            return 0;
        }
        return diagnose(out);
    }

    private static String sumo() {
        try {
            final SumoInstallation sumo = SumoInstallation.find();
            return "SUMO: %s, malloc: %s"
                    .formatted(
                            sumo.program(),
                            sumo.environment()
                                    .allocator()
                                    .map(Path::toString)
                                    .orElse("glibc's, libtcmalloc-minimal4 is faster"));
        } catch (final SumoException e) {
            return e.getMessage();
        }
    }

    private int diagnose(final PrintWriter out) {
        final List<Diagnosis> all;
        try (Scenario opened = Scenarios.open(scenario)) {
            all =
                    Diagnosis.of(
                            Network.read(opened.sumo().network(), opened.sumo().additional()),
                            new ProgramPhases(Compat.NONE));
        }
        final int width = all.stream().mapToInt(d -> d.id().length()).max().orElse(0);
        final String row = "%-" + Math.max(width, 6) + "s %6s %6s %6s  %s%n";
        out.printf(row, "signal", "greens", "lanes", "roads", "what is odd");
        for (final Diagnosis one : all) {
            final List<String> remarks = new ArrayList<>();
            one.refusal().ifPresent(reason -> remarks.add("NOT CONTROLLED: " + reason));
            remarks.addAll(one.oddities());
            out.printf(
                    row,
                    one.id(),
                    one.refusal().isPresent() ? "-" : one.greens(),
                    one.lanes(),
                    one.roads(),
                    remarks.isEmpty() ? "-" : String.join("; ", remarks));
        }
        final long controlled = all.stream().filter(one -> one.refusal().isEmpty()).count();
        out.printf("%d of %d signals can be controlled%n", controlled, all.size());
        return controlled > 0 ? 0 : 1;
    }
}
