/** SUMO worlds, signal environments and the {@code greenwave} command. */
module greenwave.sim {
    requires com.fasterxml.jackson.databind;
    requires transitive greenwave.engine;
    requires info.picocli;
    requires java.desktop;
    requires java.xml;
    requires me.tongfei.progressbar;
    requires org.snakeyaml.engine.v2;
    requires xchart;

    exports greenwave.sim;
    exports greenwave.sim.net;
    exports greenwave.sim.signal;

    opens greenwave.sim.app to
            com.fasterxml.jackson.databind,
            info.picocli;
}
