package greenwave.sim.libtraci;

import greenwave.sim.SumoException;
import greenwave.sim.Transport;
import greenwave.sim.wire.WireTraci;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** One world's client, and the one that takes its place if SUMO does not speak its language. */
public final class TraciClient {
    private static final Logger LOG = System.getLogger(TraciClient.class.getName());

    /**
     * What the worlds of an environment share.
     *
     * @param transport what was asked for
     * @param library looked for only where it is certain to be needed, or was named; else empty
     * @param logged whether falling back has been told
     */
    public record Choice(
            Transport transport, Optional<TraciLibrary> library, AtomicBoolean logged) {
        /**
         * {@return the choice of {@code transport}}
         *
         * @throws SumoException if libtraci is needed or named, but not there
         */
        public static Choice of(final Transport transport) {
            final boolean needed =
                    transport == Transport.LIBTRACI
                            || transport == Transport.AUTO
                                    && System.getProperty(TraciLibrary.PROPERTY) != null;
            return new Choice(
                    transport,
                    needed ? Optional.of(TraciLibrary.find()) : Optional.empty(),
                    new AtomicBoolean());
        }
    }

    private final Choice choice;
    private final Path folder;
    private final Optional<Traci> libtraci;
    private Traci traci;

    /**
     * A client without a connection.
     *
     * @param folder for a passing copy of libtraci
     * @param wire the client of {@link Transport#WIRE} and {@link Transport#AUTO}
     * @throws SumoException if libtraci is needed or named, but can't be loaded
     */
    public TraciClient(final Choice choice, final WireTraci wire, final Path folder) {
        this.choice = choice;
        this.folder = folder;
        this.libtraci = choice.library.map(library -> library.open(folder));
        this.traci = choice.transport == Transport.LIBTRACI ? libtraci.orElseThrow() : wire;
    }

    /** {@return the present client} */
    public Traci traci() {
        return traci;
    }

    /**
     * Takes libtraci for the client from now on.
     *
     * @param reason what is logged, once per environment
     * @return whether that is allowed and a change
     * @throws SumoException if libtraci cannot be had
     */
    boolean fallBack(final String reason) {
        if (choice.transport != Transport.AUTO || traci.transport() == Transport.LIBTRACI) {
            return false;
        }
        if (!choice.logged.getAndSet(true)) {
            LOG.log(Level.WARNING, "{0}, {1}: falling back to libtraci", reason, traci);
        }
        traci = libtraci.orElseGet(() -> TraciLibrary.find().open(folder));
        return true;
    }
}
