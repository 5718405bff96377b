package greenwave.sim.libtraci;

import greenwave.sim.Transport;

import org.eclipse.sumo.libtraci.libtraciJNI;

import java.nio.channels.SelectableChannel;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * libtraci behind {@link Traci}: what is watched is subscribed to, so SUMO gathers it in every
 * simulated second. Each world has its own definition of this class, beside its own {@link
 * libtraciJNI}, in the loader that {@link TraciLibrary} makes; so it is public and meets the rest only
 * through types of the parent loader.
 */
public final class JniTraci implements Traci {
    /** TraCI's number of the vehicle domain. */
    private static final int GET_VEHICLE = 0xa4;

    private static final int NONE = -1;

    private final Map<TraciDomain, Map<String, Integer>> watched = new EnumMap<>(TraciDomain.class);
    private TraciPlan plan;
    private Names names;
    private int[] rows = {}; // by name: the row of a vehicle that is being read, else NONE
    private int[] list = {};
    private double until; // of the step that was sent, or the instant of its end
    private int[] asked = {}; // vehicles
    private int askedCount;

    /**
     * Loads a private copy of the library.
     *
     * @throws UnsatisfiedLinkError if it is not libtraci's JNI library
     */
    public JniTraci(final String library) {
        libtraciJNI.load(library);
    }

    @Override
    public Transport transport() {
        return Transport.LIBTRACI;
    }

    @Override
    public boolean speaks(final int api) {
        return api == libtraciJNI.TRACI_VERSION_get();
    }

    @Override
    public String toString() {
        return "libtraci " + libtraciJNI.TRACI_VERSION_get();
    }

    @Override
    public Version connect(final int port, final String label) {
        final long version = libtraciJNI.Simulation_init__SWIG_1(port, 0, "localhost", label);
        try {
            return new Version(
                    libtraciJNI.IntStringPair_first_get(version, null),
                    libtraciJNI.IntStringPair_second_get(version, null));
        } finally {
            libtraciJNI.delete_IntStringPair(version);
        }
    }

    @Override
    public void begin(final TraciPlan newPlan, final Names newNames) {
        plan = newPlan;
        names = newNames;
        watched.clear();
        for (int i = 0; i < plan.watches().size(); i++) {
            final TraciPlan.Watch watch = plan.watches().get(i);
            watched.computeIfAbsent(watch.domain(), _ -> new HashMap<>()).put(watch.id(), i);
            subscribe(watch.domain(), watch.id(), watch.variables());
        }
    }

    @Override
    public void setPhase(final int signal, final int phase) {
        libtraciJNI.TrafficLight_setPhase(plan.signals().get(signal), phase);
    }

    /** libtraci can only send and wait in one: that is done where the answer is received. */
    @Override
    public void sendStep(final double time) {
        until = time;
    }

    @Override
    public void receiveStep(final TraciReader reader) {
        libtraciJNI.Simulation_step__SWIG_0(until);
        read(reader);
    }

    @Override
    public boolean arrived() {
        return false;
    }

    @Override
    public Optional<SelectableChannel> channel() {
        return Optional.empty();
    }

    @Override
    public void read(final TraciReader reader) {
        watched.forEach(
                (domain, objects) -> {
                    final long results = results(domain);
                    try {
                        forEach(
                                results,
                                (id, values) -> {
                                    final Integer watch = objects.get(id);
                                    if (watch != null) {
                                        show(watch, values, reader);
                                    }
                                });
                    } finally {
                        libtraciJNI.delete_SubscriptionResults(results);
                    }
                });
    }

    private static long results(final TraciDomain domain) {
        return switch (domain) {
            case LANE -> libtraciJNI.Lane_getAllSubscriptionResults();
            case VEHICLE -> libtraciJNI.Vehicle_getAllSubscriptionResults();
            case TRAFFIC_LIGHT -> libtraciJNI.TrafficLight_getAllSubscriptionResults();
            case SIMULATION -> libtraciJNI.Simulation_getAllSubscriptionResults();
        };
    }

    private void show(final int watch, final long values, final TraciReader reader) {
        final List<TraciVariable> variables = plan.watches().get(watch).variables();
        for (int i = 0; i < variables.size(); i++) {
            final long value = value(values, variables.get(i));
            try {
                switch (variables.get(i).type()) {
                    case INTEGER ->
                            reader.integer(watch, i, libtraciJNI.TraCIInt_value_get(value, null));
                    case NUMBER ->
                            reader.number(watch, i, libtraciJNI.TraCIDouble_value_get(value, null));
                    case TEXT ->
                            reader.text(
                                    watch,
                                    i,
                                    names.of(libtraciJNI.TraCIResult_getString(value, null)));
                    case LIST -> {
                        final int size = readList(value); // may replace the array
                        reader.list(watch, i, list, size);
                    }
                    case POSITION ->
                            throw new IllegalArgumentException(
                                    "libtraci: positions are read of vehicles only");
                }
            } finally {
                libtraciJNI.delete_TraCIResult(value);
            }
        }
    }

    private int readList(final long value) {
        final long texts = libtraciJNI.TraCIStringList_value_get(value, null);
        final int size = libtraciJNI.StringVector_doSize(texts, null);
        if (size > list.length) {
            list = new int[2 * size];
        }
        for (int i = 0; i < size; i++) {
            list[i] = names.of(libtraciJNI.StringVector_doGet(texts, null, i));
        }
        return size;
    }

    @Override
    public void sendVehicles(final int[] vehicles, final int count, final double now) {
        asked = vehicles;
        askedCount = count;
        until = now;
    }

    /**
     * {@inheritDoc}
     *
     * <p>One round trip for all that are around the plan's junction. That subscription ends now: it is
     * answered at once, and forgotten with the next step. A vehicle elsewhere is subscribed to.
     */
    @Override
    public void receiveVehicles(final double[] values) {
        if (rows.length < names.size()) {
            rows = new int[2 * names.size()];
        }
        Arrays.fill(rows, NONE);
        for (int row = 0; row < askedCount; row++) {
            rows[asked[row]] = row;
        }
        readAround(until, values);
        boolean complete = true;
        for (int row = 0; row < askedCount; row++) {
            if (rows[asked[row]] != NONE) {
                subscribe(TraciDomain.VEHICLE, names.text(asked[row]), plan.vehicleVariables());
                complete = false;
            }
        }
        if (!complete) {
            final long results = libtraciJNI.Vehicle_getAllSubscriptionResults();
            try {
                forEach(results, (id, found) -> readVehicle(id, found, values));
            } finally {
                libtraciJNI.delete_SubscriptionResults(results);
            }
        }
    }

    private void readAround(final double now, final double[] values) {
        final long variables = codes(plan.vehicleVariables());
        try {
            libtraciJNI.Junction_subscribeContext__SWIG_1(
                    plan.junction(), GET_VEHICLE, plan.range(), variables, null, now, now);
        } finally {
            libtraciJNI.delete_IntVector(variables);
        }
        final long results = libtraciJNI.Junction_getContextSubscriptionResults(plan.junction());
        try {
            forEach(results, (id, found) -> readVehicle(id, found, values));
        } finally {
            libtraciJNI.delete_SubscriptionResults(results);
        }
    }

    private void readVehicle(final String id, final long found, final double[] values) {
        final int name = names.of(id);
        if (name >= rows.length || rows[name] == NONE) {
            return; // not asked for
        }
        int place = rows[name] * plan.vehicleWidth();
        rows[name] = NONE;
        for (final TraciVariable variable : plan.vehicleVariables()) {
            final long value = value(found, variable);
            try {
                if (variable.type() == TraciVariable.Type.POSITION) {
                    values[place++] = libtraciJNI.TraCIPosition_x_get(value, null);
                    values[place++] = libtraciJNI.TraCIPosition_y_get(value, null);
                } else {
                    values[place++] = libtraciJNI.TraCIDouble_value_get(value, null);
                }
            } finally {
                libtraciJNI.delete_TraCIResult(value);
            }
        }
    }

    /** The library keeps what was subscribed to and would show it again in another simulation. */
    @Override
    public void load(final List<String> options) {
        throw new UnsupportedOperationException("libtraci: load: expected a new SUMO instead");
    }

    @Override
    public void close() {
        libtraciJNI.Simulation_close__SWIG_1();
    }

    /** Only closing frees libtraci's socket. */
    @Override
    public void abandon() {
        close();
    }

    private static void subscribe(
            final TraciDomain domain, final String id, final List<TraciVariable> variables) {
        final long list = codes(variables);
        try {
            switch (domain) {
                case LANE -> libtraciJNI.Lane_subscribe__SWIG_3(id, list, null);
                case VEHICLE -> libtraciJNI.Vehicle_subscribe__SWIG_3(id, list, null);
                case TRAFFIC_LIGHT -> libtraciJNI.TrafficLight_subscribe__SWIG_3(id, list, null);
                case SIMULATION -> libtraciJNI.Simulation_subscribe__SWIG_3(list, null);
            }
        } finally {
            libtraciJNI.delete_IntVector(list);
        }
    }

    private static long codes(final List<TraciVariable> variables) {
        final long list = libtraciJNI.new_IntVector__SWIG_0();
        for (final TraciVariable variable : variables) {
            libtraciJNI.IntVector_doAdd__SWIG_0(list, null, variable.code());
        }
        return list;
    }

    /** Takes in one object of subscription results at a time. */
    private interface Results {
        void read(String id, long values);
    }

    /** Never asks for the value of, or the one after, the iterator's end: that is undefined. */
    private static void forEach(final long results, final Results reader) {
        final int size = libtraciJNI.SubscriptionResults_sizeImpl(results, null);
        long place = libtraciJNI.SubscriptionResults_begin(results, null);
        try {
            for (int i = 0; i < size; i++) {
                final long values = libtraciJNI.SubscriptionResults_Iterator_getValue(place, null);
                try {
                    reader.read(
                            libtraciJNI.SubscriptionResults_Iterator_getKey(place, null), values);
                } finally {
                    libtraciJNI.delete_TraCIResults(values);
                }
                final long next =
                        libtraciJNI.SubscriptionResults_Iterator_getNextUnchecked(place, null);
                libtraciJNI.delete_SubscriptionResults_Iterator(place);
                place = next;
            }
        } finally {
            libtraciJNI.delete_SubscriptionResults_Iterator(place);
        }
    }

    /** {@return a pointer to the value, to be deleted} */
    private static long value(final long values, final TraciVariable variable) {
        if (!libtraciJNI.TraCIResults_containsImpl(values, null, variable.code())) {
            throw new NoSuchElementException(
                    "variable 0x%02x is not subscribed to".formatted(variable.code()));
        }
        final long place = libtraciJNI.TraCIResults_find(values, null, variable.code());
        try {
            return libtraciJNI.TraCIResults_Iterator_getValue(place, null);
        } finally {
            libtraciJNI.delete_TraCIResults_Iterator(place);
        }
    }
}
