package greenwave.sim.signal;

import java.util.function.IntBinaryOperator;

/** The state of one light under {@link Countdown}. */
public final class CountdownController implements SignalController {
    private final Countdown rule;
    private final IntBinaryOperator phases;
    private int green;
    private int previous;
    private int mask; // minus the seconds for which it can't be changed
    private int sinceChange;

    /**
     * Begins in green {@code first}.
     *
     * @param phases which phase to set by the green that is left and the green that comes
     */
    public CountdownController(
            final Countdown rule, final IntBinaryOperator phases, final int first) {
        this.rule = rule;
        this.phases = phases;
        this.green = first;
        this.previous = first;
        this.mask = rule.startLocked() ? -(rule.yellowTime() + rule.lockedGreen()) : 0;
    }

    @Override
    public int decide(final int action) {
        if (mask < 0 || action == green) {
            return KEEP;
        }
        previous = green;
        green = action;
        mask = -(rule.yellowTime() + rule.lockedGreen());
        sinceChange = 0;
        return phases.applyAsInt(previous, green);
    }

    @Override
    public void elapse(final int seconds) {
        mask = Math.min(0, mask + seconds);
        sinceChange += seconds;
    }

    @Override
    public int green() {
        return green;
    }

    @Override
    public int sinceChange() {
        return sinceChange;
    }

    @Override
    public boolean mayChange() {
        return mask == 0;
    }

    /** While the light can't be changed, what it goes to or shows is the only choice. */
    @Override
    public boolean mayChoose(final int action) {
        return mask == 0 || action == green;
    }

    /** {@return minus the seconds for which the light can't be changed; 0 if it can} */
    public int mask() {
        return mask;
    }

    /** {@return the green that yellow is shown after in the coming second, or -1 if green is shown} */
    public int yellowFrom() {
        return mask < -rule.lockedGreen() && previous != green ? previous : -1;
    }
}
