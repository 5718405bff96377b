package greenwave.sim.app;

import picocli.CommandLine.Option;

/** Where every command that computes does so. It stands for {@code -Dgreenwave.backend} of this process. */
final class BackendOption {
    @Option(
            names = "--backend",
            paramLabel = "NAME",
            description =
                    "Where to compute: cpu, cuda:0 or another device, reference; auto, the best that works here"
                            + " (default). 'greenwave doctor' tells which do.")
    private void set(final String name) {
        System.setProperty(Engines.BACKEND, name);
    }
}
