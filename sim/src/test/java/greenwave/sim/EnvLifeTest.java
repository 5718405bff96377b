package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
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
            final SumoVecEnv env = SumoVecEnv.open(Configs.grid(1e9), WORLDS); // never closed
            env.reset(1);
            System.out.println("stepping");
            final int[][] stay = {new int[4 * WORLDS]};
            for (int step = 0; ; step++) {
                env.step(stay);
                if (step == 10 && arguments.length > 0) {
                    switch (arguments[0]) {
                        case "throws" -> throw new IllegalStateException("as told");
                        case "exits" -> System.exit(3);
                        default -> Thread.ofPlatform().start(() -> System.exit(3));
                    }
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

    @ParameterizedTest
    @ValueSource(strings = {"throws", "exits", "is ended by another thread"})
    void goesWithAJvmThat(final String end) throws Exception {
        final ProcessBuilder builder = endless();
        builder.command().add(end);
        final Process jvm = builder.start();
        assertTrue(jvm.waitFor(30, TimeUnit.SECONDS));
        assertEquals(end.equals("throws") ? 1 : 3, jvm.exitValue(), errors());
        assertEquals(List.of(), sumosIn(folder));
        assertEquals(List.of(), Leftovers.folders(folder, jvm.pid()));
    }

    /** {@return processes of this machine whose command line has a path in {@code folder}} */
    private static List<ProcessHandle> sumosIn(final Path folder) {
        return ProcessHandle.allProcesses()
                .filter(p -> p.info().commandLine().orElse("").contains("tripinfo"))
                .filter(p -> p.info().commandLine().orElse("").contains(folder.toString()))
                .toList();
    }

    /** A SUMO without a client would wait for one for ever, whatever becomes of its parent. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "KILL"})
    void aSumoThatHasNotGotItsClientGoesToo(final String signal) throws Exception {
        final Path slow =
                FaultySumo.write(
                        folder,
                        """
                        echo $$ > "$HERE/$$.pid"
                        if once first; then sleep 3; fi
                        exec $SUMO "$@"
                        """);
        final ProcessBuilder builder = endless();
        builder.command().add(1, "-Dgreenwave.sumo=" + slow);
        final Process jvm = Signals.heeded(builder).start();
        final List<ProcessHandle> sumos = awaitPids();
        Signals.send(signal, jvm.pid());
        assertTrue(jvm.waitFor(20, TimeUnit.SECONDS));
        assertEnded(sumos);
        if (!signal.equals("KILL")) {
            assertEquals(List.of(), Leftovers.folders(folder, jvm.pid()));
        }
    }

    private List<ProcessHandle> awaitPids() throws Exception {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline) {
            try (Stream<Path> files = Files.list(folder)) {
                final List<Long> pids =
                        files.map(file -> file.getFileName().toString())
                                .filter(name -> name.endsWith(".pid"))
                                .map(name -> Long.parseLong(name.substring(0, name.length() - 4)))
                                .toList();
                if (pids.size() == WORLDS) {
                    return pids.stream().map(ProcessHandle::of).flatMap(Optional::stream).toList();
                }
            }
            Thread.sleep(5);
        }
        throw new AssertionError("SUMO did not start: " + errors());
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

    @ParameterizedTest
    @EnumSource(names = {"LIBTRACI", "WIRE"})
    void unloadsTheLibrariesAndClosesTheFilesOfClosedEnvironments(final Transport transport)
            throws Exception {
        openAndClose(transport);
        final long descriptors = descriptors();
        for (int i = 0; i < 6; i++) {
            openAndClose(transport);
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

    /** Threads but those that the JVM starts and ends as it needs them. */
    private static final Predicate<String> OURS =
            Pattern.compile("(C1|C2|GC|G1|process reaper).*").asMatchPredicate().negate();

    @Test
    @Timeout(180)
    void aHundredEpisodesLeaveNothingBehind() throws Exception {
        try (SumoVecEnv env = SumoVecEnv.open(Configs.cross(5), 2)) {
            env.reset(1);
            play(env, 10);
            final List<String> held = held();
            final double memory = memory();
            play(env, 40);
            assertEquals(held, held());
            // a SUMO's worth of leak per episode would be eight times as much
            assertTrue(memory() < memory + 100, "MiB: " + memory() + ", before: " + memory);
        }
    }

    private static void play(final SumoVecEnv env, final int decisions) {
        for (int decision = 0; decision < decisions; decision++) {
            assertEquals(2, env.step(new int[][] {{0, 0}}).ended().size());
        }
    }

    private static List<String> held() throws IOException {
        final Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        long files = 0;
        for (final Path folder : Leftovers.folders(temporary, ProcessHandle.current().pid())) {
            try (Stream<Path> tree = Files.walk(folder)) {
                files += tree.count();
            }
        }
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return List.of(
                    "descriptors=" + descriptors(),
                    "threads=" + threads.map(EnvLifeTest::name).filter(OURS).sorted().toList(),
                    "files=" + files);
        }
    }

    private static String name(final Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (final IOException e) {
            return "GC that has just ended";
        }
    }

    /** {@return resident memory of this JVM, MiB} */
    private static double memory() throws IOException {
        System.gc();
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / 1024.0;
        }
    }

    private static void openAndClose(final Transport transport) {
        final SumoVecEnvBuilder builder = SumoVecEnv.builder(Configs.cross(10));
        try (SumoVecEnv env = builder.worlds(2).transport(transport).open()) {
            env.reset(1);
            env.step(new int[][] {{0, 0}});
            assertEquals(transport, env.transport());
            assertTrue(
                    transport == Transport.WIRE || loadedLibraries() >= 2,
                    "each world has its own");
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
