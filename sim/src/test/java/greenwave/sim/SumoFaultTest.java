package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import greenwave.sim.libtraci.SumoInstallation;
import greenwave.sim.libtraci.TraciLibrary;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

@Timeout(60)
class SumoFaultTest {
    @TempDir Path folder;

    @AfterEach
    void forgetChosenPaths() {
        System.clearProperty(SumoInstallation.PROPERTY);
        System.clearProperty(TraciLibrary.PROPERTY);
    }

    /** Steps until SUMO fails. */
    private static String failure(final SumoVecEnv env) {
        return assertThrows(
                        SumoException.class,
                        () -> {
                            env.reset(1);
                            final int[][] stay = new int[env.spec().groups().size()][];
                            for (int group = 0; group < stay.length; group++) {
                                stay[group] = new int[env.spec().rows(group)];
                            }
                            for (int step = 0; step < 1_000_000; step++) {
                                env.step(stay);
                            }
                        })
                .getMessage();
    }

    @Test
    void tellsWhichWorldLostItsSumoAndClosesTheOthers() {
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env =
                                    SumoVecEnv.builder(Configs.grid(1e6))
                                            .worlds(3)
                                            .restarts(0)
                                            .open();
                            ScheduledExecutorService killer =
                                    Executors.newSingleThreadScheduledExecutor()) {
                        env.reset(1);
                        final ProcessHandle victim =
                                Leftovers.sumos().stream()
                                        .filter(p -> inFolder(p, "world-1"))
                                        .findFirst()
                                        .orElseThrow();
                        killer.schedule(victim::destroyForcibly, 300, MILLISECONDS);
                        final int[][] stay = {new int[12]};
                        final SumoException e =
                                assertThrows(
                                        SumoException.class,
                                        () -> {
                                            for (int step = 0; step < 1_000_000; step++) {
                                                env.step(stay);
                                            }
                                        });
                        assertTrue(
                                e.getMessage()
                                        .matches(
                                                "sumo: world=1, t=\\d+\\.0 s, command=\\w+: SUMO"
                                                        + " ended with status 137: no error output"),
                                e.getMessage());
                        assertEquals(List.of(), Leftovers.sumos());
                        assertThrows(IllegalStateException.class, () -> env.step(stay));
                    }
                });
    }

    private static boolean inFolder(final ProcessHandle sumo, final String world) {
        return List.of(sumo.info().arguments().orElseThrow()).stream()
                .anyMatch(argument -> argument.contains(world));
    }

    @Test
    void passesOnWhySumoRefusesItsInput() throws Exception {
        final Path routes =
                Files.writeString(
                        folder.resolve("bad.rou.xml"),
                        "<routes><vehicle id=\"v\" depart=\"1\"><route edges=\"N_in"
                                + " nowhere\"/></vehicle></routes>");
        final SumoConfig cross = Configs.cross(100);
        final SumoConfig config =
                new SumoConfig(
                        "bad", cross.network(), List.of(routes), List.of(), 0, 100, List.of());
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = SumoVecEnv.open(config, 1)) {
                        final String message = failure(env);
                        assertTrue(
                                message.startsWith("sumo: world=0, ")
                                        && message.contains("status 1: Error: ")
                                        && message.contains("nowhere"),
                                message);
                    }
                });
    }

    @Test
    void passesOnWhySumoDiesInMidEpisode() throws Exception {
        final StringBuilder late = new StringBuilder("<routes>\n");
        for (int t = 0; t < 1000; t += 100) {
            late.append(
                    "<vehicle id=\"v%d\" depart=\"%d\"><route edges=\"N_in %s\"/></vehicle>\n"
                            .formatted(t, t, t < 600 ? "S_out" : "nowhere"));
        }
        final Path routes =
                Files.writeString(folder.resolve("late.rou.xml"), late.append("</routes>"));
        final SumoConfig cross = Configs.cross(100);
        final SumoConfig config =
                new SumoConfig(
                        "late", cross.network(), List.of(routes), List.of(), 0, 3600, List.of());
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = SumoVecEnv.open(config, 2)) {
                        final String message = failure(env);
                        assertTrue(
                                message.matches(
                                        "sumo: world=0, t=[345]\\d\\d\\.0 s, command=step: SUMO"
                                                + " ended with status 1: .*nowhere.*"),
                                message);
                    }
                });
    }

    @Test
    void saysWhereSumoAndLibtraciWereLookedFor() throws Exception {
        System.setProperty(SumoInstallation.PROPERTY, "/nowhere/sumo");
        refusesToOpen(
                "SUMO not found: -Dgreenwave.sumo=/nowhere/sumo, expected an executable file");
        System.clearProperty(SumoInstallation.PROPERTY);
        System.setProperty(TraciLibrary.PROPERTY, "/nowhere/lib.so");
        refusesToOpen("libtraci not found: -Dgreenwave.libtraci=/nowhere/lib.so, expected a file");
        final Path text = Files.writeString(folder.resolve("text.so"), "no library");
        System.setProperty(TraciLibrary.PROPERTY, text.toString());
        Leftovers.assertNone(
                () -> {
                    final String message =
                            assertThrows(
                                            SumoException.class,
                                            () -> SumoVecEnv.open(Configs.cross(10), 2))
                                    .getMessage();
                    assertTrue(message.startsWith("libtraci: cannot load " + text), message);
                });
    }

    private static void refusesToOpen(final String message) {
        assertEquals(
                message,
                assertThrows(SumoException.class, () -> SumoVecEnv.open(Configs.cross(10), 1))
                        .getMessage());
    }

    @Test
    void refusesASumoOfAnotherVersion() throws Exception {
        final Path fake = folder.resolve("sumo");
        Files.writeString(
                fake,
                "#!/bin/sh\nexec '%s/bin/java' -cp '%s' greenwave.sim.FakeSumo \"$@\"\n"
                        .formatted(
                                System.getProperty("java.home"),
                                Path.of("target/test-classes").toAbsolutePath()));
        assertTrue(fake.toFile().setExecutable(true));
        System.setProperty(SumoInstallation.PROPERTY, fake.toString());
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = SumoVecEnv.open(Configs.cross(10), 1)) {
                        final String message = failure(env);
                        assertTrue(
                                message.matches(
                                        "sumo: world=0, t=0.0 s, command=init: SUMO 9.9.9 \\(\\Q%s\\E\\) speaks TraCI API 99, libtraci \\d+, expected the same: take both from one SUMO version \\(-Dgreenwave.sumo=PATH, -Dgreenwave.libtraci=PATH\\)"
                                                .formatted(fake)),
                                message);
                    }
                });
    }
}
