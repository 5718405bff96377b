package greenwave.sim;

import greenwave.sim.libtraci.SumoSession;
import greenwave.sim.libtraci.TraciDomain;
import greenwave.sim.libtraci.TraciValues;
import greenwave.sim.net.Network;
import greenwave.sim.signal.LaneTable;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.WaitingBook;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fills a {@link LaneTable} from one SUMO session: what concerns lanes comes by subscription with the
 * step itself, what concerns their vehicles in one round trip for all.
 */
final class LaneReader {
    // TraCI variables
    private static final int VEHICLE_NUMBER = 0x10;
    private static final int VEHICLE_IDS = 0x12;
    private static final int HALTING_NUMBER = 0x14;
    private static final int MEAN_LENGTH = 0x15;
    private static final int SIGNAL_STATE = 0x20;
    private static final int SPEED = 0x40;
    private static final int ACCUMULATED_WAITING = 0x87;
    private static final int ALLOWED_SPEED = 0xb7;

    private final SumoSession session;
    private final SignalLayout layout;
    private final LaneTable table;
    private final boolean waiting;
    private final boolean speed;
    private final int[] vehicleVariables;
    private final Vehicle[][] onLane;
    private final Map<String, Vehicle> vehicles = new HashMap<>();
    private int instant;

    /** A vehicle that has been on an incoming lane. */
    private static final class Vehicle {
        final String id;
        final WaitingBook book = new WaitingBook();
        double accumulated;
        double relativeSpeed;
        int read; // instant of the values above

        Vehicle(final String id) {
            this.id = id;
        }
    }

    LaneReader(final SumoSession session, final SignalLayout layout) {
        this.session = session;
        this.layout = layout;
        final Set<String> lanes = new LinkedHashSet<>(layout.incoming());
        lanes.addAll(layout.outgoing());
        this.table = new LaneTable(List.copyOf(lanes));
        this.waiting = layout.readings().contains(Reading.WAITING);
        this.speed = layout.readings().contains(Reading.SPEED);
        this.vehicleVariables =
                waiting && speed
                        ? new int[] {ACCUMULATED_WAITING, SPEED, ALLOWED_SPEED}
                        : waiting
                                ? new int[] {ACCUMULATED_WAITING}
                                : new int[] {SPEED, ALLOWED_SPEED};
        this.onLane = new Vehicle[layout.incoming().size()][];
        subscribe();
    }

    /** {@return the table that {@link #read} fills; incoming lanes come first} */
    LaneTable table() {
        return table;
    }

    /** SUMO gathers subscribed values in every simulated second: no number where there are names. */
    private void subscribe() {
        final int vehicles = waiting || speed ? VEHICLE_IDS : VEHICLE_NUMBER;
        final int[] incoming = {vehicles, HALTING_NUMBER, MEAN_LENGTH};
        for (final String lane : layout.incoming()) {
            session.subscribe(TraciDomain.LANE, lane, incoming);
        }
        for (final String lane : layout.outgoing()) {
            if (table.row(lane) >= onLane.length) {
                session.subscribe(TraciDomain.LANE, lane, VEHICLE_NUMBER);
            }
        }
        if (layout.readings().contains(Reading.STATE)) {
            for (final SignalLayout.Agent agent : layout.agents()) {
                session.subscribe(TraciDomain.TRAFFIC_LIGHT, agent.signal().id(), SIGNAL_STATE);
            }
        }
    }

    /** Takes in the present instant. Call once per decision: the waiting times are samples. */
    void read() {
        instant++;
        session.read(TraciDomain.LANE, this::readLane);
        if (waiting || speed) {
            readVehicles();
        }
        if (layout.readings().contains(Reading.STATE)) {
            session.read(
                    TraciDomain.TRAFFIC_LIGHT,
                    (signal, values) -> table.setState(signal, values.text(SIGNAL_STATE)));
        }
    }

    private void readLane(final String lane, final TraciValues values) {
        final int row = table.row(lane);
        if (row >= onLane.length) {
            table.setVehicles(row, values.integer(VEHICLE_NUMBER));
            return;
        }
        table.setTraffic(row, values.integer(HALTING_NUMBER), values.number(MEAN_LENGTH));
        if (waiting || speed) {
            final String[] ids = values.list(VEHICLE_IDS);
            onLane[row] = vehicles(ids);
            table.setVehicles(row, ids.length);
        } else {
            table.setVehicles(row, values.integer(VEHICLE_NUMBER));
        }
    }

    private Vehicle[] vehicles(final String[] ids) {
        final Vehicle[] present = new Vehicle[ids.length];
        for (int i = 0; i < ids.length; i++) {
            present[i] = vehicles.computeIfAbsent(ids[i], Vehicle::new);
        }
        return present;
    }

    private void readVehicles() {
        final Network network = layout.network();
        session.readVehicles(
                network.junction(), network.radius(), vehicleVariables, this::readVehicle);
        readOverlooked();
        for (int row = 0; row < onLane.length; row++) {
            double charged = 0;
            double speeds = 0;
            for (final Vehicle vehicle : onLane[row]) {
                charged += waiting ? vehicle.book.charge(row, vehicle.accumulated) : 0;
                speeds += vehicle.relativeSpeed;
            }
            table.setWaiting(row, charged);
            table.setSpeedSum(row, speeds);
        }
    }

    /** A vehicle on a lane whose shape leaves the network's bounds, if there ever is one. */
    private void readOverlooked() {
        boolean any = false;
        for (final Vehicle[] present : onLane) {
            for (final Vehicle vehicle : present) {
                if (vehicle.read != instant) {
                    session.subscribe(TraciDomain.VEHICLE, vehicle.id, vehicleVariables);
                    any = true;
                }
            }
        }
        if (any) {
            session.read(TraciDomain.VEHICLE, this::readVehicle);
        }
    }

    private void readVehicle(final String id, final TraciValues values) {
        final Vehicle vehicle = vehicles.get(id);
        if (vehicle == null) {
            return; // never was on an incoming lane
        }
        if (waiting) {
            vehicle.accumulated = values.number(ACCUMULATED_WAITING);
        }
        if (speed) {
            vehicle.relativeSpeed = values.number(SPEED) / values.number(ALLOWED_SPEED);
        }
        vehicle.read = instant;
    }
}
