package greenwave.bench.sumo;

import greenwave.sim.libtraci.SumoEnvironment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SUMO alone, without a client: the ceiling. Counted is the time that it reports for the simulation
 * itself, without reading its input, in hundredths of a second.
 */
final class RawSumo implements Contender {
    private static final Pattern DURATION = Pattern.compile("Duration: ([0-9.]+)(ms|s)");
    private static final Pattern TIME_LOSS = Pattern.compile("<tripinfo .* timeLoss=\"([^\"]+)\"");

    private final String sumo;
    private final List<Rehearsal> worlds;
    private final Way way;
    private final Path folder;

    /** What it plays, and how it is started. */
    enum Way {
        /** The rehearsed programs; as a user starts it. */
        REHEARSED("raw"),
        /** The rehearsed programs; in the environment that ours is given. */
        OUR_ENVIRONMENT("raw_our_environment"),
        /** The network's own programs; as a user starts it. */
        OWN_PROGRAM("raw_own_program");

        private final String label;

        Way(final String label) {
            this.label = label;
        }
    }

    RawSumo(final String sumo, final List<Rehearsal> worlds, final Way way, final Path folder) {
        this.sumo = sumo;
        this.worlds = worlds;
        this.way = way;
        this.folder = folder;
    }

    @Override
    public String name() {
        return way.label;
    }

    private Path trips(final Rehearsal world) {
        return folder.resolve(name() + "-" + world.world() + ".trips.xml");
    }

    @Override
    public double run() throws IOException {
        final List<List<String>> commands = new ArrayList<>();
        for (final Rehearsal world : worlds) {
            final List<Path> programs =
                    way == Way.OWN_PROGRAM ? List.<Path>of() : List.of(world.programs(folder));
            final List<String> command =
                    new ArrayList<>(world.command(sumo, programs, trips(world)));
            command.add("--end=" + world.end());
            command.add("--duration-log.statistics=true");
            commands.add(command);
        }
        final Consumer<Map<String, String>> environment =
                way == Way.OUR_ENVIRONMENT ? SumoEnvironment.find()::put : _ -> {};
        double longest = 0;
        for (final String said : Processes.run(commands, environment, folder)) {
            longest = Math.max(longest, seconds(said));
        }
        return worlds.size() * worlds.getFirst().decisions() / longest;
    }

    /**
     * {@return how long SUMO says that it simulated}
     *
     * @throws IllegalArgumentException if that is too short for it to tell
     */
    static double seconds(final String said) throws IOException {
        final Matcher matcher = DURATION.matcher(said);
        if (!matcher.find()) {
            throw new IOException("sumo: no duration in its statistics: " + said);
        }
        final double number = Double.parseDouble(matcher.group(1));
        if (number == 0) {
            throw new IllegalArgumentException(
                    "sumo: SUMO alone took %s%s, expected longer: give more --seconds"
                            .formatted(matcher.group(1), matcher.group(2)));
        }
        return matcher.group(2).equals("ms") ? number / 1e3 : number;
    }

    /** {@return seconds lost by all vehicles of a world in the last run} */
    double timeLoss(final Rehearsal world) throws IOException {
        double sum = 0;
        for (final String line : Files.readAllLines(trips(world))) {
            final Matcher matcher = TIME_LOSS.matcher(line);
            sum += matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
        }
        return sum;
    }
}
