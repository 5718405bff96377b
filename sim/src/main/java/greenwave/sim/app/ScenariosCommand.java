package greenwave.sim.app;

import greenwave.engine.env.AgentGroup;
import greenwave.sim.Scenario;
import greenwave.sim.Scenarios;
import greenwave.sim.SumoConfig;
import greenwave.sim.SumoVecEnv;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code greenwave scenarios}. */
@Command(
        name = "scenarios",
        description = "Lists the built-in scenarios: signals, actions, expected vehicles, window.")
final class ScenariosCommand implements Callable<Integer> {
    private static final String ROW = "%-10s %8s  %-14s %9s  %s%n";

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        out.printf(ROW, "scenario", "signals", "actions", "vehicles", "window");
        for (final String name : Scenarios.names()) {
            try (Scenario scenario = Scenarios.open(name)) {
                final SumoConfig sumo = scenario.sumo();
                final List<AgentGroup> groups = SumoVecEnv.builder(sumo).groups();
                out.printf(
                        ROW,
                        name,
                        groups.stream().mapToInt(group -> group.agents().size()).sum(),
                        groups.stream()
                                .map(group -> group.agents().size() + " x " + group.actions())
                                .collect(Collectors.joining(", ")),
                        "~" + Math.round(scenario.vehicles()),
                        "%.0f..%.0f s".formatted(sumo.begin(), sumo.end()));
            }
        }
        return 0;
    }
}
