package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What README shows is what happens. */
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Pattern EXAMPLE = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @TempDir private Path folder;

    @Test
    void theEmbeddingExampleCompilesAndTrains() throws Exception {
        final Matcher example = EXAMPLE.matcher(Files.readString(README));
        assertTrue(example.find(), "README has no Java example");
        assertTrue(example.group(1).lines().count() <= 25, "the example is longer than 25 lines");
        final Path source = Files.writeString(folder.resolve("Example.java"), example.group(1));

        final Cli run = Cli.fork(Cli.java(List.of(), source.toString()));

        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("1,440 env steps"), run.out());
        assertTrue(run.out().matches("(?s).*show green phase [0-7]\\R"), run.out());
    }
}
