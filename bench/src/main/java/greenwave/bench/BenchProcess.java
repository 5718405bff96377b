package greenwave.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines of processes that are measured, free of settings that would slow one of them. */
public final class BenchProcess {
    /** Inherited settings of these would slow one side or both: kernels for other processors, other numbers of threads. */
    private static final List<String> FOREIGN =
            List.of(
                    "OPENBLAS_",
                    "GOTO_",
                    "OMP_",
                    "KMP_",
                    "MKL_",
                    "DNNL_",
                    "ONEDNN_",
                    "ATEN_",
                    "MALLOC_");

    private BenchProcess() {}

    /** {@return a process in a clean environment} */
    public static ProcessBuilder of(final List<String> command) {
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(name -> FOREIGN.stream().anyMatch(name::startsWith));
        return builder;
    }

    /** {@return a JVM like this one, with this class path and what {@code classPath} adds to it} */
    public static ProcessBuilder java(
            final String classPath,
            final List<String> options,
            final String main,
            final List<String> arguments) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--add-modules=jdk.incubator.vector");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path") + classPath, main));
        command.addAll(arguments);
        return of(command);
    }
}
