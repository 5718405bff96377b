package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

class OracleCommandTest {
    private static final Path FOLDER = Path.of("src/test/resources/oracle").toAbsolutePath();
    private static final Path ONE = FOLDER.resolve("recordings/cross2-begin300.jsonl.gz");
    private static final Path QUIRK = FOLDER.resolve("recordings/cross2-step05-quirk.jsonl.gz");

    @TempDir Path folder;

    private static String text(final Path file) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Path write(final String name, final String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void tellsWhatItComparedAndThatItIsEqual() {
        final Cli cli = Cli.run("oracle", ONE.toString());
        assertEquals(0, cli.code(), cli.err());
        assertTrue(
                cli.out()
                        .matches(
                                "(?s)cross2-begin300.jsonl.gz +121 rows +1\\d{4} values +0 mismatches\\R"),
                cli.out());
    }

    @Test
    void tellsTheFirstDifference() throws IOException {
        final Path changed =
                write(
                        "changed.jsonl",
                        text(ONE)
                                .replaceFirst(
                                        "\"k\":7(.*?)\"tslpc\":\\d+", "\"k\":7$1\"tslpc\":77"));
        final Cli cli = Cli.run("oracle", "--root", FOLDER.toString(), changed.toString());
        assertEquals(1, cli.code(), cli.err());
        assertTrue(cli.out().contains(" 1 mismatches"), cli.out());
        assertTrue(
                cli.out().contains("    first difference: k=7 C tslpc: expected 77, got "),
                cli.out());
    }

    @Test
    void excusesWhatNeedNotMatch() {
        final Cli cli = Cli.run("oracle", QUIRK.toString());
        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("mismatches  (need not match)"), cli.out());
    }

    @Test
    void saysInOneLineWhatIsWrongWithARecording() throws IOException {
        final byte[] bytes = Files.readAllBytes(ONE);
        final Path cut = folder.resolve("cut.jsonl.gz");
        Files.write(cut, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        final String header = text(ONE).lines().findFirst().orElseThrow();
        refuses(folder.resolve("none.gz"), ": no such file");
        refuses(cut, ":56: damaged: Unexpected end of ZLIB input stream");
        refuses(
                write("a", "{\"format\":\"x-1\"}\n{}\n"),
                ": format=x-1, expected one of generaltls-oracle-1, image-golden-1, sumogym-ascoded-1, sumogym-designed-1, sumorl-oracle-1, sumorl-pz-1");
        refuses(write("b", "[1]\n"), ":1: damaged: expected an object");
        refuses(write("c", ""), ": no recording, expected a first line with a format");
        refuses(write("d", header), ": rows=0, expected at least 1");
        refuses(
                write("e", header + "\n{}\n"),
                ": scenarios/cross2/cross2.net.xml is in no folder above the recording, expected --root DIR");
    }

    private static void refuses(final Path file, final String message) {
        final Cli cli = Cli.run("oracle", file.toString());
        assertEquals(2, cli.code());
        assertEquals("greenwave: " + file + message + System.lineSeparator(), cli.err());
    }
}
