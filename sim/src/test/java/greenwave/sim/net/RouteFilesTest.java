package greenwave.sim.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class RouteFilesTest {
    @TempDir private Path folder;

    /** The window is [100, 200). */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <vehicle id="a" depart="99.9"/>                          | 0
                    <vehicle id="a" depart="100"/>                           | 1
                    <trip id="a" depart="0:03:19"/>                          | 1
                    <trip id="a" depart="200"/>                              | 0
                    <vehicle id="a" depart="triggered"/>                     | 1
                    <vehicle id="a"><param key="depart" value="1"/></vehicle> | 1
                    <flow id="a" begin="0" end="400" period="2"/>            | 50
                    <flow id="a" begin="150" period="exp(0.5)"/>             | 25
                    <flow id="a" begin="0" end="150" vehsPerHour="3600"/>    | 50
                    <flow id="a" begin="150" end="400" probability="0.1"/>   | 5
                    <flow id="a" begin="100" end="300" number="50"/>         | 25
                    <flow id="a" begin="100" number="7" period="10"/>        | 7
                    <flow id="a" begin="200" end="300" number="50"/>         | 0
                    <person id="a" depart="100"/>                            | 0
                    """)
    void countsVehiclesDueInTheWindow(final String element, final double vehicles)
            throws IOException {
        assertEquals(vehicles, read("<routes>" + element + "</routes>").vehicles(), 1e-9);
    }

    @Test
    void addsUpAllFilesAndFindsTheLastDeparture() throws IOException {
        final Path routes = folder.resolve("a.rou.xml");
        final Path additional = folder.resolve("a.add.xml");
        Files.writeString(
                routes,
                "<routes><trip id=\"a\" depart=\"0\"/><trip id=\"b\" depart=\"3\"/></routes>");
        Files.writeString(additional, "<additional><trip id=\"c\" depart=\"2\"/></additional>");
        assertEquals(
                new RouteFiles(3, 4), RouteFiles.read(List.of(routes), List.of(additional), 0, 10));
        assertEquals(
                new RouteFiles(0, Double.NEGATIVE_INFINITY),
                RouteFiles.read(List.of(), List.of(), 0, 10));
    }

    private RouteFiles read(final String routes) throws IOException {
        final Path file = folder.resolve("a.rou.xml");
        Files.writeString(file, routes);
        return RouteFiles.read(List.of(file), List.of(), 100, 200);
    }
}
