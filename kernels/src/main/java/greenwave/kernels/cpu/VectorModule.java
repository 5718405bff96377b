package greenwave.kernels.cpu;

/** Whether this JVM has the Vector API, which incubates: {@code --add-modules jdk.incubator.vector} asks for it. */
final class VectorModule {
    private static final System.Logger LOG = System.getLogger(VectorModule.class.getName());
    private static final boolean PRESENT = find();

    private VectorModule() {}

    /** {@return whether it is there; if not, the first question is answered with a line in the log} */
    static boolean present() {
        return PRESENT;
    }

    private static boolean find() {
        final boolean found = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (!found) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "cpu: plain loops; --add-modules jdk.incubator.vector makes them faster");
        }
        return found;
    }
}
