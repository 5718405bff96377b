package greenwave.sim.oracle;

import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight;
import greenwave.sim.net.TrafficLight.Phase;
import greenwave.sim.signal.ActionSpace;
import greenwave.sim.signal.Compat;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.UncontrollableException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What sumo-rl takes for greens with {@code fixed_ts}: half of the program's phases, whatever they show. An
 * agent of ours has two actions at least, so there may be more greens here than {@link #number there}.
 */
final class FixedTimePhases implements ActionSpace {
    private static final int LEAST = 2;

    @Override
    public Signal signal(final TrafficLight light, final Network network) {
        if (light.programs().isEmpty()) {
            throw new UncontrollableException("signal %s has no program".formatted(light.id()));
        }
        final List<String> states =
                light.programs().getFirst().phases().stream().map(Phase::state).toList();
        final List<String> greens = new ArrayList<>(states.subList(0, number(light)));
        while (greens.size() < LEAST) {
            greens.add(states.getFirst());
        }
        return new Signal(
                light, network, greens, Collections.nCopies(greens.size(), true), Compat.SUMO_RL);
    }

    /** {@return the greens that sumo-rl counts} */
    static int number(final TrafficLight light) {
        return light.programs().getFirst().phases().size() / 2;
    }
}
