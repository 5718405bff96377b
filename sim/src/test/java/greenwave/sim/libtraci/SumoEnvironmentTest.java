package greenwave.sim.libtraci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.sim.SumoException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What SUMO finds in its environment. */
class SumoEnvironmentTest {
    private static final Path NETWORK =
            Path.of("src/test/resources/oracle/scenarios/cross2/cross2.net.xml").toAbsolutePath();

    @TempDir Path folder;

    @AfterEach
    void forget() {
        System.clearProperty(SumoEnvironment.PROPERTY);
    }

    @Test
    void sumoRunsOnTheLibraryThatIsNamed() throws Exception {
        final Path library = Files.createFile(folder.resolve("malloc.so"));
        System.setProperty(SumoEnvironment.PROPERTY, library.toString());
        final Map<String, String> environment = new HashMap<>();
        SumoEnvironment.find().put(environment);
        assertEquals(library.toString(), environment.get("LD_PRELOAD"));
    }

    @Test
    void noneLeavesGlibcs() {
        System.setProperty(SumoEnvironment.PROPERTY, "none");
        assertEquals(Optional.empty(), SumoEnvironment.find().allocator());
    }

    @Test
    void aLibraryThatIsNotThereIsRefused() {
        System.setProperty(SumoEnvironment.PROPERTY, "/nowhere/malloc.so");
        final SumoException e = assertThrows(SumoException.class, SumoInstallation::find);
        assertEquals(
                "sumo: -Dgreenwave.sumo.malloc=/nowhere/malloc.so, expected a library or none",
                e.getMessage());
    }

    @Test
    void whatTheUserPreloadsStays() {
        final Map<String, String> environment = new HashMap<>(Map.of("LD_PRELOAD", "theirs.so"));
        new SumoEnvironment(Optional.of(Path.of("/usr/lib/ours.so"))).put(environment);
        assertEquals("theirs.so", environment.get("LD_PRELOAD"));
    }

    /** File names and IDs keep the user's characters. */
    @Test
    void onlyMessagesAreInTheCLocale() {
        final Map<String, String> environment =
                new HashMap<>(Map.of("LC_ALL", "de_DE.UTF-8", "LC_CTYPE", "C", "LANG", "fr_FR"));
        new SumoEnvironment(Optional.empty()).put(environment);
        assertEquals("de_DE.UTF-8", environment.get("LANG"));
        assertEquals("C", environment.get("LC_MESSAGES"));
        assertFalse(environment.containsKey("LC_ALL"));
        assertFalse(environment.containsKey("LC_CTYPE"), "LC_ALL stood above it");
    }

    @Test
    void anEmptyLocaleStandsAboveNothing() {
        final Map<String, String> environment =
                new HashMap<>(Map.of("LC_ALL", "", "LC_CTYPE", "C.UTF-8", "LANG", "fr_FR"));
        new SumoEnvironment(Optional.empty()).put(environment);
        assertEquals("fr_FR", environment.get("LANG"));
        assertEquals("C.UTF-8", environment.get("LC_CTYPE"));
        assertEquals("C", environment.get("LC_MESSAGES"));
    }

    /** A real SUMO says what it has mapped: the library that was found, or none that takes malloc's place. */
    @Test
    void sumoRunsOnWhatIsFound() throws Exception {
        final SumoInstallation sumo = SumoInstallation.find();
        try (SumoHost host = new SumoHost(Duration.ofMinutes(1), false)) {
            final SumoProcess process =
                    SumoProcess.start(
                            host,
                            sumo,
                            List.of("-n", NETWORK.toString(), "--no-step-log", "--no-warnings"),
                            0,
                            host.folder());
            final String maps = Files.readString(Path.of("/proc/" + process.pid() + "/maps"));
            process.kill();
            assertTrue(maps.contains(sumo.program().toRealPath().toString()), maps);
            assertEquals(sumo.environment().allocator().isPresent(), maps.contains("malloc"), maps);
        }
    }
}
