package greenwave.sim.libtraci;

import java.util.List;

/**
 * What is said to and asked of one SUMO again and again; fixed from the start of a world.
 *
 * @param signals traffic lights that will be set, numbered by their place here
 * @param watches what every step and every read shows, numbered by their place here
 * @param vehicleVariables what is asked of vehicles: numbers and positions
 * @param junction a junction around which all vehicles are
 * @param range metres within which they are
 */
public record TraciPlan(
        List<String> signals,
        List<Watch> watches,
        List<TraciVariable> vehicleVariables,
        String junction,
        double range) {
    /**
     * Variables of one object.
     *
     * @param id empty for the simulation as a whole, and for {@link TraciDomain#VEHICLE} as a whole
     * @param variables at least one, numbered by their place here
     */
    public record Watch(TraciDomain domain, String id, List<TraciVariable> variables) {}

    /** {@return doubles that hold the values of one vehicle} */
    public int vehicleWidth() {
        return vehicleVariables.stream().mapToInt(TraciVariable::width).sum();
    }
}
