package greenwave.kernels.cpu;

import greenwave.kernels.Backend;
import greenwave.kernels.BackendProvider;
import greenwave.kernels.Kernels;

import java.util.Optional;

/**
 * Offers {@code cpu}: OpenBLAS for matrices, oneDNN for images, and plain loops where they have nothing to offer. One
 * thread, or for images as many as the system property {@code greenwave.threads} says; those wait for work by spinning for
 * a moment, so more than one is for a machine with nothing else to do.
 */
public final class CpuProvider implements BackendProvider {
    private static final String THREADS = "greenwave.threads";

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
        if (!device.isEmpty()) {
            return Optional.of("it has no devices");
        }
        return wrongThreads().or(OpenBlas::refusal);
    }

    private static String requestedThreads() {
        return System.getProperty(THREADS, "1");
    }

    private static Optional<String> wrongThreads() {
        final int most = Runtime.getRuntime().availableProcessors();
        try {
            final int threads = Integer.parseInt(requestedThreads());
            if (threads >= 1 && threads <= most) {
                return Optional.empty();
            }
        } catch (final NumberFormatException e) {
            // refused as any other wrong value
        }
        return Optional.of(
                "%s=%s, expected 1 to %d, the processors"
                        .formatted(THREADS, requestedThreads(), most));
    }

    @Override
    public Backend open(final String device) {
        final Optional<String> refusal = probe(device);
        if (refusal.isPresent()) {
            throw new IllegalStateException("backend: requested=cpu, refused: " + refusal.get());
        }
        final int threads = Integer.parseInt(requestedThreads());
        final boolean vectors = VectorModule.present();
        final Kernels kernels = vectors ? new VectorKernels() : new CpuKernels();
        return new HostBackend(
                name(),
                "cpu (OpenBLAS, %s kernels, %s, 1 thread; images on %d)"
                        .formatted(
                                OpenBlas.core(), vectors ? "Vector API" : "plain loops", threads),
                kernels,
                Optional.of(new OneDnnLayouts(threads, kernels)));
    }
}
