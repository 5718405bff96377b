package greenwave.sim.app;

import greenwave.sim.SumoVecEnv;

import picocli.CommandLine.Option;

import java.util.Optional;

/** The option of every command that starts SUMO. */
final class PortOption {
    @Option(
            names = "--port",
            paramLabel = "N",
            description =
                    "TCP port of the first world's SUMO; world k takes N + k (default: free ones).")
    private Optional<Integer> port = Optional.empty();

    /** Sets the port in {@code environment} where one was given. */
    SumoVecEnv.Builder apply(final SumoVecEnv.Builder environment) {
        port.ifPresent(environment::port);
        return environment;
    }
}
