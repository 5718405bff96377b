package greenwave.sim.oracle;

import greenwave.sim.SumoException;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.Transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Replays recordings through {@link SumoVecEnv} and compares all that they hold. */
public final class Oracle {
    private final Optional<Path> root;
    private final Transport transport;

    /**
     * Resolves the files that recordings name under {@code root}, or beside the recordings without it,
     * and talks to SUMO over {@code transport}.
     */
    public Oracle(final Optional<Path> root, final Transport transport) {
        this.root = root;
        this.transport = transport;
    }

    /**
     * {@return how a recording compares}
     *
     * @throws IllegalArgumentException if it is missing, damaged, of an unknown format, or names files
     *     that are not there
     * @throws SumoException if SUMO fails
     */
    public OracleReport compare(final Path file) {
        final Recording recording = Recording.read(file);
        if (recording.rows().isEmpty()) {
            throw new IllegalArgumentException(file + ": rows=0, expected at least 1");
        }
        final Tally tally = new Tally();
        try {
            inFolder(folder -> replay(recording, folder).run(tally));
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        } catch (final SumoException e) {
            throw new SumoException(file + ": " + e.getMessage(), e);
        }
        return new OracleReport(
                file,
                recording.rows().size(),
                tally.values(),
                tally.mismatches(),
                tally.firstDifference(),
                recording.needNotMatch() ? recording.note() : "");
    }

    private Replay replay(final Recording recording, final Path folder) {
        return switch (recording.format()) {
            case "sumorl-oracle-1" ->
                    new SumoRlReplay(recording, rootOf(recording), folder, transport);
            case "sumorl-pz-1" ->
                    new PettingZooReplay(recording, rootOf(recording), folder, transport);
            case "generaltls-oracle-1" ->
                    new GeneralTlsReplay(recording, rootOf(recording), folder, transport);
            case "image-golden-1" -> new ImageReplay(recording);
            case "sumogym-designed-1" -> new SumoGymReplay(recording);
            case "sumogym-ascoded-1" -> new SumoGymAsCodedReplay(recording);
            default ->
                    throw new IllegalArgumentException(
                            "format=%s, expected one of generaltls-oracle-1, image-golden-1, sumogym-ascoded-1, sumogym-designed-1, sumorl-oracle-1, sumorl-pz-1"
                                    .formatted(recording.format()));
        };
    }

    /** The nearest folder above the recording that has the network which it names. */
    private Path rootOf(final Recording recording) {
        if (root.isPresent()) {
            return root.get().toAbsolutePath();
        }
        final String network =
                Fields.need(Fields.need(recording.header(), "env"), "net_file").asText();
        final Path file = recording.file().toAbsolutePath().normalize();
        for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
            if (Files.isReadable(folder.resolve(network))) {
                return folder;
            }
        }
        throw new IllegalArgumentException(
                "%s is in no folder above the recording, expected --root DIR".formatted(network));
    }

    private interface Work {
        void in(Path folder);
    }

    private static void inFolder(final Work work) {
        try {
            final Path folder = Files.createTempDirectory("greenwave-oracle-");
            try {
                work.in(folder);
            } finally {
                delete(folder);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(final Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            final List<Path> leavesFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (final Path path : leavesFirst) {
                Files.delete(path);
            }
        }
    }
}
