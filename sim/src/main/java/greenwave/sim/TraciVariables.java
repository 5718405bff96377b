package greenwave.sim;

/** Numbers of the TraCI variables that worlds read. */
final class TraciVariables {
    static final int ID_LIST = 0x00;
    static final int VEHICLE_NUMBER = 0x10;
    static final int VEHICLE_IDS = 0x12;
    static final int HALTING_NUMBER = 0x14;
    static final int MEAN_LENGTH = 0x15;
    static final int SIGNAL_STATE = 0x20;
    static final int SPEED = 0x40;
    static final int POSITION = 0x42;
    static final int LENGTH = 0x44;
    static final int LANE_POSITION = 0x56;
    static final int CO2 = 0x60;
    static final int DEPARTED = 0x73;
    static final int TELEPORTS_ENDED = 0x77;
    static final int ARRIVED = 0x79;
    static final int WAITING = 0x7a;
    static final int ACCUMULATED_WAITING = 0x87;
    static final int PENDING = 0x94;
    static final int ALLOWED_SPEED = 0xb7;

    private TraciVariables() {}
}
