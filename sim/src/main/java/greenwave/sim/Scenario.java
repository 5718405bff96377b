package greenwave.sim;

import greenwave.engine.io.Sha256;
import greenwave.sim.net.RouteFiles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A network with its demand, ready for SUMO. A built-in one lies in a private temporary folder that
 * {@link #close} deletes, so close it after the last SUMO that reads it; a scenario of the user's own
 * files is left as it is.
 */
public final class Scenario implements AutoCloseable {
    private final SumoConfig sumo;
    private final Optional<Path> trainingDefaults;
    private final Optional<Path> temporary;
    private final Thread hook = new Thread(this::deleteTemporary, "greenwave-scenario");

    Scenario(
            final SumoConfig sumo,
            final Optional<Path> trainingDefaults,
            final Optional<Path> temporary) {
        this.sumo = sumo;
        this.trainingDefaults = trainingDefaults;
        this.temporary = temporary;
        if (temporary.isPresent()) {
            Runtime.getRuntime().addShutdownHook(hook); // for a JVM that is ended by a signal
        }
    }

    /** {@return what SUMO simulates; the files exist and are well-formed} */
    public SumoConfig sumo() {
        return sumo;
    }

    /** {@return the YAML file with the training defaults of a built-in scenario} */
    public Optional<Path> trainingDefaults() {
        return trainingDefaults;
    }

    /** {@return vehicles due in the window; an expectation where each seed draws its own} */
    public double vehicles() {
        return RouteFiles.read(sumo.routes(), sumo.additional(), sumo.begin(), sumo.end())
                .vehicles();
    }

    /**
     * {@return SHA-256 in hexadecimal of the network, route and additional files, in this order, by
     * file name; by path where two have the same name}
     *
     * @throws UncheckedIOException if a file cannot be read
     */
    public Map<String, String> sha256() {
        final Map<String, String> hashes = new LinkedHashMap<>();
        Stream.of(Stream.of(sumo.network()), sumo.routes().stream(), sumo.additional().stream())
                .flatMap(files -> files)
                .forEach(
                        file -> {
                            final String name = file.getFileName().toString();
                            hashes.put(
                                    hashes.containsKey(name) ? file.toString() : name,
                                    sha256(file));
                        });
        return Collections.unmodifiableMap(hashes);
    }

    /** Deletes what was unpacked; later calls do nothing. */
    @Override
    public void close() {
        if (temporary.isPresent()) {
            deleteTemporary();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (final IllegalStateException e) {
                // the JVM is going down, and the hook finds nothing left to do
            }
        }
    }

    private synchronized void deleteTemporary() {
        temporary.ifPresent(Scenario::delete);
    }

    /** Deletes {@code folder}, which holds files only, if it is still there. */
    static void delete(final Path folder) {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (final Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(final Path file) {
        try {
            return Sha256.of(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
