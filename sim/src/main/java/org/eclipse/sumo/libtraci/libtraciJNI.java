package org.eclipse.sumo.libtraci;

/**
 * The native methods of {@code liblibtracijni.so} that Greenwave uses; package, class and method
 * names are the library's. An {@code Object} parameter stands where SWIG passes the proxy that keeps
 * a native object alive; null will do. A {@code long} is the address of a native object: one that a
 * {@code new_} method, a getter of results or an iterator method returns is the caller's to delete.
 *
 * <p>Nothing here is checked: a method called without a connection may end the JVM. Only {@code
 * JniTraci} calls it, in a class loader of its own.
 */
public final class libtraciJNI {
    private libtraciJNI() {}

    /**
     * Loads the library into this class's loader.
     *
     * @throws UnsatisfiedLinkError if it cannot be loaded, or another loader has this very file
     */
    @SuppressWarnings("restricted")
    public static void load(final String absolutePath) {
        System.load(absolutePath);
    }

    public static native int TRACI_VERSION_get();

    public static native long Simulation_init__SWIG_1(
            int port, int retries, String host, String label);

    public static native void Simulation_step__SWIG_0(double time);

    public static native void Simulation_close__SWIG_1();

    public static native int IntStringPair_first_get(long self, Object proxy);

    public static native String IntStringPair_second_get(long self, Object proxy);

    public static native void delete_IntStringPair(long self);

    public static native void TrafficLight_setPhase(String id, int phase);

    public static native void Lane_subscribe__SWIG_3(String id, long variables, Object proxy);

    public static native void Vehicle_subscribe__SWIG_3(String id, long variables, Object proxy);

    public static native void TrafficLight_subscribe__SWIG_3(
            String id, long variables, Object proxy);

    public static native void Simulation_subscribe__SWIG_3(long variables, Object proxy);

    public static native long Simulation_getAllSubscriptionResults();

    public static native void Junction_subscribeContext__SWIG_1(
            String id,
            int domain,
            double range,
            long variables,
            Object proxy,
            double begin,
            double end);

    public static native long Junction_getContextSubscriptionResults(String id);

    public static native long Lane_getAllSubscriptionResults();

    public static native long Vehicle_getAllSubscriptionResults();

    public static native long TrafficLight_getAllSubscriptionResults();

    public static native int SubscriptionResults_sizeImpl(long self, Object proxy);

    public static native long SubscriptionResults_begin(long self, Object proxy);

    public static native String SubscriptionResults_Iterator_getKey(long self, Object proxy);

    /** The address is that of a copy, to be deleted. */
    public static native long SubscriptionResults_Iterator_getValue(long self, Object proxy);

    public static native long SubscriptionResults_Iterator_getNextUnchecked(
            long self, Object proxy);

    public static native void delete_SubscriptionResults_Iterator(long self);

    public static native void delete_SubscriptionResults(long self);

    public static native boolean TraCIResults_containsImpl(long self, Object proxy, int variable);

    public static native long TraCIResults_find(long self, Object proxy, int variable);

    public static native long TraCIResults_Iterator_getValue(long self, Object proxy);

    public static native void delete_TraCIResults_Iterator(long self);

    public static native void delete_TraCIResults(long self);

    public static native int TraCIInt_value_get(long self, Object proxy);

    public static native double TraCIDouble_value_get(long self, Object proxy);

    public static native double TraCIPosition_x_get(long self, Object proxy);

    public static native double TraCIPosition_y_get(long self, Object proxy);

    public static native String TraCIResult_getString(long self, Object proxy);

    /** The address is that of the result's own vector: not to be deleted. */
    public static native long TraCIStringList_value_get(long self, Object proxy);

    public static native void delete_TraCIResult(long self);

    public static native int StringVector_doSize(long self, Object proxy);

    public static native String StringVector_doGet(long self, Object proxy, int index);

    public static native long new_IntVector__SWIG_0();

    public static native void IntVector_doAdd__SWIG_0(long self, Object proxy, int value);

    public static native void delete_IntVector(long self);
}
