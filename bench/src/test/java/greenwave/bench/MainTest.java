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

    @Test
    void trainingInNoWorldIsRefused() {
        assertRefused(
                "greenwave-bench: train: --worlds=0, --turns=30, --rate-turns=4, --seed=1, expected >="
                        + " 1, >= --rate-turns, >= 1, >= 0",
                "train",
                "--worlds=0");
    }

    @Test
    void aPathThatIsNotGuardedIsRefusedWithThoseThatAre() {
        assertRefused(
                "greenwave-bench: guard: --path=none, expected one of [train mlp/128, act mlp/1, act"
                        + " mlp/64, train conv/128, act conv/1, train two/128, act two/1, sum tree,"
                        + " gather, decode, decision]",
                "guard",
                "--path=none");
    }
}
