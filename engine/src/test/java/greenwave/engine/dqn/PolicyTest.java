package greenwave.engine.dqn;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.Engine;
import greenwave.engine.Segments;
import greenwave.engine.Tested;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.nn.QNet;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.List;

@Tag("backend")
class PolicyTest {
    private static final int ACTIONS = 3;

    /** Q(x) = [x, -x, 0.5] for a single number x. */
    private static QNet net(final Engine engine) {
        final QNet net = QNet.builder(engine).input(1).actions(ACTIONS).build();
        final List<Parameter> parameters = net.parameters().all();
        Segments.fill(parameters.get(0).value(), new float[] {1, -1, 0});
        Segments.fill(parameters.get(1).value(), new float[] {0, 0, 0.5f});
        return net;
    }

    @ParameterizedTest(name = "{0} rows")
    @ValueSource(ints = {1, 2, 7, 8, 9, 64, 65, 130, 200})
    void takesTheLegalActionOfLargestValueInEveryRow(final int n) throws Exception {
        final float[] x = new float[n];
        final byte[] legal = new byte[n * ACTIONS];
        final int[] expected = new int[n];
        final int[] expectedIfAllLegal = new int[n];
        for (int row = 0; row < n; row++) {
            x[row] = row % 5 - 2; // -2 to 2: best are 1, 1, 2, 0, 0
            expectedIfAllLegal[row] = new int[] {1, 1, 2, 0, 0}[row % 5];
            final boolean restricted = row % 3 == 0; // to actions 0 and 2: best are 2, 2, 2, 0, 0
            legal[row * ACTIONS] = 1;
            legal[row * ACTIONS + 1] = (byte) (restricted ? 0 : 1);
            legal[row * ACTIONS + 2] = 1;
            expected[row] =
                    restricted ? new int[] {2, 2, 2, 0, 0}[row % 5] : expectedIfAllLegal[row];
        }
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (QNet net = net(engine);
                            Policy policy = Policy.of(net)) {
                        final int[] actions = new int[n];
                        policy.act(Segments.of(x), Segments.of(legal), actions);
                        assertArrayEquals(expected, actions);
                        policy.act(Segments.of(x), actions);
                        assertArrayEquals(expectedIfAllLegal, actions);
                    }
                });
    }

    @Test
    void refusesWrongSizesAndRowsWithoutALegalAction() throws Exception {
        final MemorySegment two = Segments.of(1f, 2f);
        assertNoLeak(
                Tested.BACKEND,
                1,
                engine -> {
                    try (QNet net = net(engine);
                            Policy policy = Policy.of(net)) {
                        final int[] actions = {7, 7};
                        assertEquals(
                                "act: obs=4 bytes, expected f32 [2, 1]",
                                refusal(() -> policy.act(Segments.of(1f), actions)));
                        assertEquals(
                                "act: legal=3 bytes, expected u8 [2, 3]",
                                refusal(
                                        () ->
                                                policy.act(
                                                        two,
                                                        Segments.of(new byte[] {1, 1, 1}),
                                                        actions)));
                        assertEquals(
                                "act: row=1 has no legal action, expected at least 1",
                                refusal(
                                        () ->
                                                policy.act(
                                                        two,
                                                        Segments.of(new byte[] {1, 0, 0, 0, 0, 0}),
                                                        actions)));
                        assertArrayEquals(new int[] {7, 7}, actions);
                    }
                });
    }

    private static String refusal(final Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
