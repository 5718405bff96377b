package greenwave.sim.oracle;

import static greenwave.sim.oracle.Fields.need;

import com.fasterxml.jackson.databind.JsonNode;

import greenwave.sim.net.Bounds;
import greenwave.sim.signal.LaneCells;
import greenwave.sim.signal.WorldCells;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Compares images of recorded vehicles: format {@code image-golden-1}. No simulation is needed; that
 * simulated vehicles are the recorded ones is another recording's matter.
 */
final class ImageReplay implements Replay {
    private static final int DIGITS = 6; // that the recording was written with

    private final Recording recording;
    private final JsonNode header;

    /** A vehicle as it was recorded. */
    private record Seen(String lane, double position, double speed, double x, double y) {
        static Seen of(final JsonNode fields) {
            return new Seen(
                    fields.path(1).asText(),
                    fields.path(2).asDouble(),
                    fields.path(3).asDouble(),
                    fields.path(4).asDouble(),
                    fields.path(5).asDouble());
        }
    }

    ImageReplay(final Recording recording) {
        this.recording = recording;
        this.header = recording.header();
    }

    @Override
    public void run(final Tally tally) {
        final WorldCells world = world();
        tally.at("header");
        tally.same("world.rows", need(header, "world").path("rows").asInt(), world.rows());
        tally.same("world.cols", need(header, "world").path("cols").asInt(), world.columns());
        final Map<String, List<String>> lanes = new HashMap<>();
        need(header, "lanes")
                .properties()
                .forEach(signal -> lanes.put(signal.getKey(), Fields.texts(signal.getValue())));
        final List<String> controlled = lanes.values().stream().flatMap(List::stream).toList();
        for (final JsonNode row : recording.rows()) {
            tally.at("k=" + need(row, "k"));
            final List<Seen> vehicles = new ArrayList<>();
            need(row, "veh").forEach(vehicle -> vehicles.add(Seen.of(vehicle)));
            lanes.forEach(
                    (signal, own) ->
                            compareCells(
                                    tally, signal, need(row, "dtse").path(signal), own, vehicles));
            vehicles.removeIf(vehicle -> !controlled.contains(vehicle.lane));
            compareWorld(tally, row.path("world"), world, vehicles);
            compareAsCoded(tally, row, vehicles);
        }
    }

    private WorldCells world() {
        final JsonNode world = need(header, "world");
        final List<Double> sides = Fields.doubles(need(world, "boundary"));
        if (sides.size() != 4) {
            throw new IllegalArgumentException(
                    "world.boundary=%s, expected four numbers".formatted(sides));
        }
        return new WorldCells(
                new Bounds(sides.get(0), sides.get(1), sides.get(2), sides.get(3)),
                need(world, "cell").asDouble());
    }

    private void compareCells(
            final Tally tally,
            final String signal,
            final JsonNode expected,
            final List<String> lanes,
            final List<Seen> vehicles) {
        final int cells = need(need(header, "dtse"), "cells").asInt();
        final LaneCells grid =
                new LaneCells(lanes.size(), cells, need(header.get("dtse"), "cell").asDouble());
        for (final Seen vehicle : vehicles) {
            final int lane = lanes.indexOf(vehicle.lane);
            if (lane >= 0) {
                final double length = need(need(header, "lane_len"), vehicle.lane).asDouble();
                grid.add(
                        lane,
                        length - vehicle.position,
                        vehicle.speed,
                        need(need(header, "lane_speed"), vehicle.lane).asDouble());
            }
        }
        int taken = 0;
        for (int lane = 0; lane < lanes.size(); lane++) {
            for (int cell = 0; cell < cells; cell++) {
                taken += grid.isTaken(lane, cell) ? 1 : 0;
            }
        }
        tally.same(signal + " dtse.size", expected.size(), taken);
        for (final JsonNode entry : expected) {
            final int lane = entry.path(0).asInt();
            final int cell = entry.path(1).asInt();
            final String name = "%s dtse[%d][%d]".formatted(signal, lane, cell);
            final boolean inside = lane < lanes.size() && cell < cells;
            tally.same(name + " taken", true, inside && grid.isTaken(lane, cell));
            if (inside) {
                tally.rounded(
                        name + " speed", entry.path(2).asDouble(), grid.speed(lane, cell), DIGITS);
            }
        }
    }

    private static void compareWorld(
            final Tally tally,
            final JsonNode expected,
            final WorldCells world,
            final List<Seen> vehicles) {
        final TreeSet<String> ours = new TreeSet<>();
        vehicles.forEach(v -> ours.add(world.row(v.y) + "," + world.column(v.x)));
        compareSet(tally, "world", expected, ours);
    }

    /** The seed's own image: x counts as row, places west or south of the origin come out at the far end. */
    private void compareAsCoded(final Tally tally, final JsonNode row, final List<Seen> vehicles) {
        if (!header.has("ascoded") || !row.has("ascoded")) {
            return;
        }
        final double grid = need(header.get("ascoded"), "grid").asDouble();
        final JsonNode shape = need(header.get("ascoded"), "shape");
        final TreeSet<String> ours = new TreeSet<>();
        int errors = 0;
        for (final Seen vehicle : vehicles) {
            final int first = (int) Math.floor(vehicle.x / grid);
            final int second = (int) Math.floor(vehicle.y / grid);
            final int rows = shape.path(0).asInt();
            final int columns = shape.path(1).asInt();
            if (first >= rows || second >= columns || first < -rows || second < -columns) {
                errors++;
            } else {
                ours.add(Math.floorMod(first, rows) + "," + Math.floorMod(second, columns));
            }
        }
        compareSet(tally, "ascoded", row.get("ascoded"), ours);
        tally.same("ascoded_index_errors", row.path("ascoded_index_errors").asInt(), errors);
    }

    private static void compareSet(
            final Tally tally,
            final String name,
            final JsonNode expected,
            final TreeSet<String> ours) {
        tally.same(name + ".size", expected.size(), ours.size());
        for (final JsonNode pixel : expected) {
            final String place = pixel.path(0).asInt() + "," + pixel.path(1).asInt();
            tally.same(name, place, ours.contains(place) ? place : "nothing there");
        }
    }
}
