package greenwave.sim.signal;

/** When signals may change: the rule that turns actions into phases. Any thread. */
public interface Switching {
    /** {@return simulated seconds between two decisions} */
    int deltaTime();

    /** {@return seconds of yellow between two greens, at least 1} */
    int yellowTime();

    /** {@return the rule's state for one signal and episode} */
    SignalController controller(Signal signal, SwitchingProgram program);
}
