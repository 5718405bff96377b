package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Input that can't be used ends in exit code 2, with one line that says what and where. */
class BadInputTest {
    @TempDir private Path folder;
    private Path cfg;
    private Path net;
    private Path routes;

    @BeforeEach
    void writeScenario() throws IOException {
        cfg = TestScenario.write(folder);
        net = folder.resolve("cross2.net.xml");
        routes = folder.resolve("cross2.rou.xml");
    }

    @Test
    void anUnknownScenarioListsTheKnownOnes() {
        assertRefused(
                "greenwave: scenario=nowhere, expected one of cross, grid4x4, tee, a folder or a"
                        + " .sumocfg file",
                "train",
                "--scenario",
                "nowhere");
    }

    @Test
    void aMissingConfiguration() {
        final Path missing = folder.resolve("missing.sumocfg");
        assertEvalRefused("greenwave: " + missing + ": no such file", missing);
    }

    @Test
    void aMalformedConfiguration() throws IOException {
        TestScenario.edit(cfg, "</configuration>", "");
        assertEvalRefused(
                "greenwave: "
                        + cfg
                        + ":7: XML document structures must start and end within the same entity.",
                cfg);
    }

    @Test
    void aMalformedNetwork() throws IOException {
        Files.writeString(net, "<net>\n    <edge id=\"a\">\n</net>\n");
        assertEvalRefused(
                "greenwave: "
                        + net
                        + ":3: The element type \"edge\" must be terminated by the matching end-tag"
                        + " \"</edge>\".",
                cfg);
    }

    @Test
    void malformedRoutes() throws IOException {
        Files.writeString(routes, "<routes>\n    <vehicle id=1/>\n</routes>\n");
        assertEvalRefused(
                "greenwave: "
                        + routes
                        + ":2: Open quote is expected for attribute \"id\" associated with an "
                        + " element type  \"vehicle\".",
                cfg);
    }

    @Test
    void aNetworkWithoutSignals() throws IOException {
        Files.writeString(
                net,
                Files.readString(net)
                        .replaceAll("(?s)<tlLogic.*</tlLogic>", "")
                        .replaceAll(" tl=\"C\" linkIndex=\"\\d+\"", ""));
        assertEvalRefused(
                "greenwave: " + net + ": network has no traffic lights, expected at least 1", cfg);
    }

    @Test
    void aSignalWithOneGreenPhase() throws IOException {
        final String text = Files.readString(net);
        Files.writeString(
                net, text.replaceAll("<phase duration=\"\\d+\" *state=\"rrrrGGGgrrrrGGGg\"/>", ""));
        assertEvalRefused(
                "greenwave: " + net + ": signal C has 1 green phase, expected at least 2", cfg);
    }

    @Test
    void decisionsFasterThanYellow() throws IOException {
        final Path config = Files.writeString(folder.resolve("fast.yaml"), "delta_time: 2\n");
        assertRefused(
                "greenwave: signal timing: delta_time=2 s, yellow_time=2 s, expected delta_time >"
                        + " yellow_time >= 1",
                "train",
                "--scenario",
                cfg.toString(),
                "--config",
                config.toString(),
                "--out",
                folder.resolve("run").toString());
    }

    @Test
    void settingsOfTheCommandLineThatAreNone() {
        final String[] train = {"train", "--scenario", cfg.toString(), "--set"};
        assertRefused(
                "greenwave: --set: batch=many, expected a whole number in [1, 65536]",
                with(train, "batch=many"));
        assertRefused("greenwave: --set: batch=, expected a value", with(train, "batch="));
        assertRefused(
                "greenwave: --set: unknown setting batsch, expected one of "
                        + String.join(", ", TrainConfig.KEYS),
                with(train, "batsch=1"));
    }

    private static String[] with(final String[] args, final String last) {
        final String[] all = Arrays.copyOf(args, args.length + 1);
        all[args.length] = last;
        return all;
    }

    @Test
    void settingsThatAreNone() throws IOException {
        final Path config = folder.resolve("bad.yaml");
        final String[] train = {
            "train", "--scenario", cfg.toString(), "--config", config.toString()
        };
        Files.writeString(config, "batch: many\n");
        assertRefused(
                "greenwave: " + config + ": batch=many, expected a whole number in [1, 65536]",
                train);
        Files.writeString(config, "distributional: c52\n");
        assertRefused(
                "greenwave: "
                        + config
                        + ": distributional=c52, expected one of none, c51, quantile",
                train);
        Files.writeString(config, "distributional: c51\nv_min: 10\n");
        assertRefused(
                "greenwave: distributional=c51, atoms=51, v_min=10.0, v_max=0.0, expected at least 2 atoms,"
                        + " v_min < v_max",
                train);
        Files.writeString(config, "batsch: 64\n");
        assertRefused(
                "greenwave: "
                        + config
                        + ": unknown setting batsch, expected one of "
                        + String.join(", ", TrainConfig.KEYS),
                train);
        Files.writeString(config, "batch: [1\n");
        assertRefused(
                "greenwave: "
                        + config
                        + ":2: not valid YAML: expected ',' or ']', but got <stream end>",
                train);
    }

    @Test
    void optionsThatAreNone() {
        assertRefused(
                "greenwave eval: Missing required option: '--policy=POLICY' (see"
                        + " 'greenwave eval --help')",
                "eval");
        assertRefused(
                "greenwave eval: Invalid value for option '--seeds': seeds=5-1, expected numbers"
                        + " and rising ranges such as 1-5 or 1-3,9, at most 10000 in all (see"
                        + " 'greenwave eval --help')",
                "eval",
                "--policy",
                "fixed",
                "--seeds",
                "5-1");
        assertRefused(
                "greenwave eval: Invalid value for option '--transport': transport=smoke, expected"
                        + " one of [auto, libtraci, wire] (see 'greenwave eval --help')",
                "eval",
                "--policy",
                "fixed",
                "--transport",
                "smoke");
        assertRefused(
                "greenwave train: Error: --episodes=N, --steps=N are mutually exclusive (specify"
                        + " only one) (see 'greenwave train --help')",
                "train",
                "--episodes",
                "1",
                "--steps",
                "1");
    }

    @Test
    void aPolicyOfAnotherShape() throws IOException {
        final Path policy = train();
        final Cli other = Cli.run("eval", "--scenario", "tee", "--policy", policy.toString());
        assertEquals(
                "greenwave: policy="
                        + policy
                        + ": trained for observations x actions 52x2, expected 41x3 for signals C"
                        + System.lineSeparator(),
                other.err());
        assertEquals(2, other.code());
    }

    @Test
    void aDamagedPolicy() throws IOException {
        final Path policy = train();
        try (RandomAccessFile bytes = new RandomAccessFile(policy.toFile(), "rw")) {
            bytes.seek(bytes.length() - 100);
            bytes.write(bytes.read() ^ 1);
        }
        assertRefused(
                "greenwave: policy="
                        + policy
                        + ": damaged: its SHA-256 differs from that in "
                        + policy.resolveSibling("policy.json"),
                "eval",
                "--scenario",
                cfg.toString(),
                "--policy",
                policy.toString());
    }

    @Test
    void aFolderThatHoldsARun() {
        final Path run = train().getParent();
        assertRefused(
                "greenwave: out=" + run + " holds a finished run, expected another folder",
                "train",
                "--scenario",
                cfg.toString(),
                "--out",
                run.toString());
    }

    @Test
    void noPolicyAtAll() {
        assertRefused(
                "greenwave: policy=nothing, expected fixed, actuated, greedy, max-pressure, random, a"
                        + " .safetensors file or the folder of a run",
                "eval",
                "--scenario",
                cfg.toString(),
                "--policy",
                "nothing");
    }

    @Test
    void aPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            final String port = String.valueOf(taken.getLocalPort());
            assertRefused(
                    "greenwave: port " + port + " is taken, expected a free TCP port",
                    "eval",
                    "--scenario",
                    cfg.toString(),
                    "--policy",
                    "fixed",
                    "--seeds",
                    "1",
                    "--port",
                    port);
        }
    }

    @Test
    void aMachineWithoutSumo() throws Exception {
        final ProcessBuilder process =
                Cli.java(
                        List.of(),
                        Main.class.getName(),
                        "eval",
                        "--scenario",
                        cfg.toString(),
                        "--policy",
                        "fixed");
        process.environment().put("PATH", folder.toString());
        process.environment().remove("SUMO_HOME");
        assertEquals(
                new Cli(
                        2,
                        "",
                        "greenwave: SUMO not found: looked in $SUMO_HOME/bin and PATH, install it"
                                + " with 'apt-get install sumo' or give -Dgreenwave.sumo=PATH"
                                + System.lineSeparator()),
                Cli.fork(process));
    }

    @Test
    void aBackendThatIsNotThere() throws Exception {
        final ProcessBuilder process =
                Cli.java(
                        List.of("-Dgreenwave.backend=abacus"),
                        Main.class.getName(),
                        "train",
                        "--scenario",
                        cfg.toString(),
                        "--out",
                        folder.resolve("run").toString());
        assertEquals(
                new Cli(
                        2,
                        "",
                        "greenwave: backend: requested=abacus, usable=none, refused=[], known=[cuda, cpu, reference]"
                                + System.lineSeparator()),
                Cli.fork(process));
    }

    @Test
    void demandThatKillsSumoInMidEpisode() throws IOException {
        // SUMO reads routes as time goes by, and meets this one long after the start.
        TestScenario.edit(cfg, "value=\"200\"", "value=\"1200\"");
        Files.writeString(
                routes,
                """
                <routes>
                    <vehicle id="good" depart="0"><route edges="N_in S_out"/></vehicle>
                    <vehicle id="late" depart="600"><route edges="N_in S_out"/></vehicle>
                    <vehicle id="lost" depart="900"><route edges="N_in nowhere"/></vehicle>
                </routes>
                """);
        assertEvalRefused(
                "greenwave: sumo: world=0, t=600.0 s, command=step: SUMO ended with status 1:"
                        + " Error: The edge 'nowhere' within the route for vehicle 'lost' is not known."
                        + " | The route can not be build. | Quitting (on error).",
                cfg);
    }

    private Path train() {
        final Path run = folder.resolve("run");
        final Cli trained =
                Cli.run(
                        "train",
                        "--scenario",
                        cfg.toString(),
                        "--steps",
                        "10",
                        "--eval-seeds",
                        "1",
                        "--out",
                        run.toString());
        assertEquals(0, trained.code(), trained.err());
        assertTrue(Files.exists(run.resolve("policy.json")));
        return run.resolve("policy.safetensors");
    }

    private static void assertEvalRefused(final String message, final Path scenario) {
        assertRefused(
                message,
                "eval",
                "--scenario",
                scenario.toString(),
                "--policy",
                "random",
                "--seeds",
                "1");
    }

    private static void assertRefused(final String message, final String... args) {
        assertEquals(new Cli(2, "", message + System.lineSeparator()), Cli.run(args));
    }
}
