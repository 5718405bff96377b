package greenwave.sim;

import static greenwave.sim.TraciVariables.ACCUMULATED_WAITING;
import static greenwave.sim.TraciVariables.ALLOWED_SPEED;
import static greenwave.sim.TraciVariables.CO2;
import static greenwave.sim.TraciVariables.HALTING_NUMBER;
import static greenwave.sim.TraciVariables.LANE_POSITION;
import static greenwave.sim.TraciVariables.LENGTH;
import static greenwave.sim.TraciVariables.MEAN_LENGTH;
import static greenwave.sim.TraciVariables.POSITION;
import static greenwave.sim.TraciVariables.SIGNAL_STATE;
import static greenwave.sim.TraciVariables.SPEED;
import static greenwave.sim.TraciVariables.VEHICLE_IDS;
import static greenwave.sim.TraciVariables.VEHICLE_NUMBER;
import static greenwave.sim.TraciVariables.WAITING;

import greenwave.sim.libtraci.Names;
import greenwave.sim.libtraci.SumoSession;
import greenwave.sim.libtraci.TraciDomain;
import greenwave.sim.libtraci.TraciPlan;
import greenwave.sim.libtraci.TraciReader;
import greenwave.sim.libtraci.TraciVariable;
import greenwave.sim.net.Network;
import greenwave.sim.signal.LaneReading;
import greenwave.sim.signal.LaneTable;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.SystemReadings;
import greenwave.sim.signal.Vehicle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills a {@link LaneTable} from a SUMO session after another: what concerns lanes comes with the step
 * itself, what concerns their vehicles in one more round trip for all. Nothing is asked for that
 * nobody reads.
 */
final class WorldReader implements TraciReader {
    private final SignalLayout layout;
    private final List<String> signals; // the next, if their states are read
    private final TraciPlan plan;
    private final Names names = new Names();
    private final VehicleReader vehicles;
    private final SystemReader systemReader;
    private final boolean waiting;
    private final boolean speed;
    private final boolean traffic;
    private final boolean places;
    private final boolean coordinates;
    private final boolean lengths;
    private final boolean co2;
    private final boolean system;
    private final int accumulatedColumn;
    private final int speedColumn;
    private final int allowedColumn;
    private final int placeColumn;
    private final int positionColumn;
    private final int lengthColumn;
    private SumoSession session;
    private LaneTable table;
    private Lane[] lanes; // first of the plan's watches
    private Owed owed = Owed.NOTHING;

    /** What SUMO was asked for last and has not answered. */
    private enum Owed {
        NOTHING,
        STEP,
        VEHICLES
    }

    /** A lane that is read. */
    private static final class Lane {
        final LaneReading reading;
        final int number;
        final boolean incoming;
        final boolean countOnly;
        final boolean byVehicle; // else their number is enough
        final List<Vehicle> seen = new ArrayList<>();
        int[] present = new int[16]; // names
        int size;
        int halting;
        double meanLength;

        Lane(
                final LaneReading reading,
                final int number,
                final boolean incoming,
                final boolean countOnly,
                final boolean byVehicle) {
            this.reading = reading;
            this.number = number;
            this.incoming = incoming;
            this.countOnly = countOnly;
            this.byVehicle = byVehicle;
            reading.setPresent(Collections.unmodifiableList(seen));
        }
    }

    WorldReader(final SignalLayout layout) {
        this.layout = layout;
        this.waiting = layout.reads(Reading.WAITING);
        this.speed = layout.reads(Reading.SPEED);
        this.traffic = layout.reads(Reading.TRAFFIC);
        this.places = layout.reads(Reading.VEHICLES);
        this.coordinates = places && layout.reads(Reading.COORDINATES);
        this.lengths = places && layout.reads(Reading.LENGTHS);
        this.co2 = layout.reads(Reading.CO2);
        this.system = layout.reads(Reading.SYSTEM);
        this.signals = layout.agents().stream().map(agent -> agent.signal().id()).toList();
        final List<TraciPlan.Watch> watches = new ArrayList<>();
        open().forEach((id, lane) -> watches.add(watch(id, lane)));
        if (layout.reads(Reading.STATE)) {
            for (final String signal : signals) {
                watches.add(
                        new TraciPlan.Watch(
                                TraciDomain.TRAFFIC_LIGHT, signal, List.of(SIGNAL_STATE)));
            }
        }
        final List<TraciVariable> variables = vehicleVariables();
        this.vehicles = new VehicleReader(names, variables);
        this.systemReader = new SystemReader(vehicles, watches.size());
        if (system) {
            watches.addAll(SystemReader.WATCHES);
        }
        this.plan =
                new TraciPlan(
                        signals,
                        watches,
                        variables,
                        layout.network().junction(),
                        layout.network().radius());
        this.accumulatedColumn = vehicles.column(ACCUMULATED_WAITING);
        this.speedColumn = vehicles.column(SPEED);
        this.allowedColumn = vehicles.column(ALLOWED_SPEED);
        this.placeColumn = vehicles.column(LANE_POSITION);
        this.positionColumn = vehicles.column(POSITION);
        this.lengthColumn = vehicles.column(LENGTH);
    }

    /** {@return lanes that are read, by ID; empty, as is the table} */
    private Map<String, Lane> open() {
        final Map<String, Double> lengths = new LinkedHashMap<>();
        final Network network = layout.network();
        layout.incoming().forEach(lane -> lengths.put(lane, network.laneLength(lane)));
        layout.observed().forEach(lane -> lengths.put(lane, network.laneLength(lane)));
        layout.outgoing().forEach(lane -> lengths.put(lane, network.laneLength(lane)));
        table = new LaneTable(lengths, layout.incoming());
        final Map<String, Lane> byId = new LinkedHashMap<>();
        layout.incoming().forEach(id -> add(byId, id, true, false));
        layout.observed().forEach(id -> add(byId, id, false, false));
        layout.outgoing().forEach(id -> add(byId, id, false, true));
        lanes = byId.values().toArray(Lane[]::new);
        return byId;
    }

    private void add(
            final Map<String, Lane> byId,
            final String id,
            final boolean incoming,
            final boolean countOnly) {
        if (!byId.containsKey(id)) {
            final boolean byVehicle = !countOnly && (waiting && incoming || speed || places);
            byId.put(id, new Lane(table.lane(id), byId.size(), incoming, countOnly, byVehicle));
        }
    }

    private TraciPlan.Watch watch(final String id, final Lane lane) {
        final List<TraciVariable> variables = new ArrayList<>();
        variables.add(lane.byVehicle ? VEHICLE_IDS : VEHICLE_NUMBER);
        if (!lane.countOnly && traffic) {
            variables.add(HALTING_NUMBER);
            variables.add(MEAN_LENGTH);
        }
        if (!lane.countOnly && co2) {
            variables.add(CO2);
        }
        return new TraciPlan.Watch(TraciDomain.LANE, id, List.copyOf(variables));
    }

    private List<TraciVariable> vehicleVariables() {
        final List<TraciVariable> variables = new ArrayList<>();
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
        if (coordinates) {
            variables.add(POSITION);
        }
        if (lengths) {
            variables.add(LENGTH);
        }
        if (system) {
            variables.add(WAITING);
        }
        return List.copyOf(variables);
    }

    /** {@return the table that is filled; each episode has its own, since others may keep the last} */
    LaneTable table() {
        return table;
    }

    /** {@return the world as a whole at the last instant} */
    SystemReadings system() {
        return systemReader.latest();
    }

    /** Turns to a session that has just started, forgetting what was before. */
    void start(final SumoSession started) {
        session = started;
        owed = Owed.NOTHING;
        open();
        vehicles.clear();
        names.clear();
        systemReader.clear();
        session.begin(plan, names);
    }

    /** Takes in the present instant. */
    void read() {
        session.read(this);
        sendVehicles();
        advance(true);
    }

    /** Has SUMO simulate up to {@code until}, in seconds. */
    void sendStep(final double until) {
        session.sendStep(until);
        owed = Owed.STEP;
    }

    /**
     * Goes on with what SUMO has answered.
     *
     * @param wait whether to wait for answers
     * @return whether all has been taken in
     */
    boolean advance(final boolean wait) {
        if (owed == Owed.STEP && (wait || session.arrived())) {
            session.receiveStep(this);
            sendVehicles();
        }
        if (owed == Owed.VEHICLES && (wait || session.arrived())) {
            vehicles.receive(session);
            owed = Owed.NOTHING;
        }
        if (owed == Owed.NOTHING) {
            takeIn();
        }
        return owed == Owed.NOTHING;
    }

    /** {@return whether SUMO only has to look up what it is to answer} */
    boolean isAtHand() {
        return owed == Owed.VEHICLES;
    }

    /** Once per decision: the waiting times are samples. */
    private void takeIn() {
        for (final Lane lane : lanes) {
            if (!lane.countOnly && traffic) {
                lane.reading.setTraffic(lane.halting, lane.meanLength);
            }
            if (lane.byVehicle) {
                sum(lane);
            }
        }
        if (system) {
            systemReader.finish();
        }
    }

    private void sendVehicles() {
        owed = Owed.NOTHING;
        if (plan.vehicleVariables().isEmpty()) {
            return;
        }
        vehicles.begin();
        for (final Lane lane : lanes) {
            for (int i = 0; i < lane.size; i++) {
                vehicles.ask(lane.present[i]);
            }
        }
        if (system) {
            systemReader.ask(); // vehicles elsewhere count too, such as parked ones
        }
        if (vehicles.send(session)) {
            owed = Owed.VEHICLES;
        }
    }

    private void sum(final Lane lane) {
        double charged = 0;
        double speeds = 0;
        lane.seen.clear();
        for (int i = 0; i < lane.size; i++) {
            final int name = lane.present[i];
            if (waiting && lane.incoming) {
                charged +=
                        vehicles.book(name)
                                .charge(lane.number, vehicles.value(name, accumulatedColumn));
            }
            if (speed) {
                speeds += vehicles.value(name, speedColumn) / vehicles.value(name, allowedColumn);
            }
            if (places) {
                lane.seen.add(placed(name));
            }
        }
        lane.reading.setWaiting(charged);
        lane.reading.setSpeedSum(speeds);
    }

    private Vehicle placed(final int name) {
        final Vehicle vehicle = vehicles.vehicle(name);
        vehicle.set(vehicles.value(name, placeColumn), vehicles.value(name, speedColumn));
        if (coordinates) {
            vehicle.setPlace(
                    vehicles.value(name, positionColumn), vehicles.value(name, positionColumn + 1));
        }
        if (lengths) {
            vehicle.setLength(vehicles.value(name, lengthColumn));
        }
        return vehicle;
    }

    @Override
    public void integer(final int watch, final int variable, final int value) {
        if (watch >= lanes.length) {
            systemReader.integer(watch, variable, value);
        } else if (variable == 0) {
            lanes[watch].reading.setVehicles(value);
        } else {
            lanes[watch].halting = value;
        }
    }

    @Override
    public void number(final int watch, final int variable, final double value) {
        if (plan.watches().get(watch).variables().get(variable) == CO2) {
            lanes[watch].reading.setCo2(value);
        } else {
            lanes[watch].meanLength = value;
        }
    }

    @Override
    public void text(final int watch, final int variable, final int name) {
        table.setState(signals.get(watch - lanes.length), names.text(name));
    }

    @Override
    public void list(final int watch, final int variable, final int[] present, final int size) {
        if (watch >= lanes.length) {
            systemReader.list(watch, present, size);
            return;
        }
        final Lane lane = lanes[watch];
        if (size > lane.present.length) {
            lane.present = new int[2 * size];
        }
        System.arraycopy(present, 0, lane.present, 0, size);
        lane.size = size;
        lane.reading.setVehicles(size);
    }
}
