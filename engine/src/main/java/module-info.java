/** Tensors, autograd, networks, replay and deep Q-learning. Knows no simulator. */
module greenwave.engine {
    requires greenwave.kernels;

    exports greenwave.engine.env;
}
