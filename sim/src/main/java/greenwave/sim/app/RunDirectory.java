package greenwave.sim.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of one training run. */
final class RunDirectory implements AutoCloseable {
    private static final String POLICY = "policy.safetensors";

    private final Path folder;
    private final ProgressCsv progress;
    private final LearningCurve curve = new LearningCurve();

    private RunDirectory(final Path folder, final ProgressCsv progress) {
        this.folder = folder;
        this.progress = progress;
    }

    /**
     * Creates the folder where it is missing and writes the resolved {@code settings}.
     *
     * @throws IllegalArgumentException if {@code folder} is a file or holds a finished run, which
     *     stays as it is
     */
    static RunDirectory create(final Path folder, final ConfigValues settings) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("out=%s, expected a folder".formatted(folder));
        }
        if (holdsPolicy(folder)) {
            throw new IllegalArgumentException(
                    "out=%s holds a finished run, expected another folder".formatted(folder));
        }
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.yaml"), settings.toYaml());
        return new RunDirectory(folder, new ProgressCsv(folder.resolve("progress.csv")));
    }

    /** {@return {@code runs/NAME}, or the first of {@code runs/NAME-2}, ... without a finished run} */
    static Path unused(final String name) {
        Path folder = Path.of("runs", name);
        for (int i = 2; holdsPolicy(folder); i++) {
            folder = Path.of("runs", name + "-" + i);
        }
        return folder;
    }

    private static boolean holdsPolicy(final Path folder) {
        return Files.exists(folder.resolve(POLICY));
    }

    /** {@return where the policy goes} */
    Path policy() {
        return folder.resolve(POLICY);
    }

    /** {@return the table of episodes} */
    ProgressCsv progress() {
        return progress;
    }

    /** {@return the curve of delays} */
    LearningCurve curve() {
        return curve;
    }

    /** Writes the curve's picture. */
    void writeCurve(final String title) throws IOException {
        curve.write(folder.resolve("learning-curve.png"), title);
    }

    /** Writes {@code content} as JSON. */
    void writeJson(final String name, final Object content) throws IOException {
        Json.write(folder.resolve(name), content);
    }

    @Override
    public void close() throws IOException {
        progress.close();
    }
}
