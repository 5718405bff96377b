package greenwave.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;

class MainTest {
    private static void assertRefused(final String message, final String... args) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        assertEquals(message + System.lineSeparator(), err.toString());
        assertEquals("", out.toString());
        assertEquals(2, code);
    }

    @Test
    void aNetThatIsNotThereIsRefusedWithThoseThatAre() {
        assertRefused(
                "greenwave-bench: peers: --net=lstm, expected one of [mlp, conv, two]",
                "peers",
                "--net",
                "lstm");
    }

    @Test
    void anEmptyBatchIsRefused() {
        assertRefused(
                "greenwave-bench: peers: --batch=0, expected >= 1",
                "peers",
                "--net",
                "mlp",
                "--batch",
                "0");
    }

    @Test
    void noThreadsAndNoStepsAreRefused() {
        assertRefused(
                "greenwave-bench: peers: --threads=0, expected >= 1",
                "peers",
                "--net",
                "conv",
                "--threads",
                "0");
        assertRefused(
                "greenwave-bench: peers: --steps=-1, expected >= 1",
                "peers",
                "--net",
                "two",
                "--check",
                "--steps",
                "-1");
    }

    @Test
    void withoutTheLauncherItSaysHowToBuildThePeers() {
        assertRefused(
                "greenwave-bench: peers: built without libtorch; build it with: mvn -q -Ppeers"
                        + " -DskipTests package",
                "peers",
                "--net",
                "mlp");
    }

    @Test
    void noRoundsAreRefused() {
        assertRefused(
                "greenwave-bench: replay: --rounds=0, expected >= 1", "replay", "--rounds", "0");
    }

    @Test
    void aStressModeThatIsNotThereIsRefusedWithThoseThatAre() {
        assertRefused(
                "greenwave-bench: stress: --mode=mild, expected one of [sanity, quick, default,"
                        + " tough, stress]",
                "stress",
                "--mode",
                "mild");
    }
}
