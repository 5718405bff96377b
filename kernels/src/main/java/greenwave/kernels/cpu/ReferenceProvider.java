package greenwave.kernels.cpu;

import greenwave.kernels.Backend;
import greenwave.kernels.BackendProvider;

import java.util.Optional;

/** Offers {@code reference}: plain loops, always usable, slow. */
public final class ReferenceProvider implements BackendProvider {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public Optional<String> probe(final String device) {
        return device.isEmpty() ? Optional.empty() : Optional.of("it has no devices");
    }

    @Override
    public Backend open(final String device) {
        return new HostBackend(
                name(), "reference (plain loops)", new ReferenceKernels(), Optional.empty());
    }
}
