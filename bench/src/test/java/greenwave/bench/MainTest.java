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
                "greenwave-bench: peers: --net=lstm, expected one of [mlp]",
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
    void withoutTheLauncherItSaysHowToBuildThePeers() {
        assertRefused(
                "greenwave-bench: peers: built without libtorch; build it with: mvn -q -Ppeers"
                        + " -DskipTests package",
                "peers",
                "--net",
                "mlp");
    }
}
