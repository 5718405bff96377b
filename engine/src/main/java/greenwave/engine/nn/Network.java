package greenwave.engine.nn;

/** A whole network: what owns parameters. */
public interface Network {
    /** {@return its weights and running statistics} */
    Parameters parameters();
}
