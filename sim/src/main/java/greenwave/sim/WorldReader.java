package greenwave.sim;

import static greenwave.sim.TraciVariables.ACCUMULATED_WAITING;
import static greenwave.sim.TraciVariables.ALLOWED_SPEED;
import static greenwave.sim.TraciVariables.ARRIVED;
import static greenwave.sim.TraciVariables.CO2;
import static greenwave.sim.TraciVariables.DEPARTED;
import static greenwave.sim.TraciVariables.HALTING_NUMBER;
import static greenwave.sim.TraciVariables.ID_LIST;
import static greenwave.sim.TraciVariables.LANE_POSITION;
import static greenwave.sim.TraciVariables.LENGTH;
import static greenwave.sim.TraciVariables.MEAN_LENGTH;
import static greenwave.sim.TraciVariables.PENDING;
import static greenwave.sim.TraciVariables.POSITION;
import static greenwave.sim.TraciVariables.SIGNAL_STATE;
import static greenwave.sim.TraciVariables.SPEED;
import static greenwave.sim.TraciVariables.TELEPORTS_ENDED;
import static greenwave.sim.TraciVariables.VEHICLE_IDS;
import static greenwave.sim.TraciVariables.VEHICLE_NUMBER;
import static greenwave.sim.TraciVariables.WAITING;

import greenwave.sim.libtraci.SumoSession;
import greenwave.sim.libtraci.TraciDomain;
import greenwave.sim.libtraci.TraciValues;
import greenwave.sim.net.Network;
import greenwave.sim.signal.LaneReading;
import greenwave.sim.signal.LaneTable;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.SystemReadings;
import greenwave.sim.signal.Vehicle;
import greenwave.sim.signal.WaitingBook;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Fills a {@link LaneTable} from one SUMO session: what concerns lanes comes by subscription with the
 * step itself, what concerns their vehicles in one round trip for all.
 */
final class WorldReader {
    private final SumoSession session;
    private final SignalLayout layout;
    private final LaneTable table;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final List<Lane> withVehicles = new ArrayList<>();
    private final boolean waiting;
    private final boolean speed;
    private final boolean places;
    private final boolean co2;
    private final boolean system;
    private final int[] vehicleVariables;
    private final Map<String, Known> vehicles = new HashMap<>();
    private final SystemReader systemReader = new SystemReader();
    private int instant;

    /** A lane that is read. */
    private static final class Lane {
        final LaneReading reading;
        final int number;
        final boolean incoming;
        final boolean countOnly;
        List<Known> present = List.of();

        Lane(
                final LaneReading reading,
                final int number,
                final boolean incoming,
                final boolean countOnly) {
            this.reading = reading;
            this.number = number;
            this.incoming = incoming;
            this.countOnly = countOnly;
        }
    }

    /** A vehicle that has been on a lane that is read. */
    private static final class Known {
        final Vehicle vehicle;
        final WaitingBook book = new WaitingBook();
        double accumulated;
        double relativeSpeed;
        int read; // instant of the values above

        Known(final String id) {
            this.vehicle = new Vehicle(id);
        }
    }

    WorldReader(final SumoSession session, final SignalLayout layout) {
        this.session = session;
        this.layout = layout;
        this.waiting = layout.reads(Reading.WAITING);
        this.speed = layout.reads(Reading.SPEED);
        this.places = layout.reads(Reading.VEHICLES);
        this.co2 = layout.reads(Reading.CO2);
        this.system = layout.reads(Reading.SYSTEM);
        final Map<String, Double> lengths = new LinkedHashMap<>();
        final Network network = layout.network();
        layout.incoming().forEach(lane -> lengths.put(lane, network.laneLength(lane)));
        layout.observed().forEach(lane -> lengths.put(lane, network.laneLength(lane)));
        layout.outgoing().forEach(lane -> lengths.put(lane, network.laneLength(lane)));
        this.table = new LaneTable(lengths, layout.incoming());
        this.vehicleVariables = vehicleVariables();
        layout.incoming().forEach(lane -> add(lane, true, false));
        layout.observed().forEach(lane -> add(lane, false, false));
        layout.outgoing().forEach(lane -> add(lane, false, true));
        subscribe();
    }

    private void add(final String id, final boolean incoming, final boolean countOnly) {
        if (!lanes.containsKey(id)) {
            final Lane lane = new Lane(table.lane(id), lanes.size(), incoming, countOnly);
            lanes.put(id, lane);
            if (!countOnly) {
                withVehicles.add(lane);
            }
        }
    }

    private int[] vehicleVariables() {
        final IntStream.Builder variables = IntStream.builder();
        if (waiting) {
            variables.add(ACCUMULATED_WAITING);
        }
        if (speed || places || system) {
            variables.add(SPEED);
        }
        if (speed) {
            variables.add(ALLOWED_SPEED);
        }
        if (places || system) {
            variables.add(LANE_POSITION);
        }
        if (places) {
            variables.add(POSITION).add(LENGTH);
        }
        if (system) {
            variables.add(WAITING);
        }
        return variables.build().toArray();
    }

    /** {@return the table that {@link #read} fills} */
    LaneTable table() {
        return table;
    }

    /** {@return the world as a whole at the last {@link #read}} */
    SystemReadings system() {
        return systemReader.latest;
    }

    private boolean readsVehicles() {
        return vehicleVariables.length > 0;
    }

    /** SUMO gathers subscribed values in every simulated second: no number where there are names. */
    private void subscribe() {
        final int number = readsVehicles() ? VEHICLE_IDS : VEHICLE_NUMBER;
        final int[] full =
                co2
                        ? new int[] {number, HALTING_NUMBER, MEAN_LENGTH, CO2}
                        : new int[] {number, HALTING_NUMBER, MEAN_LENGTH};
        lanes.forEach(
                (id, lane) ->
                        session.subscribe(
                                TraciDomain.LANE,
                                id,
                                lane.countOnly ? new int[] {VEHICLE_NUMBER} : full));
        if (layout.reads(Reading.STATE)) {
            for (final SignalLayout.Agent agent : layout.agents()) {
                session.subscribe(TraciDomain.TRAFFIC_LIGHT, agent.signal().id(), SIGNAL_STATE);
            }
        }
        if (system) {
            session.subscribe(TraciDomain.VEHICLE, "", ID_LIST);
            session.subscribe(
                    TraciDomain.SIMULATION, "", DEPARTED, ARRIVED, TELEPORTS_ENDED, PENDING);
        }
    }

    /** Takes in the present instant. Call once per decision: the waiting times are samples. */
    void read() {
        instant++;
        session.read(TraciDomain.LANE, this::readLane);
        if (readsVehicles()) {
            readVehicles();
        }
        if (layout.reads(Reading.STATE)) {
            session.read(
                    TraciDomain.TRAFFIC_LIGHT,
                    (signal, values) -> table.setState(signal, values.text(SIGNAL_STATE)));
        }
        if (system) {
            session.read(TraciDomain.SIMULATION, (_, values) -> systemReader.finish(values));
        }
    }

    private void readLane(final String id, final TraciValues values) {
        final Lane lane = lanes.get(id);
        if (lane.countOnly || !readsVehicles()) {
            lane.reading.setVehicles(values.integer(VEHICLE_NUMBER));
        } else {
            final String[] ids = values.list(VEHICLE_IDS);
            lane.present = known(ids);
            lane.reading.setVehicles(ids.length);
        }
        if (!lane.countOnly) {
            lane.reading.setTraffic(values.integer(HALTING_NUMBER), values.number(MEAN_LENGTH));
        }
        if (co2 && !lane.countOnly) {
            lane.reading.setCo2(values.number(CO2));
        }
    }

    private List<Known> known(final String[] ids) {
        final List<Known> present = new ArrayList<>(ids.length);
        for (final String id : ids) {
            present.add(vehicles.computeIfAbsent(id, Known::new));
        }
        return present;
    }

    private void readVehicles() {
        final Network network = layout.network();
        systemReader.begin();
        session.readVehicles(
                network.junction(), network.radius(), vehicleVariables, this::readVehicle);
        readOverlooked();
        for (final Lane lane : withVehicles) {
            double charged = 0;
            double speeds = 0;
            for (final Known vehicle : lane.present) {
                charged +=
                        waiting && lane.incoming
                                ? vehicle.book.charge(lane.number, vehicle.accumulated)
                                : 0;
                speeds += vehicle.relativeSpeed;
            }
            lane.reading.setWaiting(charged);
            lane.reading.setSpeedSum(speeds);
            if (places) {
                lane.reading.setPresent(lane.present.stream().map(known -> known.vehicle).toList());
            }
        }
    }

    /** A vehicle on a lane whose shape leaves the network's bounds, if there ever is one. */
    private void readOverlooked() {
        final Set<String> overlooked = new LinkedHashSet<>();
        for (final Lane lane : withVehicles) {
            for (final Known vehicle : lane.present) {
                if (vehicle.read != instant) {
                    overlooked.add(vehicle.vehicle.id());
                }
            }
        }
        if (system) { // vehicles elsewhere count too, such as parked ones
            session.read(
                    TraciDomain.VEHICLE,
                    (id, values) -> {
                        if (id.isEmpty()) {
                            overlooked.addAll(List.of(values.list(ID_LIST)));
                            overlooked.removeAll(systemReader.seen);
                        }
                    });
        }
        if (!overlooked.isEmpty()) {
            overlooked.forEach(id -> session.subscribe(TraciDomain.VEHICLE, id, vehicleVariables));
            session.read(
                    TraciDomain.VEHICLE,
                    (id, values) -> {
                        if (overlooked.contains(id)) {
                            readVehicle(id, values);
                        }
                    });
        }
    }

    private void readVehicle(final String id, final TraciValues values) {
        if (system) {
            systemReader.add(id, values);
        }
        final Known known = vehicles.get(id);
        if (known == null) {
            return; // never was on a lane that is read
        }
        if (waiting) {
            known.accumulated = values.number(ACCUMULATED_WAITING);
        }
        if (speed) {
            known.relativeSpeed = values.number(SPEED) / values.number(ALLOWED_SPEED);
        }
        if (places) {
            known.vehicle.set(
                    values.number(LANE_POSITION),
                    values.number(SPEED),
                    values.x(POSITION),
                    values.y(POSITION),
                    values.number(LENGTH));
        }
        known.read = instant;
    }
}
