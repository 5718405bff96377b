package greenwave.sim.libtraci;

import org.eclipse.sumo.libtraci.libtraciJNI;

import java.util.NoSuchElementException;

/**
 * libtraci behind {@link Traci}. Each world has its own definition of this class, beside its own
 * {@link libtraciJNI}, in the loader that {@link TraciLibrary} makes; so it is public and meets the rest
 * only through types of the parent loader.
 */
public final class JniTraci implements Traci, TraciValues {
    /** TraCI's number of the vehicle domain. */
    private static final int GET_VEHICLE = 0xa4;

    /** Address of the results of the object being read. */
    private long current;

    /**
     * Loads a private copy of the library.
     *
     * @throws UnsatisfiedLinkError if it is not libtraci's JNI library
     */
    public JniTraci(final String library) {
        libtraciJNI.load(library);
    }

    @Override
    public int clientApi() {
        return libtraciJNI.TRACI_VERSION_get();
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
    public void step(final double time) {
        libtraciJNI.Simulation_step__SWIG_0(time);
    }

    @Override
    public void close() {
        libtraciJNI.Simulation_close__SWIG_1();
    }

    @Override
    public void setPhase(final String light, final int phase) {
        libtraciJNI.TrafficLight_setPhase(light, phase);
    }

    @Override
    public void subscribe(final TraciDomain domain, final String id, final int... variables) {
        final long list = list(variables);
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

    private static long list(final int[] variables) {
        final long list = libtraciJNI.new_IntVector__SWIG_0();
        for (final int variable : variables) {
            libtraciJNI.IntVector_doAdd__SWIG_0(list, null, variable);
        }
        return list;
    }

    /** A subscription that ends now is answered at once and forgotten with the next step. */
    @Override
    public void vehiclesAround(
            final String junction,
            final double range,
            final double now,
            final int[] variables,
            final Reader reader) {
        final long list = list(variables);
        try {
            libtraciJNI.Junction_subscribeContext__SWIG_1(
                    junction, GET_VEHICLE, range, list, null, now, now);
        } finally {
            libtraciJNI.delete_IntVector(list);
        }
        final long results = libtraciJNI.Junction_getContextSubscriptionResults(junction);
        try {
            read(results, reader);
        } finally {
            libtraciJNI.delete_SubscriptionResults(results);
        }
    }

    @Override
    public void results(final TraciDomain domain, final Reader reader) {
        final long results =
                switch (domain) {
                    case LANE -> libtraciJNI.Lane_getAllSubscriptionResults();
                    case VEHICLE -> libtraciJNI.Vehicle_getAllSubscriptionResults();
                    case TRAFFIC_LIGHT -> libtraciJNI.TrafficLight_getAllSubscriptionResults();
                    case SIMULATION -> libtraciJNI.Simulation_getAllSubscriptionResults();
                };
        try {
            read(results, reader);
        } finally {
            libtraciJNI.delete_SubscriptionResults(results);
        }
    }

    /** Never asks for the value of, or the one after, the iterator's end: that is undefined. */
    private void read(final long results, final Reader reader) {
        final int size = libtraciJNI.SubscriptionResults_sizeImpl(results, null);
        long place = libtraciJNI.SubscriptionResults_begin(results, null);
        try {
            for (int i = 0; i < size; i++) {
                current = libtraciJNI.SubscriptionResults_Iterator_getValue(place, null);
                reader.read(libtraciJNI.SubscriptionResults_Iterator_getKey(place, null), this);
                final long next =
                        libtraciJNI.SubscriptionResults_Iterator_getNextUnchecked(place, null);
                libtraciJNI.delete_SubscriptionResults_Iterator(place);
                place = next;
            }
        } finally {
            libtraciJNI.delete_SubscriptionResults_Iterator(place);
        }
    }

    @Override
    public int integer(final int variable) {
        final long value = value(variable);
        try {
            return libtraciJNI.TraCIInt_value_get(value, null);
        } finally {
            libtraciJNI.delete_TraCIResult(value);
        }
    }

    @Override
    public double number(final int variable) {
        final long value = value(variable);
        try {
            return libtraciJNI.TraCIDouble_value_get(value, null);
        } finally {
            libtraciJNI.delete_TraCIResult(value);
        }
    }

    @Override
    public double x(final int variable) {
        final long value = value(variable);
        try {
            return libtraciJNI.TraCIPosition_x_get(value, null);
        } finally {
            libtraciJNI.delete_TraCIResult(value);
        }
    }

    @Override
    public double y(final int variable) {
        final long value = value(variable);
        try {
            return libtraciJNI.TraCIPosition_y_get(value, null);
        } finally {
            libtraciJNI.delete_TraCIResult(value);
        }
    }

    @Override
    public String text(final int variable) {
        final long value = value(variable);
        try {
            return libtraciJNI.TraCIResult_getString(value, null);
        } finally {
            libtraciJNI.delete_TraCIResult(value);
        }
    }

    @Override
    public String[] list(final int variable) {
        final long value = value(variable);
        try {
            final long list = libtraciJNI.TraCIStringList_value_get(value, null);
            final String[] texts = new String[libtraciJNI.StringVector_doSize(list, null)];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = libtraciJNI.StringVector_doGet(list, null, i);
            }
            return texts;
        } finally {
            libtraciJNI.delete_TraCIResult(value);
        }
    }

    /** {@return a pointer to the value, to be deleted} */
    private long value(final int variable) {
        if (!libtraciJNI.TraCIResults_containsImpl(current, null, variable)) {
            throw new NoSuchElementException(
                    "variable 0x%02x is not subscribed to".formatted(variable));
        }
        final long place = libtraciJNI.TraCIResults_find(current, null, variable);
        try {
            return libtraciJNI.TraCIResults_Iterator_getValue(place, null);
        } finally {
            libtraciJNI.delete_TraCIResults_Iterator(place);
        }
    }
}
