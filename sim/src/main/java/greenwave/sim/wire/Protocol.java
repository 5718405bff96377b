package greenwave.sim.wire;

import greenwave.sim.libtraci.TraciDomain;

import java.util.Set;

/** Numbers of TraCI's commands and types that are used here. */
final class Protocol {
    /**
     * The TraCI APIs that recordings were replayed with over this transport, value by value; SUMO 1.2 to
     * 1.18 speak 20. Before another is added: {@code greenwave oracle --transport wire}.
     */
    static final Set<Integer> TESTED = Set.of(20);

    static final int VERSION = 0x00;
    static final int LOAD = 0x01;
    static final int STEP = 0x02;
    static final int CLOSE = 0x7f;
    static final int SET_SIGNAL = 0xc2;
    static final int SIGNAL_PHASE = 0x22;
    static final int GET_VEHICLE = 0xa4;

    static final int POSITION = 0x01;
    static final int INTEGER = 0x09;
    static final int NUMBER = 0x0b;
    static final int TEXT = 0x0c;
    static final int LIST = 0x0e;

    private static final int ANSWER = 0x10;

    private Protocol() {}

    /** {@return the command that asks for a variable} */
    static int get(final TraciDomain domain) {
        return switch (domain) {
            case LANE -> 0xa3;
            case VEHICLE -> GET_VEHICLE;
            case TRAFFIC_LIGHT -> 0xa2;
            case SIMULATION -> 0xab;
        };
    }

    /** {@return the number that the answer to {@code get} has} */
    static int answer(final int get) {
        return get + ANSWER;
    }
}
