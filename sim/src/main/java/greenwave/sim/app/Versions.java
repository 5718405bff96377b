package greenwave.sim.app;

import picocli.CommandLine.IVersionProvider;

/** Versions for {@code --version} and the run's summary. */
final class Versions implements IVersionProvider {
    /** {@return Greenwave's version from the jar's manifest, or {@code dev} when run from classes} */
    static String greenwave() {
        final String version = Versions.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /** {@return the version of the JDK in use} */
    static String jdk() {
        return Runtime.version().toString();
    }

    @Override
    public String[] getVersion() {
        return new String[] {"greenwave " + greenwave(), "JDK " + jdk()};
    }
}
