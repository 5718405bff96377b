package greenwave.bench.suite;

import greenwave.bench.JsonFile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code greenwave-bench readme}. */
@Command(
        name = "readme",
        description =
                "Puts the figures of a stored suite into the tables of a Markdown file: those after a line"
                        + " <!-- results: NAME -->.",
        mixinStandardHelpOptions = true)
public final class ReadmeCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "RESULTS.json", description = "What a suite has written.")
    private Path results;

    @Parameters(index = "1", paramLabel = "README.md", description = "Is rewritten.")
    private Path readme;

    /** For picocli. */
    public ReadmeCommand() {}

    @Override
    public Integer call() throws IOException {
        final Results stored = JsonFile.read(results, Results.class);
        Files.writeString(readme, Readme.updated(Files.readString(readme), stored.tables()));
        return 0;
    }
}
