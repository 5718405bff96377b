package greenwave.sim;

import greenwave.sim.libtraci.Names;
import greenwave.sim.libtraci.SumoSession;
import greenwave.sim.libtraci.TraciVariable;
import greenwave.sim.signal.Vehicle;
import greenwave.sim.signal.WaitingBook;

import java.util.Arrays;
import java.util.List;

/**
 * The vehicles of one world by the number of their name: which are asked for at an instant, what was
 * read of them then, and what is remembered of them. Its memory grows with the largest episode and is
 * used again in the next.
 */
final class VehicleReader {
    private static final int ABSENT = -1;

    private final Names names;
    private final List<TraciVariable> variables;
    private final int width;
    private int[] asked = new int[64]; // names
    private int count;
    private double[] values; // `width` for each of `asked`
    private int[] rows = new int[64]; // by name, the row in `asked` at `instants`
    private int[] instants = new int[64];
    private int instant;
    private WaitingBook[] books = new WaitingBook[64];
    private Vehicle[] vehicles = new Vehicle[64];

    /** Reads {@code variables} of vehicles whose names are in {@code names}. */
    VehicleReader(final Names names, final List<TraciVariable> variables) {
        this.names = names;
        this.variables = variables;
        this.width = variables.stream().mapToInt(TraciVariable::width).sum();
        this.values = new double[asked.length * width];
    }

    /** Forgets all vehicles, before their names are forgotten. */
    void clear() {
        for (final WaitingBook book : books) {
            if (book != null) {
                book.clear();
            }
        }
        Arrays.fill(vehicles, null);
        Arrays.fill(instants, 0);
        instant = 0;
        count = 0;
    }

    /** Begins an instant, of which nobody has asked yet. */
    void begin() {
        instant++;
        count = 0;
        final int size = names.size();
        if (size > rows.length) {
            rows = Arrays.copyOf(rows, 2 * size);
            instants = Arrays.copyOf(instants, 2 * size);
            books = Arrays.copyOf(books, 2 * size);
            vehicles = Arrays.copyOf(vehicles, 2 * size);
        }
    }

    /** Asks for a vehicle, which may have been asked for already. */
    void ask(final int name) {
        if (instants[name] == instant) {
            return;
        }
        if (count == asked.length) {
            asked = Arrays.copyOf(asked, 2 * count);
            values = new double[asked.length * width];
        }
        instants[name] = instant;
        rows[name] = count;
        asked[count++] = name;
    }

    /** {@return whether SUMO was sent a question about vehicles; not where none was asked for} */
    boolean send(final SumoSession session) {
        if (count > 0) {
            session.sendVehicles(asked, count);
        }
        return count > 0;
    }

    /** Takes in what SUMO says of the vehicles that were asked for. */
    void receive(final SumoSession session) {
        session.receiveVehicles(values);
    }

    /** {@return the place of a variable among the values of a vehicle; -1 if it is not read} */
    int column(final TraciVariable variable) {
        int column = 0;
        for (final TraciVariable each : variables) {
            if (each.equals(variable)) {
                return column;
            }
            column += each.width();
        }
        return ABSENT;
    }

    /** {@return what was read of a vehicle that was asked for} */
    double value(final int name, final int column) {
        return values[rows[name] * width + column];
    }

    /** {@return the waiting times that a vehicle has been charged with} */
    WaitingBook book(final int name) {
        if (books[name] == null) {
            books[name] = new WaitingBook();
        }
        return books[name];
    }

    /** {@return the vehicle, for others to see} */
    Vehicle vehicle(final int name) {
        if (vehicles[name] == null) {
            vehicles[name] = new Vehicle(names.text(name));
        }
        return vehicles[name];
    }
}
