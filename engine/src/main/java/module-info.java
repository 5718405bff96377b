/** Tensors, autograd, networks, replay and deep Q-learning. Knows no simulator. */
module greenwave.engine {
    requires transitive greenwave.kernels;
    requires com.fasterxml.jackson.databind;
    requires java.management;
    requires jdk.management;

    exports greenwave.engine;
    exports greenwave.engine.autograd;
    exports greenwave.engine.dqn;
    exports greenwave.engine.env;
    exports greenwave.engine.io;
    exports greenwave.engine.nn;
    exports greenwave.engine.onnx;
    exports greenwave.engine.optim;
    exports greenwave.engine.replay;
    exports greenwave.engine.tensor;

    opens greenwave.engine.dqn to
            com.fasterxml.jackson.databind; // records of a run's state
}
