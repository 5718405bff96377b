package greenwave.sim;

import static greenwave.sim.libtraci.TraciVariable.integer;
import static greenwave.sim.libtraci.TraciVariable.list;
import static greenwave.sim.libtraci.TraciVariable.number;
import static greenwave.sim.libtraci.TraciVariable.position;
import static greenwave.sim.libtraci.TraciVariable.text;

import greenwave.sim.libtraci.TraciVariable;

/** The TraCI variables that worlds read. */
final class TraciVariables {
    static final TraciVariable ID_LIST = list(0x00);
    static final TraciVariable VEHICLE_NUMBER = integer(0x10);
    static final TraciVariable VEHICLE_IDS = list(0x12);
    static final TraciVariable HALTING_NUMBER = integer(0x14);
    static final TraciVariable MEAN_LENGTH = number(0x15);
    static final TraciVariable SIGNAL_STATE = text(0x20);
    static final TraciVariable SPEED = number(0x40);
    static final TraciVariable POSITION = position(0x42);
    static final TraciVariable LENGTH = number(0x44);
    static final TraciVariable LANE_POSITION = number(0x56);
    static final TraciVariable CO2 = number(0x60);
    static final TraciVariable DEPARTED = integer(0x73);
    static final TraciVariable TELEPORTS_ENDED = integer(0x77);
    static final TraciVariable ARRIVED = integer(0x79);
    static final TraciVariable WAITING = number(0x7a);
    static final TraciVariable ACCUMULATED_WAITING = number(0x87);
    static final TraciVariable PENDING = list(0x94);
    static final TraciVariable ALLOWED_SPEED = number(0xb7);

    private TraciVariables() {}
}
