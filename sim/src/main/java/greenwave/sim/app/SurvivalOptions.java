package greenwave.sim.app;

import greenwave.sim.SumoVecEnvBuilder;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.Optional;

/** What is done about a SUMO that crashes, hangs or might be reached by strangers. */
final class SurvivalOptions {
    private static final int MILLIS = 1_000;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            description =
                    "How often a world whose SUMO is lost is started anew before it has ended an"
                            + " episode whole (default: 3).")
    private Optional<Integer> restarts = Optional.empty();

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description =
                    "How long a SUMO that owes an answer may do nothing before it counts as hung"
                            + " (default: 60).")
    private Optional<Double> patience = Optional.empty();

    @Option(
            names = "--isolate",
            description =
                    "Runs SUMO in a network namespace of its own, where nobody else can connect.")
    private boolean isolate;

    /** Sets in {@code environment} what was given. */
    SumoVecEnvBuilder apply(final SumoVecEnvBuilder environment) {
        restarts.ifPresent(environment::restarts);
        patience.ifPresent(
                seconds -> environment.patience(Duration.ofMillis((long) (seconds * MILLIS))));
        return environment.isolate(isolate);
    }
}
