package greenwave.sim;

import greenwave.sim.signal.MinGreenController;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.SignalController;
import greenwave.sim.signal.Switching;
import greenwave.sim.signal.SwitchingProgram;

/**
 * sumo-rl's rule of when a signal may change. Defaults are sumo-rl's.
 *
 * @param deltaTime seconds between decisions
 * @param yellowTime seconds of yellow between two greens, at least 1, less than {@code deltaTime}
 * @param minGreen shortest green, seconds
 * @param maxGreen longest green, seconds, greater than {@code minGreen}; looked at only with
 *     {@code enforceMaxGreen}
 * @param enforceMaxGreen whether a decision to stay past {@code maxGreen} moves on to the next green
 */
public record SignalTiming(
        int deltaTime, int yellowTime, int minGreen, int maxGreen, boolean enforceMaxGreen)
        implements Switching {
    /** 5 s decisions, 2 s yellow, greens of at least 5 s. */
    public static final SignalTiming DEFAULT = new SignalTiming(5, 2, 5, 50, false);

    /** Checks the ranges above. */
    public SignalTiming {
        if (yellowTime < 1 || deltaTime <= yellowTime) {
            throw new IllegalArgumentException(
                    "signal timing: delta_time=%d s, yellow_time=%d s, expected delta_time > yellow_time >= 1"
                            .formatted(deltaTime, yellowTime));
        }
        if (minGreen < 0 || maxGreen <= minGreen) {
            throw new IllegalArgumentException(
                    "signal timing: min_green=%d s, max_green=%d s, expected max_green > min_green >= 0"
                            .formatted(minGreen, maxGreen));
        }
    }

    @Override
    public SignalController controller(final Signal signal, final SwitchingProgram program) {
        return new MinGreenController(signal, program, this);
    }
}
