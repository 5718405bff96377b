package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.Schedule;
import greenwave.engine.dqn.StopWhen;
import greenwave.engine.dqn.Trainer;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.nn.QNet;
import greenwave.engine.replay.UniformReplay;
import greenwave.sim.net.Network;
import greenwave.sim.signal.ActionSpace;
import greenwave.sim.signal.PhaseTable;
import greenwave.sim.signal.RoadObservation;
import greenwave.sim.signal.RoadObservation.Order;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.StandardPhases;
import greenwave.sim.signal.UncontrollableException;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

class StandardPhasesTest {
    private static Signal signal(final String network, final ActionSpace actions) {
        final Network read = Network.read(Configs.network(network), List.of());
        return actions.signal(read.trafficLights().getFirst(), read);
    }

    private static List<Integer> legal(final Signal signal) {
        return IntStream.range(0, signal.greens().size()).filter(signal::legal).boxed().toList();
    }

    @Test
    void whatOpensNothingIsNotLegal() {
        final StandardPhases phases = new StandardPhases(PhaseTable.STANDARD);
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), legal(signal("cross2", phases)));
        assertEquals(List.of(4, 6, 7), legal(signal("tee3", phases)));
        assertEquals(List.of(4, 5), legal(signal("two2", phases)));
        assertEquals(4, signal("tee3", phases).first(), "never red all over at the start");
    }

    @Test
    void generalTlsErrsWithThreeRoads() {
        final Signal asIs = signal("tee3", StandardPhases.generalTls(Order.CLOCKWISE));
        assertEquals(List.of(5, 6, 7), legal(asIs));
        assertEquals(0, asIs.first());
        assertEquals("rrrrrrrrr", asIs.greens().get(5));
        assertEquals(
                List.of(4, 6, 7), legal(signal("tee3", StandardPhases.generalTls(Order.INCOMING))));
    }

    @Test
    void saysWhichSignalsHaveTooManyRoadsForTheTable() {
        final PhaseTable three = new PhaseTable(Map.of(3, List.of("23", "32", "33")));
        assertEquals(
                "signal C has 4 incoming roads, expected 3",
                assertThrows(
                                UncontrollableException.class,
                                () -> signal("cross2", new StandardPhases(three)))
                        .getMessage());
    }

    private static SumoVecEnvBuilder tee() {
        return SumoVecEnv.builder(Configs.of("tee3", 0, 200, List.of()))
                .actions(new StandardPhases(PhaseTable.STANDARD))
                .observation(RoadObservation.padded(PhaseTable.STANDARD))
                .strict(true);
    }

    /** The environment refuses what is not legal, so a run that ends has chosen nothing else. */
    @Test
    void trainingKeepsToTheMask() {
        for (final double epsilon : new double[] {1, 0}) {
            try (Engine engine = Engine.open(EngineConfig.builder().seed(5).build());
                    SumoVecEnv env = tee().worlds(2).open()) {
                final AgentGroup group = env.spec().onlyGroup();
                assertEquals("33x8", group.name());
                final QNet net =
                        QNet.builder(engine)
                                .input(group.obsSize())
                                .linear(16)
                                .relu()
                                .actions(8)
                                .build();
                final UniformReplay replay =
                        UniformReplay.builder(engine, group).capacity(1000).build();
                try (Learner learner = Learner.builder(net, replay).batch(16).build()) {
                    assertTrue(
                            Trainer.of(env, learner)
                                            .epsilon(Schedule.linear(epsilon, epsilon, 1))
                                            .run(StopWhen.episodes(2))
                                            .updates()
                                    > 40);
                }
            }
        }
    }

    @Test
    void refusesWhatIsNotLegalIfAskedTo() {
        try (SumoVecEnv env = tee().open()) {
            env.reset(1);
            assertEquals(
                    "SumoVecEnv.step: signal=C, action=5 is not legal now, expected one that the mask allows",
                    assertThrows(IllegalArgumentException.class, () -> env.step(new int[][] {{5}}))
                            .getMessage());
            env.step(new int[][] {{6}});
        }
    }
}
