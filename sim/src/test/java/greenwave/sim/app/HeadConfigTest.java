package greenwave.sim.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.nn.QNet;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Where a network has noise. */
class HeadConfigTest {
    private static List<String> noisyLayers(final HeadConfig head, final Integer... hidden) {
        try (Engine engine = Engine.open(EngineConfig.builder().build());
                QNet net = head.build(QNet.builder(engine).input(3), List.of(hidden), 2)) {
            return net.parameters().all().stream()
                    .map(Parameter::name)
                    .filter(name -> name.endsWith("weight_sigma"))
                    .toList();
        }
    }

    private static HeadConfig noisy(final boolean dueling) {
        return new HeadConfig(dueling, true, 0.1, "none", 0, 0, 0);
    }

    @Test
    void noiseBeginsBehindTheFirstHiddenLayer() {
        assertEquals(List.of("2.weight_sigma", "4.weight_sigma"), noisyLayers(noisy(false), 8, 8));
        assertEquals(List.of("2.weight_sigma"), noisyLayers(noisy(false), 8));
        assertEquals(
                List.of("2.value.weight_sigma", "2.advantage.weight_sigma"),
                noisyLayers(noisy(true), 8));
    }

    @Test
    void aNetworkWithoutHiddenLayersHasItAtItsEnd() {
        assertEquals(List.of("0.weight_sigma"), noisyLayers(noisy(false)));
    }

    @Test
    void thereIsNoneUnlessAskedFor() {
        assertEquals(List.of(), noisyLayers(HeadConfig.DEFAULT, 8, 8));
    }
}
