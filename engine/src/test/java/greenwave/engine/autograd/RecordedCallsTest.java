package greenwave.engine.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import greenwave.engine.EmulatedDevice;
import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.Segments;
import greenwave.kernels.Buffer;
import greenwave.kernels.DType;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedCallsTest {
    /** Each run adds 1, whether it computes, records or replays. */
    private static void assertEachRunAddsOne(final String backend) {
        try (Engine engine = Engine.open(EngineConfig.builder().backend(backend).build());
                Buffer sum = engine.backend().allocate(DType.F32, 3)) {
            final int[] asked = new int[1];
            final RecordedCalls calls =
                    new RecordedCalls(
                            engine.backend(),
                            () -> {
                                asked[0]++;
                                engine.backend().kernels().affine(sum, 1, 1, sum);
                            });
            for (int run = 1; run <= 5; run++) {
                calls.run();
                assertArrayEquals(new float[] {run, run, run}, Segments.floats(sum));
            }
            assertEquals(backend.equals("cuda:0") ? 2 : 5, asked[0]);
            calls.close();
            calls.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "reference"})
    void onTheHostTheyAreMadeEachTime(final String backend) {
        assertEachRunAddsOne(backend);
    }

    @Tag("cuda")
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void onADeviceTheSecondRunRecordsThem(final int order) {
        EmulatedDevice.order(order);
        assertEachRunAddsOne("cuda:0");
        EmulatedDevice.order(0);
    }
}
