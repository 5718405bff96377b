package greenwave.sim.app;

import greenwave.sim.SumoVecEnvBuilder;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Optional;

/** The options of every command that starts SUMO. */
final class PortOption {
    @Option(
            names = "--port",
            paramLabel = "N",
            description =
                    "TCP port of the first world's SUMO; world k takes N + k (default: free ones).")
    private Optional<Integer> port = Optional.empty();

    @Mixin private SurvivalOptions survival;

    /** Sets in {@code environment} what was given. */
    SumoVecEnvBuilder apply(final SumoVecEnvBuilder environment) {
        port.ifPresent(environment::port);
        return survival.apply(environment);
    }
}
