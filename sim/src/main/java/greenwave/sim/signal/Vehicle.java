package greenwave.sim.signal;

/**
 * What was read of a vehicle at one instant. The world writes it; observations and rewards read what
 * their {@link Reading}s ask for. One thread.
 */
public final class Vehicle {
    private final String id;
    private double position;
    private double speed;
    private double x;
    private double y;
    private double length;

    /** A vehicle of which nothing has been read yet. */
    public Vehicle(final String id) {
        this.id = id;
    }

    /** {@return its name} */
    public String id() {
        return id;
    }

    /** {@return metres from the start of its lane to its front; {@link Reading#VEHICLES}} */
    public double position() {
        return position;
    }

    /** {@return m/s; {@link Reading#VEHICLES}} */
    public double speed() {
        return speed;
    }

    /** {@return metres to the east of the network's origin, of its front; {@link Reading#COORDINATES}} */
    public double x() {
        return x;
    }

    /** {@return metres to the north of the network's origin, of its front; {@link Reading#COORDINATES}} */
    public double y() {
        return y;
    }

    /** {@return metres; {@link Reading#LENGTHS}} */
    public double length() {
        return length;
    }

    /** Notes where it is on its lane, and how fast. */
    public void set(final double onLane, final double metresPerSecond) {
        position = onLane;
        speed = metresPerSecond;
    }

    /** Notes where it is in the network. */
    public void setPlace(final double east, final double north) {
        x = east;
        y = north;
    }

    /** Notes how long it is. */
    public void setLength(final double metres) {
        length = metres;
    }
}
