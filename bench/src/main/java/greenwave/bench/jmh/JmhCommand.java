package greenwave.bench.jmh;

import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code greenwave-bench jmh}: every argument is JMH's. */
@Command(
        name = "jmh",
        description =
                "Runs JMH: jmh [REGEX] [JMH options]; jmh -l lists the benchmarks, jmh -h the"
                        + " options.")
public final class JmhCommand implements Callable<Integer> {
    @Unmatched private List<String> arguments = new ArrayList<>();

    /** For picocli. */
    public JmhCommand() {}

    @Override
    public Integer call() throws Exception {
        org.openjdk.jmh.Main.main(
                arguments.toArray(String[]::new)); // ends the JVM itself if it fails
        return 0;
    }
}
