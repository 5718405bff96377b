package greenwave.engine.replay;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.ImageSpec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class MemoryBudgetTest {
    private static AgentGroup group(final int obsSize, final int actions, final int side) {
        return new AgentGroup(
                "g",
                List.of("a"),
                obsSize,
                actions,
                side == 0 ? null : new ImageSpec(1, side, side));
    }

    @ParameterizedTest(name = "D={0}, A={1}, image {2}, capacity {3}")
    @CsvSource({
        "64, 4, 0, 1048576",
        "4, 2, 0, 100000",
        "33, 8, 0, 10000",
        "16, 4, 84, 1000000",
        "0, 2, 40, 65536",
        "1, 2, 0, 4194304"
    })
    void aTransitionTakesAtMost24BytesBeyondItsPayload(
            final int obsSize, final int actions, final int side, final int capacity)
            throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final MemoryBudget budget =
                            PrioritizedReplay.builder(engine, group(obsSize, actions, side))
                                    .capacity(capacity)
                                    .budget();
                    final long payload = 4L * obsSize + (long) side * side + 16 + actions;
                    assertEquals(payload, budget.payload());
                    final double beyond = budget.bytesPerTransition() - payload;
                    assertTrue(beyond <= 24, "beyond=" + beyond);
                    assertTrue(budget.observations() > capacity);
                });
    }

    @Test
    void theBudgetIsWhatTheReplayTakes() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final long before = engine.allocatedBytes();
                    try (PrioritizedReplay replay =
                            PrioritizedReplay.builder(engine, group(3, 2, 4)).build()) {
                        final MemoryBudget budget = replay.budget();
                        assertEquals(before + budget.total(), engine.allocatedBytes());
                        final Observations observations = replay.observations;
                        assertEquals(
                                observations.vectors().byteSize()
                                        + observations.images().byteSize()
                                        + observations.ring().words().byteSize()
                                        + replay.facts.records().byteSize()
                                        + SumTree.bytes(10_000)
                                        + 2 * Tickets.BYTES,
                                budget.total());
                        assertEquals(
                                "capacity=10000, %.1f bytes per transition (46 payload), total=%d bytes"
                                        .formatted(budget.total() / 1e4, budget.total()),
                                budget.toString());
                    }
                    assertEquals(before, engine.allocatedBytes());
                });
    }

    @Test
    void anEngineThatClosesFreesItsReplays() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final UniformReplay replay =
                            UniformReplay.builder(engine, group(2, 2, 0)).build();
                    engine.close();
                    assertEquals(0, engine.allocatedBytes());
                    assertEquals(
                            "replay.observe: closed",
                            assertThrows(
                                            IllegalStateException.class,
                                            () -> replay.observe(0, null, null))
                                    .getMessage());
                    replay.close();
                });
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsAllocated() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final UniformReplay.Builder small =
                            UniformReplay.builder(engine, group(2, 2, 0)).memoryLimit(400_000);
                    assertEquals(
                            "UniformReplay: %s, expected at most memoryLimit=400000 bytes"
                                    .formatted(small.budget()),
                            refusal(small::build));
                    final PrioritizedReplay.Builder huge =
                            PrioritizedReplay.builder(engine, group(0, 2, 4096)).capacity(1 << 28);
                    final String message = refusal(huge::build);
                    assertTrue(
                            message.startsWith(
                                    "PrioritizedReplay: %s, expected at most the machine's memory="
                                            .formatted(huge.budget())),
                            message);
                    assertEquals(0, engine.allocatedBytes());
                });
    }

    private static String refusal(final Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
