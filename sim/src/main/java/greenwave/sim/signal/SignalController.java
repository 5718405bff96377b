package greenwave.sim.signal;

import greenwave.sim.SignalTiming;

/** When one signal may switch: sumo-rl's state machine, one call per decision. */
public final class SignalController {
    /** Returned by {@link #decide} when the signal goes on as it is. */
    public static final int KEEP = -1;

    private final SwitchingProgram program;
    private final SignalTiming timing;
    private final int greens;
    private int green;
    private int sinceChange;

    /** Begins in the first green, whose time starts now. */
    public SignalController(
            final Signal signal, final SwitchingProgram program, final SignalTiming timing) {
        this.program = program;
        this.timing = timing;
        this.greens = signal.greens().size();
    }

    /**
     * Takes a decision. A switch is refused silently before the yellow and the shortest green since
     * the last one have passed; a stay past the longest green moves on if that is enforced.
     *
     * @param action the green phase wanted
     * @return the phase of the {@link SwitchingProgram} to set, or {@link #KEEP}
     */
    public int decide(final int action) {
        final boolean tooLong =
                timing.enforceMaxGreen() && action == green && sinceChange >= timing.maxGreen();
        final int wanted = tooLong ? (green + 1) % greens : action;
        if (wanted == green || !mayChange()) {
            return KEEP;
        }
        final int phase = program.phase(green, wanted);
        green = wanted;
        sinceChange = 0;
        return phase;
    }

    /** Lets {@code seconds} pass; less than a yellow must not be asked for. */
    public void elapse(final int seconds) {
        sinceChange += seconds;
    }

    /** {@return the green that is shown or, during yellow, comes next} */
    public int green() {
        return green;
    }

    /** {@return seconds since the last switch began, its yellow included} */
    public int sinceChange() {
        return sinceChange;
    }

    /** {@return whether a switch would be granted now} */
    public boolean mayChange() {
        return sinceChange >= timing.yellowTime() + timing.minGreen();
    }
}
