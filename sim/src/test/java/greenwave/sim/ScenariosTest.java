package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class ScenariosTest {
    private static final String EMPTY_HASH =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @TempDir private Path folder;

    @Test
    void unpacksABuiltInScenarioUntilItIsClosed() {
        final Path unpacked;
        try (Scenario cross = Scenarios.open("cross")) {
            unpacked = cross.sumo().network().getParent();
            assertEquals(
                    new SumoConfig(
                            "cross",
                            unpacked.resolve("cross.net.xml"),
                            List.of(unpacked.resolve("cross.rou.xml")),
                            List.of(),
                            0,
                            3600,
                            List.of("--time-to-teleport", "-1")),
                    cross.sumo());
            assertTrue(Files.isRegularFile(cross.trainingDefaults().orElseThrow()));
        }
        assertFalse(Files.exists(unpacked));
    }

    @Test
    void closesTwiceWithoutHarm() {
        final Scenario tee = Scenarios.open("tee");
        tee.close();
        tee.close();
        assertFalse(Files.exists(tee.sumo().network()));
    }

    @Test
    void refusesAnUnknownName() {
        for (final String name : List.of("foo", "foo.net.xml", "no/such/folder", "\0")) {
            assertRefused(
                    "scenario="
                            + name
                            + ", expected one of cross, grid4x4, tee, a folder or a .sumocfg file",
                    name);
        }
    }

    @Test
    void leavesTheUsersOwnFilesAlone() throws IOException {
        writeNetworkAndRoutes();
        try (Scenario own = Scenarios.open(folder.toString())) {
            assertEquals("a", own.sumo().name());
            assertEquals(folder.resolve("a.net.xml"), own.sumo().network());
            assertEquals(
                    List.of(folder.resolve("a.rou.xml"), folder.resolve("b.rou.xml")),
                    own.sumo().routes());
            assertTrue(own.trainingDefaults().isEmpty());
            assertEquals(2, own.vehicles());
        }
        assertTrue(Files.exists(folder.resolve("a.net.xml")));
    }

    @Test
    void takesTheOneConfigurationOfAFolderOrThatFile() throws IOException {
        writeNetworkAndRoutes();
        final Path file = folder.resolve("town.morning.sumocfg");
        Files.writeString(
                file,
                "<configuration><net-file value=\"a.net.xml\"/><begin"
                        + " value=\"5\"/></configuration>");
        for (final Path path : List.of(folder, file)) {
            try (Scenario own = Scenarios.open(path.toString())) {
                assertEquals("town", own.sumo().name());
                assertEquals(5, own.sumo().begin());
                assertEquals(3605, own.sumo().end());
            }
        }
    }

    @Test
    void refusesAFolderThatIsNotClear() throws IOException {
        final String expected =
                ", expected one .sumocfg, or one .net.xml and at least one .rou.xml";
        final String scenario = "scenario=" + folder;
        assertRefused(
                scenario + ", .sumocfg files=0, .net.xml files=0, .rou.xml files=0" + expected,
                folder.toString());
        writeNetworkAndRoutes();
        Files.writeString(folder.resolve("b.net.xml.gz"), "");
        assertRefused(
                scenario + ", .sumocfg files=0, .net.xml files=2, .rou.xml files=2" + expected,
                folder.toString());
        Files.writeString(folder.resolve("a.sumocfg"), "");
        Files.writeString(folder.resolve("b.sumocfg"), "");
        assertRefused(
                scenario + ", .sumocfg files=2, .net.xml files=2, .rou.xml files=2" + expected,
                folder.toString());
    }

    @Test
    void hashesNetworkAndRoutesByName() throws IOException {
        final Path other = Files.createDirectory(folder.resolve("other"));
        for (final Path file :
                List.of(
                        folder.resolve("n.net.xml"),
                        folder.resolve("r.rou.xml"),
                        other.resolve("r.rou.xml"))) {
            Files.writeString(file, "");
        }
        Files.writeString(folder.resolve("r.rou.xml"), "abc");
        final var sumo =
                new SumoConfig(
                        "n",
                        folder.resolve("n.net.xml"),
                        List.of(folder.resolve("r.rou.xml"), other.resolve("r.rou.xml")),
                        List.of(),
                        0,
                        1,
                        List.of());
        try (Scenario scenario = new Scenario(sumo, Optional.empty(), Optional.empty())) {
            assertEquals(
                    Map.of(
                            "n.net.xml",
                            EMPTY_HASH,
                            "r.rou.xml",
                            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                            other.resolve("r.rou.xml").toString(),
                            EMPTY_HASH),
                    scenario.sha256());
        }
    }

    private void writeNetworkAndRoutes() throws IOException {
        Files.writeString(folder.resolve("a.net.xml"), "<net/>");
        Files.writeString(
                folder.resolve("a.rou.xml"), "<routes><trip id=\"a\" depart=\"0\"/></routes>");
        Files.writeString(
                folder.resolve("b.rou.xml"), "<routes><trip id=\"b\" depart=\"9\"/></routes>");
    }

    private static void assertRefused(final String message, final String scenario) {
        final var refusal =
                assertThrows(IllegalArgumentException.class, () -> Scenarios.open(scenario));
        assertEquals(message, refusal.getMessage());
    }
}
