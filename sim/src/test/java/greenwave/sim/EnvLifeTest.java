package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How environments end, and with them or without them the JVM. */
@Timeout(60)
class EnvLifeTest {
    private static final int WORLDS = 2;

    @TempDir Path folder;

    /** Run in a JVM of its own: steps until it is told to stop. */
    static final class Endless {
        private Endless() {}

        public static void main(final String[] arguments) {
            try (SumoVecEnv env = SumoVecEnv.open(Configs.grid(1e9), WORLDS)) {
                env.reset(1);
                System.out.println("stepping");
                final int[][] stay = {new int[4 * WORLDS]};
                while (true) {
                    env.step(stay);
                }
            }
        }
    }

    @Test
    void goesWithTheJvmOnATermSignal() throws Exception {
        final Process jvm = startEndless();
        final List<ProcessHandle> sumos = sumos(jvm);
        jvm.destroy();
        assertTrue(jvm.waitFor(20, TimeUnit.SECONDS));
        assertEnded(sumos);
        assertEquals(List.of(), Leftovers.folders(folder, jvm.pid()));
    }

    @Test
    void doesNotOutliveAKilledJvm() throws Exception {
        final Process jvm = startEndless();
        final List<ProcessHandle> sumos = sumos(jvm);
        jvm.destroyForcibly().waitFor();
        assertEnded(sumos);
    }

    @Test
    void saysThatSumoIsNotInstalled() throws Exception {
        final ProcessBuilder builder = endless();
        builder.environment().put("PATH", folder.toString());
        builder.environment().remove("SUMO_HOME");
        assertEquals(1, builder.start().waitFor());
        assertTrue(
                errors().contains(
                                "greenwave.sim.SumoException: SUMO not found: looked in"
                                        + " $SUMO_HOME/bin and PATH, install it with 'apt-get install"
                                        + " sumo' or give -Dgreenwave.sumo=PATH"),
                errors());
    }

    private static void assertEnded(final List<ProcessHandle> sumos) throws Exception {
        for (final ProcessHandle sumo : sumos) {
            sumo.onExit().get(10, TimeUnit.SECONDS);
            assertFalse(sumo.isAlive());
        }
    }

    private static List<ProcessHandle> sumos(final Process jvm) {
        final List<ProcessHandle> sumos =
                jvm.descendants()
                        .filter(p -> p.info().command().orElse("").endsWith("sumo"))
                        .toList();
        assertEquals(WORLDS, sumos.size());
        return sumos;
    }

    private ProcessBuilder endless() {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        classPath(),
                        Endless.class.getName())
                .redirectError(folder.resolve("jvm.err").toFile());
    }

    private Process startEndless() throws IOException {
        final Process jvm = endless().start();
        final BufferedReader out = jvm.inputReader();
        assertEquals("stepping", out.readLine(), () -> "see the JVM's errors: " + errors());
        return jvm;
    }

    private String errors() {
        try {
            return Files.readString(folder.resolve("jvm.err"));
        } catch (final IOException e) {
            return e.toString();
        }
    }

    /** The class path, whether this JVM has its own classes there or on the module path. */
    private static String classPath() {
        return String.join(
                File.pathSeparator,
                Path.of("target/test-classes").toAbsolutePath().toString(),
                Path.of("target/classes").toAbsolutePath().toString(),
                Optional.ofNullable(System.getProperty("jdk.module.path")).orElse(""),
                System.getProperty("java.class.path"));
    }

    @Test
    void unloadsTheLibrariesAndClosesTheFilesOfClosedEnvironments() throws Exception {
        openAndClose();
        final long descriptors = descriptors();
        for (int i = 0; i < 6; i++) {
            openAndClose();
        }
        assertTrue(
                descriptors() <= descriptors + 2,
                "open files: " + descriptors() + ", before: " + descriptors);
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        // the JVM may hold on to the loaders that it used last
        while (loadedLibraries() > 2 && System.nanoTime() < deadline) {
            System.gc();
            Thread.sleep(50);
        }
        assertTrue(loadedLibraries() <= 2, "of 14, still loaded: " + loadedLibraries());
    }

    private static void openAndClose() {
        try (SumoVecEnv env = SumoVecEnv.open(Configs.cross(10), 2)) {
            env.reset(1);
            env.step(new int[][] {{0, 0}});
            assertTrue(loadedLibraries() >= 2, "each world has its own");
            env.step(new int[][] {{0, 0}}); // the second episode
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    /** {@return copies of libtraci that are mapped into this process} */
    private static long loadedLibraries() {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains("/libtraci"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .count();
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
