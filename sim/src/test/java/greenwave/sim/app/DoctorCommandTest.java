package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.sim.libtraci.SumoInstallation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class DoctorCommandTest {
    @TempDir private Path folder;

    @Test
    void tellsOfEachSignal() {
        final Cli cli = Cli.run("doctor", "cross");
        assertEquals(0, cli.code(), cli.err());
        final String[] lines = cli.out().split("\\R");
        assertEquals("signal greens  lanes  roads  what is odd", lines[0]);
        assertEquals(
                "C           8     12      4  programs actions, fixed, of which fixed runs",
                lines[1]);
        assertEquals("1 of 1 signals can be controlled", lines[2]);
    }

    @Test
    void namesWhatCannotBeControlledAndWhy() throws IOException {
        final Path cfg = TestScenario.write(folder);
        final Path net = folder.resolve("cross2.net.xml");
        Files.writeString(
                net,
                Files.readString(net)
                        .replaceAll(
                                "(?s)(<tlLogic[^>]*>).*?</tlLogic>",
                                "$1<phase duration=\"9\" state=\"GGGGGGGGGGGGGGGG\"/></tlLogic>"));
        final Cli cli = Cli.run("doctor", cfg.toString());
        assertEquals(1, cli.code(), cli.err());
        assertTrue(
                cli.out()
                        .contains(
                                "NOT CONTROLLED: signal C has 1 green phase, expected at least 2"),
                cli.out());
        assertTrue(cli.out().contains("0 of 1 signals can be controlled"), cli.out());
    }

    @Test
    void saysInOneLineThatThereIsNoFile() {
        final Cli cli = Cli.run("doctor", "none.sumocfg");
        assertEquals(2, cli.code());
        assertEquals(1, cli.err().lines().count(), cli.err());
    }

    /** In a process that finds CUDA's libraries nowhere, and no other malloc. */
    private Cli withoutCuda(final String... args) throws Exception {
        final List<String> command = new ArrayList<>(List.of(Main.class.getName()));
        command.addAll(List.of(args));
        return Cli.fork(
                Cli.java(
                        List.of(
                                "-Dgreenwave.cuda.path=" + folder,
                                "-Dgreenwave.sumo.malloc=none",
                                "-XX:TieredStopAtLevel=1"),
                        command.toArray(String[]::new)));
    }

    @Test
    void withoutANetworkTellsWhatCanComputeAndWhyCudaDoesNot() throws Exception {
        final Cli cli = withoutCuda("doctor", "--backend", "reference");
        assertEquals(0, cli.code(), cli.err());
        assertEquals(
                List.of(
                        "backend    usable  what was found",
                        "cuda       no      no NVIDIA driver: libcuda.so.1 not found in " + folder,
                        "cpu        yes     -",
                        "reference  yes     -",
                        "--backend reference: reference (plain loops)",
                        "SUMO: %s, malloc: glibc's, libtcmalloc-minimal4 is faster"
                                .formatted(SumoInstallation.find().program())),
                cli.out().lines().toList());
    }

    @Test
    void aBackendThatCannotBeHadIsRefusedInOneLine() throws Exception {
        final String refusal =
                "greenwave: backend: requested=cuda:0, usable=none, refused=[cuda: no NVIDIA driver:"
                        + " libcuda.so.1 not found in %s], known=[cuda, cpu, reference]%n"
                                .formatted(folder);
        final Cli doctor = withoutCuda("doctor", "--backend", "cuda:0");
        assertEquals(2, doctor.code());
        assertEquals(refusal, doctor.err());
        assertEquals(
                new Cli(2, "", refusal),
                withoutCuda(
                        "train",
                        "--scenario",
                        "cartpole",
                        "--backend",
                        "cuda:0",
                        "--out",
                        folder.resolve("run").toString()));
    }
}
