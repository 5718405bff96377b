package greenwave.sim.signal;

import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight;

/** What an agent can choose between: how the green phases of a traffic light are found. Any thread. */
@FunctionalInterface
public interface ActionSpace {
    /**
     * {@return {@code light} under control; action k shows its k-th green}
     *
     * @throws UncontrollableException if it has too little to choose between, with the reason
     */
    Signal signal(TrafficLight light, Network network);
}
