package greenwave.sim.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.sim.SignalTiming;
import greenwave.sim.SumoException;
import greenwave.sim.net.Bounds;
import greenwave.sim.net.Edge;
import greenwave.sim.net.Lane;
import greenwave.sim.net.Network;
import greenwave.sim.net.Point;
import greenwave.sim.net.RightOfWay;
import greenwave.sim.net.TrafficLight;
import greenwave.sim.net.TrafficLight.Connection;
import greenwave.sim.net.TrafficLight.Phase;
import greenwave.sim.net.TrafficLight.Program;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class SignalTest {
    private static TrafficLight light(final String id, final String... states) {
        return new TrafficLight(
                id,
                states.length == 0
                        ? List.of()
                        : List.of(
                                new Program(
                                        "0",
                                        "static",
                                        Stream.of(states).map(s -> new Phase(10, s)).toList())),
                "0",
                List.of(List.of(new Connection("in_0", "out_0", 's'))));
    }

    private static Network network(final TrafficLight... lights) {
        final Map<String, Lane> lanes = new HashMap<>();
        final Map<String, Edge> edges = new HashMap<>();
        for (final String id : List.of("in", "out")) {
            lanes.put(id + "_0", new Lane(id + "_0", id, 100, 13.9, false, List.of()));
            edges.put(id, new Edge(id, "J", "K", Edge.Kind.ROAD, List.of(), List.of(id + "_0")));
        }
        return new Network(
                Path.of("x.net.xml"),
                List.of(lights),
                lanes,
                edges,
                Map.of("J", new Point(0, 0), "K", new Point(0, 100)),
                new Bounds(0, 0, 100, 100),
                false,
                RightOfWay.NONE,
                "J",
                1000);
    }

    private static List<Signal> controllable(final Network network) {
        return Signal.controllable(network, new ProgramPhases(Compat.NONE));
    }

    private static Signal signal(final String... states) {
        return controllable(network(light("C", states))).getFirst();
    }

    private static Signal sumoRlSignal(final String... states) {
        return new ProgramPhases(Compat.SUMO_RL)
                .signal(light("C", states), network(light("C", states)));
    }

    @Test
    void countsAsGreenWhatIsNeitherYellowNorAllRed() {
        final String[] states = {"Gr", "yr", "rr", "rs", "Gr", "ur", "oO", "Yr", "Gy", "rg", "Gu"};
        assertEquals(List.of("Gr", "rg"), signal(states).greens());
        assertEquals(
                List.of("Gr", "Gr", "ur", "oO", "Yr", "rg", "Gu"), sumoRlSignal(states).greens());
    }

    @Test
    void takesTheFirstProgramThatLeavesAChoice() {
        final TrafficLight three =
                new TrafficLight(
                        "C",
                        List.of(
                                program("-9", "Gr", "Gr"),
                                program("0", "gr", "rg"),
                                program("1", "GG", "rG")),
                        "1",
                        List.of(List.of(new Connection("in_0", "out_0", 's'))));
        final Network network = network(three);
        assertEquals(List.of("gr", "rg"), controllable(network).getFirst().greens());
        assertEquals(
                List.of("Gr", "Gr"),
                new ProgramPhases(Compat.SUMO_RL).signal(three, network).greens());
    }

    private static Program program(final String id, final String... states) {
        return new Program(id, "static", Stream.of(states).map(s -> new Phase(10, s)).toList());
    }

    @Test
    void showsYellowOnlyWhereGreenIsLost() {
        final String[] states = {"GgGgrsOG", "rrgGGrrs"};
        assertEquals("yyGgrsyy", signal(states).yellow(0, 1));
        assertEquals("yyGgrsOy", sumoRlSignal(states).yellow(0, 1));
        assertEquals("rryyyrrs", signal("GgGgrsuG", "rrgGGrrs", "GGrrrrrr").yellow(0, 1));
    }

    @Test
    void controlsWhatCanBeControlled() {
        final List<Signal> signals =
                controllable(network(light("A", "G", "y"), light("B", "G", "g"), light("R")));
        assertEquals(List.of("B"), signals.stream().map(Signal::id).toList());
    }

    @Test
    void saysWhyNothingCanBeControlled() {
        refuses("x.net.xml: network has no traffic lights, expected at least 1");
        refuses(
                "x.net.xml: signal C has 1 green phase, expected at least 2",
                light("C", "Gr", "yr", "rr"));
        refuses(
                "x.net.xml: signal C has 0 green phases, expected at least 2;"
                        + " signal R has no program, expected one with at least 2 green phases",
                light("C", "yr", "rr"),
                light("R"));
    }

    private static void refuses(final String message, final TrafficLight... lights) {
        final SumoException e =
                assertThrows(SumoException.class, () -> controllable(network(lights)));
        assertEquals(message, e.getMessage());
    }

    @Test
    void installsOnlyThePhasesNeeded() {
        final SwitchingProgram four = new SwitchingProgram(signal("Grr", "rGr", "rrG"), 2);
        assertEquals(3 + 6, four.size());
        final SwitchingProgram same = new SwitchingProgram(sumoRlSignal("Gr", "Gr", "rG"), 2);
        assertEquals(3 + 5, same.size(), "yr>rG serves both of the equal greens");
        assertEquals(same.phase(0, 2), same.phase(1, 2));
        final StringBuilder xml = new StringBuilder();
        new SwitchingProgram(signal("Gr", "rg"), 3).write("p", xml);
        assertEquals(
                """
                    <tlLogic id="C" type="static" programID="p" offset="0">
                        <phase duration="100000" state="Gr" next="0"/>
                        <phase duration="100000" state="rg" next="1"/>
                        <phase duration="3" state="yr" next="1"/>
                        <phase duration="3" state="ry" next="0"/>
                    </tlLogic>
                """,
                xml.toString());
    }

    private static SignalController controller(final SignalTiming timing) {
        final Signal signal = signal("Grr", "rGr", "rrG");
        return timing.controller(signal, new SwitchingProgram(signal, timing.yellowTime()));
    }

    @Test
    void keepsAGreenForItsShortestTime() {
        final SignalController controller = controller(SignalTiming.DEFAULT);
        assertEquals(SignalController.KEEP, controller.decide(1), "0 s after the start");
        controller.elapse(5);
        assertEquals(SignalController.KEEP, controller.decide(1), "5 s: yellow + 3");
        controller.elapse(5);
        assertEquals(3, controller.decide(1), "10 s");
        assertEquals(1, controller.green());
        controller.elapse(5);
        assertEquals(5, controller.sinceChange());
        assertEquals(SignalController.KEEP, controller.decide(1));
        controller.elapse(5);
        assertEquals(SignalController.KEEP, controller.decide(1), "the green that is shown");
        assertEquals(6, controller.decide(2));
    }

    @Test
    void leavesAGreenThatIsTooLongOnlyIfThatIsEnforced() {
        final SignalController free = controller(new SignalTiming(5, 2, 5, 20, false));
        final SignalController enforced = controller(new SignalTiming(5, 2, 5, 20, true));
        for (int seconds = 0; seconds < 20; seconds += 5) {
            assertEquals(SignalController.KEEP, free.decide(0));
            assertEquals(SignalController.KEEP, enforced.decide(0));
            free.elapse(5);
            enforced.elapse(5);
        }
        assertEquals(SignalController.KEEP, free.decide(0));
        assertEquals(3, enforced.decide(0));
        assertEquals(1, enforced.green());
    }

    @Test
    void chargesEachLaneWithWhatOthersHaveNotBeen() {
        final WaitingBook book = new WaitingBook();
        assertEquals(7, book.charge(3, 7), "the first sighting takes all");
        assertEquals(9, book.charge(3, 9));
        assertEquals(4, book.charge(1, 13));
        assertEquals(2, book.charge(8, 15));
        assertEquals(5, book.charge(1, 16));
        assertEquals(-9, book.charge(8, 5), "SUMO forgot what others were charged with");
    }

    @Test
    void knowsTheRewardsByName() {
        final IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Reward.named("wait"));
        assertEquals(
                "reward: name=wait, expected one of average-speed, co2, diff-waiting-time, pressure,"
                        + " queue, time-loss",
                e.getMessage());
    }
}
