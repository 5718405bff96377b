package greenwave.sim.libtraci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import greenwave.sim.SumoException;
import greenwave.sim.Transport;
import greenwave.sim.wire.WireTraci;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What becomes of a SUMO whose TraCI API the wire was not tested with. */
class TraciClientTest {
    private static final Path NETWORK =
            Path.of("src/test/resources/oracle/scenarios/cross2/cross2.net.xml").toAbsolutePath();

    /** Keeps what is logged. */
    private static final class Log extends Handler {
        private final List<LogRecord> records = new ArrayList<>();

        @Override
        public void publish(final LogRecord entry) {
            records.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static SumoSession start(final TraciClient client, final SumoHost host) {
        return SumoSession.start(
                0,
                client,
                host,
                SumoInstallation.find(),
                List.of("-n", NETWORK.toString(), "--no-step-log", "--no-warnings"),
                0,
                host.folder(),
                0);
    }

    private static WireTraci testedWithAnother() {
        return new WireTraci(Set.of(19));
    }

    @Test
    void autoFallsBackToLibtraciAndSaysItOnce() {
        final Log log = new Log();
        final Logger logger = Logger.getLogger(TraciClient.class.getName());
        logger.addHandler(log);
        try (SumoHost host = new SumoHost(Duration.ofSeconds(60), false)) {
            final TraciClient.Choice auto = TraciClient.Choice.of(Transport.AUTO);
            for (int world = 0; world < 2; world++) {
                final TraciClient client =
                        new TraciClient(auto, testedWithAnother(), host.folder());
                assertEquals(Transport.WIRE, client.traci().transport());
                try (SumoSession session = start(client, host)) {
                    assertEquals(Transport.LIBTRACI, client.traci().transport());
                    session.finish();
                }
            }
        } finally {
            logger.removeHandler(log);
        }
        assertEquals(1, log.records.size());
    }

    @Test
    void wireByNameDoesNotFallBack() {
        try (SumoHost host = new SumoHost(Duration.ofSeconds(60), false)) {
            final TraciClient client =
                    new TraciClient(
                            TraciClient.Choice.of(Transport.WIRE),
                            testedWithAnother(),
                            host.folder());
            final SumoException e = assertThrows(SumoException.class, () -> start(client, host));
            assertTrue(
                    e.getMessage()
                            .matches(".*speaks TraCI API \\d+, wire \\[19\\], expected the same.*"),
                    e.getMessage());
        }
    }
}
