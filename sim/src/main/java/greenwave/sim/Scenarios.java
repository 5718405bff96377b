package greenwave.sim;

import greenwave.sim.net.SumoConfigReader;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds scenarios: the built-in ones by name, the user's own by path. */
public final class Scenarios {
    private static final List<String> BUILT_IN = List.of("cross", "grid4x4", "tee");
    private static final String TRAINING_DEFAULTS = "config.yaml";

    private Scenarios() {}

    /** {@return the names of the built-in scenarios, sorted} */
    public static List<String> names() {
        return BUILT_IN;
    }

    /**
     * Opens a scenario and checks its files.
     *
     * @param scenario a built-in name, which goes before a path of the same name; a {@code .sumocfg}
     *     file; or a folder with one {@code .sumocfg} file or, without any, one {@code .net.xml} and
     *     its {@code .rou.xml} files
     * @throws IllegalArgumentException if there is no such scenario, or its files are at fault, with
     *     {@code file:line}; nothing is left behind
     * @throws UncheckedIOException if a built-in scenario cannot be unpacked
     */
    public static Scenario open(final String scenario) {
        if (BUILT_IN.contains(scenario)) {
            return unpack(scenario);
        }
        final Path path = path(scenario);
        if (Files.isDirectory(path)) {
            return ownFiles(inFolder(scenario, path));
        }
        if (!path.toString().endsWith(".sumocfg")) {
            throw unknown(scenario);
        }
        return ownFiles(SumoConfigReader.read(stem(path), path));
    }

    private static Path path(final String scenario) {
        try {
            return Path.of(scenario);
        } catch (final InvalidPathException e) {
            throw unknown(scenario);
        }
    }

    private static IllegalArgumentException unknown(final String scenario) {
        return new IllegalArgumentException(
                "scenario=%s, expected one of %s, a folder or a .sumocfg file"
                        .formatted(scenario, String.join(", ", BUILT_IN)));
    }

    private static Scenario ownFiles(final SumoConfig sumo) {
        return new Scenario(sumo, Optional.empty(), Optional.empty());
    }

    private static SumoConfig inFolder(final String scenario, final Path folder) {
        final List<Path> configurations = files(folder, ".sumocfg");
        if (configurations.size() == 1) {
            return SumoConfigReader.read(
                    stem(configurations.getFirst()), configurations.getFirst());
        }
        final List<Path> networks = files(folder, ".net.xml", ".net.xml.gz");
        final List<Path> routes = files(folder, ".rou.xml", ".rou.xml.gz");
        if (!configurations.isEmpty() || networks.size() != 1 || routes.isEmpty()) {
            throw new IllegalArgumentException(
                    "scenario=%s, .sumocfg files=%d, .net.xml files=%d, .rou.xml files=%d, expected one .sumocfg, or one .net.xml and at least one .rou.xml"
                            .formatted(
                                    scenario,
                                    configurations.size(),
                                    networks.size(),
                                    routes.size()));
        }
        return SumoConfigReader.of(stem(networks.getFirst()), networks.getFirst(), routes);
    }

    private static List<Path> files(final Path folder, final String... endings) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .sorted()
                    .toList();
        } catch (final IOException e) {
            throw new IllegalArgumentException(
                    "scenario=%s: cannot list the folder: %s".formatted(folder, e.getMessage()), e);
        }
    }

    /** {@return the file's name up to its first dot} */
    private static String stem(final Path file) {
        final String name = file.getFileName().toString();
        final int dot = name.indexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static Scenario unpack(final String name) {
        final Path folder = temporaryFolder(name);
        try {
            for (final String file :
                    List.of(
                            name + ".sumocfg",
                            name + ".net.xml",
                            name + ".rou.xml",
                            TRAINING_DEFAULTS)) {
                copy("scenarios/" + name + "/" + file, folder.resolve(file));
            }
            final SumoConfig sumo = SumoConfigReader.read(name, folder.resolve(name + ".sumocfg"));
            return new Scenario(
                    sumo, Optional.of(folder.resolve(TRAINING_DEFAULTS)), Optional.of(folder));
        } catch (final RuntimeException e) {
            Scenario.delete(folder);
            throw e;
        }
    }

    private static Path temporaryFolder(final String name) {
        try {
            return Files.createTempDirectory("greenwave-" + name + "-");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(final String resource, final Path file) {
        try (InputStream bytes = Scenarios.class.getResourceAsStream(resource)) {
            if (bytes == null) {
                throw new IllegalStateException("resource " + resource + " is not in the jar");
            }
            Files.copy(bytes, file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
