package greenwave.sim.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.sim.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What other programs did must be what Greenwave does, value by value. */
class OracleTest {
    private static final Path FOLDER = Path.of("src/test/resources/oracle");
    private static final int MOST_BYTES = 2 << 20;

    static List<Arguments> recordings() throws IOException {
        try (Stream<Path> tree = Files.walk(FOLDER)) {
            return tree.filter(file -> file.toString().contains(".jsonl"))
                    .sorted()
                    .flatMap(
                            file ->
                                    Stream.of(Transport.LIBTRACI, Transport.WIRE)
                                            .map(transport -> Arguments.of(file, transport)))
                    .toList();
        }
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("recordings")
    void doesWhatWasRecorded(final Path file, final Transport transport) {
        final OracleReport report = new Oracle(Optional.empty(), transport).compare(file);
        assertTrue(report.values() > 2L * report.rows(), "values compared: " + report.values());
        if (report.excuse().isEmpty()) {
            assertEquals("", report.firstDifference());
            assertEquals(0, report.mismatches());
        }
    }

    @Test
    void fitsIntoAClone() throws IOException {
        try (Stream<Path> tree = Files.walk(FOLDER)) {
            final long bytes =
                    tree.filter(Files::isRegularFile).mapToLong(p -> p.toFile().length()).sum();
            assertTrue(bytes <= MOST_BYTES, "bytes: " + bytes);
        }
    }
}
