package greenwave.bench.sumo;

import com.fasterxml.jackson.databind.ObjectMapper;

import greenwave.sim.SignalTiming;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Worlds stepped from Python, as sumo-rl does it; see {@code drive.py}. */
final class PythonSumo implements Contender {
    private static final String TOOLS = "/usr/lib/python3/dist-packages:/usr/share/sumo/tools";

    private final String module;
    private final List<List<String>> commands = new ArrayList<>();
    private final int decisions;
    private final Path folder;

    /** Steps over {@code module}: {@code traci} or {@code libsumo}. */
    PythonSumo(
            final String module, final String sumo, final List<Rehearsal> worlds, final Path folder)
            throws IOException {
        this.module = module;
        this.folder = folder;
        this.decisions = worlds.getFirst().decisions();
        final Path script = folder.resolve("drive.py");
        try (InputStream bytes = PythonSumo.class.getResourceAsStream("drive.py")) {
            Files.copy(bytes, script, StandardCopyOption.REPLACE_EXISTING);
        }
        for (final Rehearsal world : worlds) {
            final Path task = folder.resolve("%s-%d.json".formatted(module, world.world()));
            new ObjectMapper().writeValue(task.toFile(), task(sumo, world));
            commands.add(python(script.toString(), module, task.toString()));
        }
    }

    private static List<String> python(final String... arguments) {
        final List<String> line = new ArrayList<>(List.of("env", "PYTHONPATH=" + TOOLS, "python3"));
        line.addAll(List.of(arguments));
        return line;
    }

    private Map<String, Object> task(final String sumo, final Rehearsal world) {
        final Map<String, Object> signals = new LinkedHashMap<>();
        world.lanes()
                .forEach(
                        (signal, lanes) ->
                                signals.put(
                                        signal,
                                        Map.of(
                                                "lanes",
                                                lanes,
                                                "changes",
                                                world.changes().get(signal).stream()
                                                        .map(c -> List.of(c.second(), c.state()))
                                                        .toList())));
        final Path trips = folder.resolve("%s-%d.trips.xml".formatted(module, world.world()));
        return Map.of(
                "command",
                world.command(sumo, List.of(), trips),
                "seconds",
                SignalTiming.DEFAULT.deltaTime(),
                "decisions",
                decisions,
                "signals",
                signals);
    }

    @Override
    public String name() {
        return "python_" + module;
    }

    @Override
    public Optional<String> missing() {
        try {
            Processes.run(List.of(python("-c", "import " + module)), _ -> {}, folder);
            return Optional.empty();
        } catch (final IOException e) {
            return Optional.of(e.getMessage().lines().reduce((_, last) -> last).orElse(""));
        }
    }

    @Override
    public double run() throws IOException {
        double longest = 0;
        for (final String said : Processes.run(commands, _ -> {}, folder)) {
            final String seconds = said.strip().lines().reduce((_, last) -> last).orElse("");
            longest = Math.max(longest, Double.parseDouble(seconds));
        }
        return commands.size() * decisions / longest;
    }
}
