/** SUMO worlds, signal environments and the {@code greenwave} command. */
module greenwave.sim {
    requires transitive greenwave.engine;

    exports greenwave.sim;
}
