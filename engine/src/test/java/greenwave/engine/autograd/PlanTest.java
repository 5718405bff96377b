package greenwave.engine.autograd;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.engine.Segments;
import greenwave.engine.tensor.Shape;
import greenwave.engine.tensor.Tensor;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Test;

import java.util.List;

class PlanTest {
    @Test
    void replaysWithNewInputs() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Tensor x = trace.input("x", DType.F32, 3);
                    final Tensor y = x.mul(2).add(1);
                    try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                        Segments.fill(plan.buffer(x), new float[] {1, 2, 3});
                        plan.run();
                        assertArrayEquals(new float[] {3, 5, 7}, Segments.floats(plan.buffer(y)));
                        Segments.fill(plan.buffer(x), new float[] {0, -1, 4});
                        plan.run();
                        assertArrayEquals(new float[] {1, -1, 9}, Segments.floats(plan.buffer(y)));
                    }
                });
    }

    @Test
    void gradientsOfAValueUsedTwiceAddUpAndStopAtDetach() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final Buffer value = engine.backend().allocate(DType.F32, 2);
                    final Buffer gradient = engine.backend().allocate(DType.F32, 2);
                    Segments.fill(value, new float[] {3, -5});
                    final Trace trace = new Trace();
                    final Tensor p =
                            trace.parameter(new Parameter("p", Shape.of(2), value, gradient));
                    final Tensor constant = p.detach();
                    final Tensor loss = p.mul(p).add(p).add(p.mul(constant)).sum();
                    try (Plan plan =
                            Plan.builder(engine.backend(), trace).gradientsOf(loss).build()) {
                        plan.run();
                        plan.run(); // overwritten, not added to
                        // d(p² + p + p·c)/dp = 2p + 1 + c, with c = p held fixed
                        assertArrayEquals(new float[] {10, -14}, Segments.floats(gradient));
                        assertSame(plan.buffer(p), plan.buffer(constant)); // no copy
                    }
                    value.close();
                    gradient.close();
                });
    }

    @Test
    void describesItsStepsAndMemory() throws Exception {
        assertNoLeak(
                "reference",
                1,
                engine -> {
                    final Trace trace = new Trace();
                    trace.input("x", DType.F32, 2, 3).relu().argMax(1);
                    try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                        assertEquals(
                                """
                                  0  relu             F32[2, 3] -> F32[2, 3]            48 B               6 FLOP
                                  1  argMax           F32[2, 3] -> I32[2]               32 B               2 FLOP
                                2 steps, 96 bytes, 8 FLOP
                                """,
                                plan.describe());
                        assertEquals(96, plan.bytes()); // the first two start at cache lines
                    }
                });
    }

    @Test
    void gradientsStartFromWhatTheCallerWrites() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final Buffer value = engine.backend().allocate(DType.F32, 2);
                    final Buffer gradient = engine.backend().allocate(DType.F32, 2);
                    Segments.fill(value, new float[] {3, -5});
                    final Trace trace = new Trace();
                    final Tensor p =
                            trace.parameter(new Parameter("p", Shape.of(2), value, gradient));
                    final Tensor x = trace.input("x", DType.F32, 2);
                    final Tensor square = p.mul(p);
                    try (Plan plan =
                            Plan.builder(engine.backend(), trace)
                                    .gradientsFrom( // that of the sum of x · p²
                                            square,
                                            "seed",
                                            (values, seed) -> k -> k.copy(values.apply(x), seed))
                                    .build()) {
                        Segments.fill(plan.buffer(x), new float[] {1, 10});
                        plan.run();
                        plan.run();
                        assertArrayEquals(new float[] {6, -100}, Segments.floats(gradient));
                        assertArrayEquals(
                                new float[] {9, 25}, Segments.floats(plan.buffer(square)));
                    }
                    final Tensor stranger = new Trace().input("y", DType.F32, 2);
                    final PlanBuilder builder = Plan.builder(engine.backend(), trace);
                    assertEquals(
                            "gradientsFrom: output=F32[2], expected F32 of the plan's trace",
                            assertThrows(
                                            IllegalArgumentException.class,
                                            () ->
                                                    builder.gradientsFrom(
                                                            stranger, "seed", (_, _) -> _ -> {}))
                                    .getMessage());
                    value.close();
                    gradient.close();
                });
    }

    @Test
    void refusesALossWithoutGradient() throws Exception {
        assertNoLeak(
                "reference",
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Tensor x = trace.input("x", DType.F32, 3);
                    final PlanBuilder builder = Plan.builder(engine.backend(), trace);
                    assertEquals(
                            "gradientsOf: loss=F32[3], expected a F32[] of the plan's trace",
                            assertThrows(
                                            IllegalArgumentException.class,
                                            () -> builder.gradientsOf(x))
                                    .getMessage());
                    final PlanBuilder constant = builder.gradientsOf(x.sum());
                    assertEquals(
                            "gradientsOf: loss=F32[] depends on no trained parameter",
                            assertThrows(IllegalArgumentException.class, constant::build)
                                    .getMessage());
                });
    }

    @Test
    void refusesATensorItWasNotBuiltWith() throws Exception {
        assertNoLeak(
                "reference",
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Tensor x = trace.input("x", DType.F32, 3);
                    try (Plan plan = Plan.builder(engine.backend(), trace).build()) {
                        final Tensor late = x.relu();
                        assertEquals(
                                "plan: tensor=F32[3], expected a tensor of the trace it was built"
                                        + " from",
                                assertThrows(
                                                IllegalArgumentException.class,
                                                () -> plan.buffer(late))
                                        .getMessage());
                    }
                });
    }

    @Test
    void stepsThatDoNotOverlapShareMemoryUnlessItIsKept() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Tensor x = trace.input("x", DType.F32, 1024);
                    final Tensor twice = x.mul(2);
                    Tensor y = twice;
                    for (int i = 0; i < 10; i++) {
                        y = y.add(1);
                    }
                    try (Plan plan = Plan.builder(engine.backend(), trace).build();
                            Plan keeping =
                                    Plan.builder(engine.backend(), trace).keep(twice).build()) {
                        assertEquals(4 * 4096, plan.bytes()); // input, output, two that alternate
                        assertEquals(5 * 4096, keeping.bytes());
                        assertEquals(
                                "plan: tensor=F32[1024] is not kept after its last use, expected"
                                        + " keep(...) before build()",
                                assertThrows(
                                                IllegalArgumentException.class,
                                                () -> plan.buffer(twice))
                                        .getMessage());
                        final float[] values = new float[1024];
                        values[7] = 3;
                        for (final Plan each : List.of(plan, keeping)) {
                            Segments.fill(each.buffer(x), values);
                            each.run();
                            assertEquals(16, Segments.floats(each.buffer(y))[7]);
                        }
                        assertEquals(6, Segments.floats(keeping.buffer(twice))[7]);
                    }
                });
    }

    @Test
    void aLinearLayerAndItsReluAreOneStep() throws Exception {
        assertNoLeak(
                "cpu",
                1,
                engine -> {
                    final Trace trace = new Trace();
                    final Tensor x = trace.input("x", DType.F32, 2, 3);
                    final Tensor w = trace.input("w", DType.F32, 4, 3);
                    final Tensor b = trace.input("b", DType.F32, 4);
                    final Tensor y = x.linear(w, b);
                    y.relu();
                    try (Plan fused = Plan.builder(engine.backend(), trace).build();
                            Plan apart = Plan.builder(engine.backend(), trace).keep(y).build()) {
                        assertEquals(
                                1,
                                fused.describe().lines().filter(l -> l.contains("+relu")).count());
                        assertEquals(
                                0,
                                apart.describe().lines().filter(l -> l.contains("+relu")).count());
                    }
                });
    }
}
