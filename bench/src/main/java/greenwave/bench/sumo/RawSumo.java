package greenwave.bench.sumo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SUMO alone, without a client: the ceiling. Counted is the time that it reports for the simulation
 * itself, without reading its input.
 */
final class RawSumo implements Contender {
    private static final Pattern DURATION = Pattern.compile("Duration: ([0-9.]+)(ms|s)");
    private static final Pattern TIME_LOSS = Pattern.compile("<tripinfo .* timeLoss=\"([^\"]+)\"");

    private final String sumo;
    private final List<Rehearsal> worlds;
    private final boolean rehearsed;
    private final Path folder;

    /** Plays the rehearsed programs, or else the network's own. */
    RawSumo(
            final String sumo,
            final List<Rehearsal> worlds,
            final boolean rehearsed,
            final Path folder) {
        this.sumo = sumo;
        this.worlds = worlds;
        this.rehearsed = rehearsed;
        this.folder = folder;
    }

    @Override
    public String name() {
        return rehearsed ? "raw" : "raw_own_program";
    }

    private Path trips(final Rehearsal world) {
        return folder.resolve(name() + "-" + world.world() + ".trips.xml");
    }

    @Override
    public double run() throws IOException {
        final List<List<String>> commands = new ArrayList<>();
        for (final Rehearsal world : worlds) {
            final List<Path> programs =
                    rehearsed ? List.of(world.programs(folder)) : List.<Path>of();
            final List<String> command =
                    new ArrayList<>(world.command(sumo, programs, trips(world)));
            command.add("--end=" + world.end());
            command.add("--duration-log.statistics=true");
            commands.add(command);
        }
        double longest = 0;
        for (final String said : Processes.run(commands, folder)) {
            final Matcher matcher = DURATION.matcher(said);
            if (!matcher.find()) {
                throw new IOException("sumo: no duration in its statistics: " + said);
            }
            final double number = Double.parseDouble(matcher.group(1));
            longest = Math.max(longest, matcher.group(2).equals("ms") ? number / 1e3 : number);
        }
        return worlds.size() * worlds.getFirst().decisions() / longest;
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
