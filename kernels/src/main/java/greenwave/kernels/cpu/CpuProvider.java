package greenwave.kernels.cpu;

import greenwave.kernels.Backend;
import greenwave.kernels.BackendProvider;

import java.util.Optional;

/** Offers {@code cpu}: OpenBLAS on one thread, and plain loops where it has nothing to offer. */
public final class CpuProvider implements BackendProvider {
    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public int rank() {
        return 10;
    }

    @Override
    public Optional<String> probe(final String device) {
        return device.isEmpty() ? OpenBlas.refusal() : Optional.of("it has no devices");
    }

    @Override
    public Backend open(final String device) {
        final Optional<String> refusal = probe(device);
        if (refusal.isPresent()) {
            throw new IllegalStateException("backend: requested=cpu, refused: " + refusal.get());
        }
        return new HostBackend(
                name(),
                "cpu (OpenBLAS, %s kernels, 1 thread)".formatted(OpenBlas.core()),
                new CpuKernels());
    }
}
