package greenwave.bench.soak;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What this JVM and its SUMO processes hold right now.
 *
 * @param descriptors open files and sockets of the JVM
 * @param threads of the JVM
 * @param classes that are loaded; each world's libtraci has its own
 * @param files in the JVM's temporary folders for SUMO
 * @param jvmMiB resident memory of the JVM
 * @param sumos SUMO processes
 * @param sumoMiB their resident memory, what they share split among them
 */
record Usage(
        long descriptors,
        long threads,
        long classes,
        long files,
        double jvmMiB,
        long sumos,
        double sumoMiB) {
    /** The columns of {@link #toString}. */
    static final String HEAD = "descriptors  threads  classes  files  JVM MiB  SUMOs  MiB per SUMO";

    private static final double KIB_PER_MIB = 1024;

    /** {@return what is held now, after a garbage collection} */
    static Usage now() throws IOException {
        System.gc();
        final long self = ProcessHandle.current().pid();
        long sumos = 0;
        double shares = 0;
        for (final ProcessHandle process : ProcessHandle.current().descendants().toList()) {
            if (process.info().command().orElse("").endsWith("sumo")) {
                sumos++;
                shares += mebibytes(process.pid(), "smaps_rollup", "Pss:");
            }
        }
        return new Usage(
                count(Path.of("/proc/self/fd"), 1),
                count(Path.of("/proc/self/task"), 1),
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                temporaryFiles("greenwave-sumo-" + self + '-'),
                mebibytes(self, "status", "VmRSS:"),
                sumos,
                shares);
    }

    private static long count(final Path folder, final int depth) throws IOException {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.count() - 1;
        }
    }

    private static long temporaryFiles(final String prefix) throws IOException {
        final Path root = Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> folders = Files.list(root)) {
            long files = 0;
            for (final Path folder :
                    folders.filter(f -> f.getFileName().toString().startsWith(prefix)).toList()) {
                files += count(folder, Integer.MAX_VALUE) + 1;
            }
            return files;
        }
    }

    /** {@return a figure of the kernel's about a process; 0 if it has just ended} */
    private static double mebibytes(final long pid, final String file, final String field) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid, file))) {
            return lines.filter(line -> line.startsWith(field))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / KIB_PER_MIB;
        } catch (final IOException e) {
            return 0;
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%11d %8d %8d %6d %8.0f %6d %13.1f",
                descriptors,
                threads,
                classes,
                files,
                jvmMiB,
                sumos,
                sumoMiB / Math.max(1, sumos));
    }
}
