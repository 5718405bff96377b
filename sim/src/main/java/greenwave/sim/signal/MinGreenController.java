package greenwave.sim.signal;

import greenwave.sim.SignalTiming;

/**
 * sumo-rl's state machine. A switch is refused before the yellow and the shortest green since the last
 * one have passed; a stay past the longest green moves on if that is enforced. An agent may choose any
 * action at any time.
 */
public final class MinGreenController implements SignalController {
    private final Signal signal;
    private final SwitchingProgram program;
    private final SignalTiming timing;
    private int green;
    private int sinceChange;

    /** Begins in the signal's first green, whose time starts now. */
    public MinGreenController(
            final Signal signal, final SwitchingProgram program, final SignalTiming timing) {
        this.signal = signal;
        this.program = program;
        this.timing = timing;
        this.green = signal.first();
    }

    @Override
    public int decide(final int action) {
        final boolean tooLong =
                timing.enforceMaxGreen() && action == green && sinceChange >= timing.maxGreen();
        final int wanted = tooLong ? next() : action;
        if (wanted == green || !mayChange()) {
            return KEEP;
        }
        final int phase = program.phase(green, wanted);
        green = wanted;
        sinceChange = 0;
        return phase;
    }

    private int next() {
        final int greens = signal.greens().size();
        int next = (green + 1) % greens;
        while (!signal.legal(next)) {
            next = (next + 1) % greens;
        }
        return next;
    }

    @Override
    public void elapse(final int seconds) {
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
        return sinceChange >= timing.yellowTime() + timing.minGreen();
    }

    @Override
    public boolean mayChoose(final int action) {
        return true;
    }
}
