package greenwave.sim.app;

import greenwave.sim.SumoVecEnvBuilder;
import greenwave.sim.Transport;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How every command that starts SUMO talks to it. */
final class TransportOption {
    /** Reads a label. */
    static final class Reader implements ITypeConverter<Transport> {
        @Override
        public Transport convert(final String label) {
            try {
                return Transport.labelled(label);
            } catch (final IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            converter = Reader.class,
            description =
                    "How to talk to SUMO: libtraci, its own client library; wire, one of ours, which is"
                            + " faster; auto, wire where it is tested with SUMO's TraCI API (default).")
    private Transport transport = Transport.AUTO;

    /** {@return what was chosen} */
    Transport transport() {
        return transport;
    }

    /** Sets the transport in {@code environment}. */
    SumoVecEnvBuilder apply(final SumoVecEnvBuilder environment) {
        return environment.transport(transport);
    }
}
