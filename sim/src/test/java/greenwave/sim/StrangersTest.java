package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Other programs that want what is SUMO's: its port, or its only client's place. */
@Timeout(120)
class StrangersTest {
    private static final int DECISIONS = 10;

    /** Tells the port that the second world's SUMO is to have, and waits until the stranger has seen it. */
    private static final String ASK =
            """
            case "$*" in
            *world-1*)
                port=$(echo "$@" | sed 's/.*--remote-port \\([0-9]*\\).*/\\1/')
                echo $port > "$HERE/asked.tmp" && mv "$HERE/asked.tmp" "$HERE/asked"
                while [ -e "$HERE/asked" ]; do sleep 0.01; done
            esac
            exec $SUMO "$@"
            """;

    private static Played undisturbed;

    @TempDir private Path folder;

    @BeforeAll
    static void playUndisturbed() {
        undisturbed = Played.undisturbed(builder(), DECISIONS);
    }

    @AfterEach
    void removeFaults() {
        FaultySumo.remove();
    }

    private static SumoVecEnvBuilder builder() {
        return SumoVecEnv.builder(Configs.cross(20)) // an episode of 4 decisions, a SUMO each
                .worlds(2);
    }

    /** Another program on this machine, which learns each port before SUMO has it. */
    private abstract static class Stranger implements AutoCloseable {
        private final Path asked;
        private final Thread thread = Thread.ofPlatform().unstarted(this::run);
        private volatile boolean over;
        volatile boolean satisfied;

        Stranger(final Path asked) {
            this.asked = asked;
            thread.start();
        }

        private void run() {
            try {
                while (!over) {
                    if (isAsked()) {
                        final int port = Integer.parseInt(Files.readString(asked).strip());
                        meet(port);
                    }
                    Thread.onSpinWait();
                }
            } catch (final IOException e) {
                throw new AssertionError(e);
            }
        }

        /** Does what it wants with {@code port}; calls {@link #release}. */
        abstract void meet(int port) throws IOException;

        final boolean isAsked() {
            return over || Files.exists(asked);
        }

        final void release() throws IOException {
            Files.delete(asked);
        }

        @Override
        public void close() throws IOException {
            over = true;
            try {
                thread.join();
            } catch (final InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void playsAsEver() throws IOException {
        FaultySumo.install(folder, ASK);
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = builder().open()) {
                        final Played played = Played.of(env, DECISIONS, decision -> {});
                        played.assertSame(undisturbed);
                        assertEquals(0, env.recovered(), "no SUMO had begun");
                    }
                });
    }

    @Test
    void aPortThatAnotherProgramTakesFirstIsGivenUp() throws Exception {
        try (ServerSocket thief = new ServerSocket();
                Stranger stranger =
                        new Stranger(folder.resolve("asked")) {
                            @Override
                            void meet(final int port) throws IOException {
                                if (!satisfied) {
                                    thief.bind(new InetSocketAddress("127.0.0.1", port));
                                    satisfied = true;
                                }
                                release();
                            }
                        }) {
            playsAsEver();
            assertTrue(stranger.satisfied);
        }
    }

    /** A program of its own: connects to each port that it is told, as soon as that is possible. */
    static final class Client {
        private Client() {}

        public static void main(final String[] arguments) throws IOException {
            final List<Socket> connections = new ArrayList<>();
            final BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
            String port = in.readLine();
            while (port != null) {
                System.out.println("trying");
                while (!in.ready()) {
                    try {
                        connections.add(new Socket("127.0.0.1", Integer.parseInt(port)));
                        System.out.println("connected");
                        break;
                    } catch (final ConnectException e) {
                        Thread.onSpinWait(); // not yet, or too late
                    }
                }
                port = in.readLine();
            }
        }
    }

    /** Whoever spins on the port is nearly always faster than one who looks every millisecond. */
    @Test
    void aSumoThatAnotherProgramConnectsToFirstIsReplaced() throws Exception {
        final Process client =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                Path.of("target/test-classes").toAbsolutePath().toString(),
                                Client.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out = client.inputReader();
                BufferedWriter in = client.outputWriter();
                Stranger stranger =
                        new Stranger(folder.resolve("asked")) {
                            @Override
                            void meet(final int port) throws IOException {
                                if (!satisfied) {
                                    in.write(port + "\n");
                                    in.flush();
                                    // "connected" is about the port before, if it comes first
                                    satisfied = out.readLine().equals("connected");
                                }
                                release();
                            }
                        }) {
            playsAsEver();
            assertTrue(stranger.satisfied);
        } finally {
            client.destroyForcibly().waitFor();
        }
    }

    @Test
    void isolatedWorldsDoTheSame() {
        assumeTrue(namespaces(), "this kernel or user can't have network namespaces");
        Leftovers.assertNone(
                () -> {
                    try (SumoVecEnv env = builder().isolate(true).open()) {
                        final Played played =
                                Played.of(
                                        env,
                                        DECISIONS,
                                        decision -> Leftovers.sumos().forEach(this::isElsewhere));
                        played.assertSame(undisturbed);
                    }
                });
    }

    private void isElsewhere(final ProcessHandle sumo) {
        assertNotEquals(network("self"), network(Long.toString(sumo.pid())));
    }

    private static String network(final String pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", pid, "ns", "net")).toString();
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean namespaces() {
        try {
            return new ProcessBuilder("unshare", "--user", "--map-root-user", "--net", "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (final IOException | InterruptedException e) {
            return false;
        }
    }
}
