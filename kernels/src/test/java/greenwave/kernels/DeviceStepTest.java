package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.emulation.EmulatedCuda;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replay and loss on the emulated device: see {@link EmulatedCuda} for what that shows. */
@Tag("cuda")
class DeviceStepTest {
    @AfterEach
    void restore() {
        EmulatedCuda.idle();
        EmulatedCuda.order(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void drawsGathersAndUpdatesAsThePlainReplayDoes(final int order) {
        EmulatedCuda.order(order);
        try (Backend device = EmulatedCuda.open()) {
            assertEquals("", DeviceStep.replayFindings(device));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void theLossIsThatOfPlainLoops(final int order) {
        EmulatedCuda.order(order);
        try (Backend device = EmulatedCuda.open()) {
            assertEquals("", DeviceStep.lossFindings(device));
        }
    }

    @Test
    void refusesColumnsThatDoNotFit() {
        try (Backend device = EmulatedCuda.open();
                ResidentReplay replay = device.openReplay(PlainReplay.LAYOUT).orElseThrow()) {
            final Buffer one = device.allocate(DType.F32, 1);
            final BatchBuffers batch =
                    new BatchBuffers(1, one, null, null, one, one, one, null, null, one);
            assertEquals(
                    "replay.sampler: obs=F32[1], expected F32[3]",
                    assertThrows(IllegalArgumentException.class, () -> replay.sampler(batch))
                            .getMessage());
            assertEquals(
                    "setBetas: betas=0, expected [1, 1024]",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> replay.setBetas(0, new double[0]))
                            .getMessage());
        }
    }

    @Test
    void givesItsMemoryBack() {
        try (Backend device = EmulatedCuda.open()) {
            final long before = device.allocatedBytes();
            final ResidentReplay replay = device.openReplay(PlainReplay.LAYOUT).orElseThrow();
            replay.close();
            replay.close();
            assertEquals(before, device.allocatedBytes());
        }
    }
}
