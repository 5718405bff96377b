package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.sim.FaultySumo;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the command makes of a SUMO that is lost. */
class SurvivalCommandTest {
    @TempDir private Path folder;
    private Path run;
    private Path cfg;

    @BeforeEach
    void writeScenario() throws IOException {
        cfg = TestScenario.write(folder);
        run = folder.resolve("run");
    }

    @AfterEach
    void removeFaults() {
        FaultySumo.remove();
    }

    private Cli train(final String... more) {
        final String[] args = {
            "train", "--scenario", cfg.toString(), "--out", run.toString(), "--eval-seeds", "1"
        };
        final List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of(more));
        return Cli.run(all.toArray(String[]::new));
    }

    @Test
    void aRunThatRecoveredSaysSo() throws IOException {
        FaultySumo.install(
                folder,
                "if once first; then exec $SUMO \"$@\"; fi; if once then; then kill -9 $$; fi; exec"
                        + " $SUMO \"$@\"");
        final Cli trained = train("--episodes", "2");
        assertEquals(0, trained.code(), trained.err());
        assertTrue(trained.out().contains(", recovered 1\n"), trained.out());
        final JsonNode summary = Json.MAPPER.readTree(run.resolve("summary.json").toFile());
        assertEquals(1, summary.get("recovered").asInt());
    }

    @Test
    void whatWasTrainedBeforeARunFailedIsKept() throws IOException {
        FaultySumo.install(
                folder,
                "for i in 1 2 3 4; do if once $i; then exec $SUMO \"$@\"; fi; done; echo Error: no memory"
                        + " >&2; exit 1");
        final Cli trained = train("--episodes", "9");
        assertEquals(Main.BAD_INPUT, trained.code());
        final Path kept = run.resolve("unfinished.safetensors");
        assertEquals(1, trained.err().lines().count(), trained.err());
        assertTrue(
                trained.err()
                        .matches(
                                "greenwave: sumo: world=0, t=0.0 s, command=start: SUMO refused to"
                                        + " start, status 1: Error: no memory; the policy so far is in \\Q"
                                        + kept
                                        + "\\E\n"),
                trained.err());
        assertFalse(Files.exists(run.resolve("policy.safetensors")), "not a finished run");
        FaultySumo.remove();
        final Cli judged =
                Cli.run(
                        "eval",
                        "--scenario",
                        cfg.toString(),
                        "--policy",
                        kept.toString(),
                        "--seeds",
                        "1");
        assertEquals(0, judged.code(), judged.err());
    }

    @Test
    void saysWhyNoNetworkNamespaceCanBeHad() throws Exception {
        final Path unshare =
                Files.writeString(
                        folder.resolve("unshare"),
                        "#!/bin/sh\necho 'unshare: unshare failed: Operation not permitted' >&2\n"
                                + "exit 1\n");
        assertTrue(unshare.toFile().setExecutable(true));
        final ProcessBuilder greenwave =
                Cli.java(
                        List.of(),
                        Main.class.getName(),
                        "eval",
                        "--scenario",
                        cfg.toString(),
                        "--policy",
                        "fixed",
                        "--isolate");
        greenwave.environment().merge("PATH", folder.toString(), (old, first) -> first + ':' + old);
        final Cli refused = Cli.fork(greenwave);
        assertEquals(Main.BAD_INPUT, refused.code());
        assertTrue(
                refused.err()
                        .endsWith(
                                "greenwave: isolate: no network namespace can be had here (unshare:"
                                        + " unshare failed: Operation not permitted; unshare: unshare"
                                        + " failed: Operation not permitted), expected a kernel that lets"
                                        + " users have them, and util-linux\n"),
                refused.err());
    }

    @Test
    void refusesAnotherWordForWhatBecomesOfAnEpisode() {
        final Cli refused = train("--on-crash", "ignore");
        assertEquals(Main.BAD_INPUT, refused.code());
        assertEquals("greenwave: on_crash=ignore, expected replay or truncate\n", refused.err());
    }
}
