package greenwave.sim.libtraci;

import greenwave.sim.SumoException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What SUMO finds in its environment. It computes the same with it, only sooner: a simulation step
 * allocates many small objects, which gperftools' tcmalloc does faster than glibc, and looks up
 * translations of messages that it does not print, which the C locale spares.
 *
 * @param allocator the library that replaces malloc; empty for glibc's own
 */
public record SumoEnvironment(Optional<Path> allocator) {
    /** System property that names the library, or {@code none}. */
    public static final String PROPERTY = "greenwave.sumo.malloc";

    private static final String NONE = "none";
    private static final String LIBRARY = "libtcmalloc_minimal.so.4";
    private static final String PRELOAD = "LD_PRELOAD";
    private static final String HOME = "SUMO_HOME";
    private static final Path DEBIAN_HOME = Path.of("/usr/share/sumo");
    private static final String EVERY_LOCALE = "LC_ALL";
    private static final String LOCALE = "LC_";

    /**
     * {@return the environment of this machine} tcmalloc is looked for in the system's library folders.
     *
     * @throws SumoException if the property names no file
     */
    public static SumoEnvironment find() {
        final String chosen = System.getProperty(PROPERTY);
        if (chosen == null) {
            return new SumoEnvironment(
                    folders()
                            .map(folder -> folder.resolve(LIBRARY))
                            .filter(Files::isRegularFile)
                            .findFirst());
        }
        if (chosen.equals(NONE)) {
            return new SumoEnvironment(Optional.empty());
        }
        final Path library = Path.of(chosen).toAbsolutePath();
        if (!Files.isRegularFile(library)) {
            throw new SumoException(
                    "sumo: -D%s=%s, expected a library or %s".formatted(PROPERTY, chosen, NONE));
        }
        return new SumoEnvironment(Optional.of(library));
    }

    private static Stream<Path> folders() {
        final String architecture = System.getProperty("os.arch");
        final String debian = architecture.equals("amd64") ? "x86_64" : architecture;
        return Stream.of(
                        "/usr/local/lib",
                        "/usr/lib/" + debian + "-linux-gnu",
                        "/usr/lib64",
                        "/usr/lib")
                .map(Path::of);
    }

    /** {@return whether SUMO finds its XML schemas} */
    static boolean hasSchemas() {
        return System.getenv(HOME) != null || Files.isDirectory(DEBIAN_HOME);
    }

    /** Changes a copy of this JVM's environment to that of SUMO. A library that the user preloads stays the only one. */
    public void put(final Map<String, String> environment) {
        if (hasSchemas()) {
            environment.putIfAbsent(HOME, DEBIAN_HOME.toString());
        }
        allocator.ifPresent(library -> environment.putIfAbsent(PRELOAD, library.toString()));
        final String every = environment.get(EVERY_LOCALE);
        if (every != null && !every.isEmpty()) { // an empty one counts as none
            environment.keySet().removeIf(name -> name.startsWith(LOCALE));
            environment.put("LANG", every);
        }
        environment.put("LC_MESSAGES", "C");
    }
}
