package greenwave.kernels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Finds and opens backends. A named one is opened exactly or refused; there is no silent fallback. */
public final class Backends {
    /** The name that leaves the choice to the ranks. */
    public static final String AUTO = "auto";

    private static final System.Logger LOG = System.getLogger(Backends.class.getName());

    private Backends() {}

    /**
     * Opens a backend.
     *
     * @param requested {@link #AUTO} for the usable one of highest rank, which is logged; else a provider's name, with
     *     {@code :device} where it has several
     * @throws IllegalArgumentException if it cannot be had; the message lists each refusal
     */
    public static Backend open(final String requested) {
        return open(requested, providers());
    }

    /** {@return every kind of backend in the order in which {@link #AUTO} tries them, and how it stands here} */
    public static List<BackendReport> survey() {
        return providers().stream()
                .map(
                        provider -> {
                            final Optional<String> refusal = provider.probe("");
                            return new BackendReport(provider.name(), refusal, provider.findings());
                        })
                .toList();
    }

    static Backend open(final String requested, final List<BackendProvider> providers) {
        final int colon = requested.indexOf(':');
        final String name = colon < 0 ? requested : requested.substring(0, colon);
        final String device = colon < 0 ? "" : requested.substring(colon + 1);
        final boolean auto = requested.equals(AUTO);
        final List<String> refused = new ArrayList<>();
        for (final BackendProvider provider : providers) {
            if (!auto && !provider.name().equals(name)) {
                continue;
            }
            final Optional<String> reason = provider.probe(device);
            if (reason.isEmpty()) {
                final Backend backend = provider.open(device);
                if (auto) {
                    LOG.log(
                            System.Logger.Level.INFO,
                            "backend: chosen={0}, refused={1}",
                            backend.describe(),
                            refused);
                }
                return backend;
            }
            refused.add(provider.name() + ": " + reason.get());
        }
        throw new IllegalArgumentException(
                "backend: requested=%s, usable=none, refused=%s, known=%s"
                        .formatted(
                                requested,
                                refused,
                                providers.stream().map(BackendProvider::name).toList()));
    }

    private static List<BackendProvider> providers() {
        return ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(BackendProvider::rank).reversed())
                .toList();
    }
}
