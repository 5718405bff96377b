package greenwave.kernels;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import greenwave.emulation.EmulatedCuda;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** That {@link DeviceStepTest} finds mistakes in replay and loss: each is planted, and must be found in one order of threads. */
@Tag("planted")
class StepFaultsTest {
    private static final int ORDERS = 4;

    private record Fault(String name, String family, String from, String to) {
        Function<Backend, String> work() {
            return family.equals("loss") ? DeviceStep::lossFindings : DeviceStep::replayFindings;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Fault> FAULTS =
            List.of(
                    new Fault(
                            "a barrier is missing in the search for the least",
                            "replay",
                            "least[threadIdx.x + half];\n        }\n        __syncthreads();",
                            "least[threadIdx.x + half];\n        }"),
                    new Fault(
                            "a descent takes the child before",
                            "replay",
                            "target > block[child]",
                            "target >= block[child]"),
                    new Fault(
                            "a descent never takes the last child",
                            "replay",
                            "child < WIDTH - 1",
                            "child < WIDTH - 2"),
                    new Fault(
                            "a level of sums is left out",
                            "replay",
                            "i64 level = r->levels - 2;",
                            "i64 level = r->levels - 3;"),
                    new Fault("targets count from 0", "replay", "1 + (u64) target", "(u64) target"),
                    new Fault(
                            "of rows with one slot the first counts",
                            "replay",
                            "later = row + 1; later < end;",
                            "later = row - 1; later >= 0 && later < row;"),
                    new Fault(
                            "two observations are swapped",
                            "replay",
                            "copyObservation(r, after, d->nextObs",
                            "copyObservation(r, before, d->nextObs"),
                    new Fault(
                            "a row's last bytes are left out",
                            "replay",
                            "at = i; at < bytes; at += n",
                            "at = i; at < bytes / 4 * 4; at += n"),
                    new Fault(
                            "the random numbers are used again",
                            "replay",
                            "d->random += used * GOLDEN_GAMMA;",
                            ""),
                    new Fault(
                            "a barrier is missing in the mean",
                            "loss",
                            "sums[threadIdx.x + half];\n        }\n        __syncthreads();",
                            "sums[threadIdx.x + half];\n        }"),
                    new Fault(
                            "rows after the first of a thread are left out",
                            "loss",
                            "row < rows; row += THREADS",
                            "row < rows && row < THREADS; row += THREADS"),
                    new Fault("a mask is passed over", "loss", "if (legal[a] && ", "if ("),
                    new Fault(
                            "weights are left out of the gradient",
                            "loss",
                            "gradientShare / rows * counts * slope",
                            "gradientShare / rows * slope"));

    @AfterEach
    void restore() {
        EmulatedCuda.recover();
        EmulatedCuda.restore();
        EmulatedCuda.order(0);
    }

    @ParameterizedTest
    @FieldSource("FAULTS")
    void isFound(final Fault fault, @TempDir final Path scratch) throws Exception {
        EmulatedCuda.plant(fault.family, fault.from, fault.to, scratch);
        final StringBuilder findings = new StringBuilder();
        for (int order = 0; order < ORDERS && findings.isEmpty(); order++) {
            EmulatedCuda.order(order);
            try (Backend device = EmulatedCuda.open()) {
                findings.append(fault.work().apply(device));
                EmulatedCuda.idle();
            } catch (final DeviceException | IllegalStateException e) {
                findings.append(e.getMessage());
                EmulatedCuda.recover();
            }
        }
        assertNotEquals("", findings.toString());
    }
}
