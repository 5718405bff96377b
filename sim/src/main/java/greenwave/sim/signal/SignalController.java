package greenwave.sim.signal;

/** When one signal may switch: the state of a {@link Switching} rule, asked once per decision. One thread. */
public interface SignalController {
    /** Returned by {@link #decide} when the signal goes on as it is. */
    int KEEP = -1;

    /**
     * Takes a decision. What the rule does not grant is refused silently.
     *
     * @param action the green phase wanted
     * @return the phase of the {@link SwitchingProgram} to set, or {@link #KEEP}
     */
    int decide(int action);

    /** Lets {@code seconds} pass: those of one decision. */
    void elapse(int seconds);

    /** {@return the green that is shown or, during yellow, comes next} */
    int green();

    /** {@return seconds since the last switch began, its yellow included} */
    int sinceChange();

    /** {@return whether a switch would be granted now} */
    boolean mayChange();

    /** {@return whether the rule lets an agent choose {@code action} now} */
    boolean mayChoose(int action);
}
