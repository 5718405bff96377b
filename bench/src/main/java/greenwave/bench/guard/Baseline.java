package greenwave.bench.guard;

import com.fasterxml.jackson.annotation.JsonProperty;

import greenwave.bench.JsonFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is on record for one kind of machine.
 *
 * @param isa as of {@link Machine}
 * @param cpu likewise
 * @param jdk that it was recorded with
 * @param paths by label
 */
record Baseline(String isa, String cpu, String jdk, Map<String, Entry> paths) {
    /** How much worse than its noise a path may be. */
    static final double MARGIN = 0.15;

    /** The same on another processor of the width: enough to find a path that has lost its vectors. */
    static final double MARGIN_OF_RELATIVE = 1;

    /**
     * One path.
     *
     * @param ratio median over the recorded runs
     * @param noise (largest - median) / median of these, at least 5 %
     * @param bytesPerOp in all of them
     */
    record Entry(double ratio, double noise, @JsonProperty("bytes_per_op") long bytesPerOp) {}

    /**
     * What a machine is compared with.
     *
     * @param margin beyond the noise
     * @param note for the reader, if it is not a record of such a machine
     */
    record Match(Baseline baseline, double margin, Optional<String> note) {
        /** {@return the largest ratio that passes; infinite without a record} */
        double limit(final HotPath path) {
            final Entry entry = baseline.paths.get(path.label());
            return entry == null || margin == Double.POSITIVE_INFINITY
                    ? Double.POSITIVE_INFINITY
                    : entry.ratio * (1 + entry.noise + margin);
        }

        /** {@return what an operation may allocate, which is the same everywhere} */
        long bytes(final HotPath path) {
            final Entry entry = baseline.paths.get(path.label());
            return entry == null ? Long.MAX_VALUE : entry.bytesPerOp;
        }
    }

    /** {@return the file of a machine's baseline} */
    static Path file(final Path folder, final Machine machine) {
        return folder.resolve("%s-%s.json".formatted(machine.isa(), machine.cpu()));
    }

    /**
     * {@return what {@code machine} is compared with: a record of such a machine, else of one with vectors as wide, else no ratio}
     *
     * @throws IllegalArgumentException if the folder holds none at all
     */
    static Match find(final Path folder, final Machine machine) throws IOException {
        final List<Path> files = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.list(folder)) {
                all.filter(file -> file.toString().endsWith(".json")).sorted().forEach(files::add);
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException(
                    "guard: --baselines=%s, expected a folder with baselines; --record writes one"
                            .formatted(folder));
        }
        final List<Baseline> all = new ArrayList<>();
        for (final Path file : files) {
            all.add(JsonFile.read(file, Baseline.class));
        }
        return choose(all, machine);
    }

    /** As {@link #find}. */
    static Match choose(final List<Baseline> all, final Machine machine) {
        final Optional<Baseline> alike = all.stream().filter(b -> b.isOf(machine)).findFirst();
        if (alike.isPresent()) {
            return new Match(alike.get(), MARGIN, Optional.empty());
        }
        final Optional<Baseline> relative =
                all.stream().filter(b -> b.isa.equals(machine.isa())).findFirst();
        if (relative.isPresent()) {
            return new Match(
                    relative.get(),
                    MARGIN_OF_RELATIVE,
                    Optional.of(
                            "no baseline of %s: compared with that of %s, a ratio fails when it has doubled"
                                    .formatted(machine.cpu(), relative.get().cpu)));
        }
        return new Match(
                all.getFirst(),
                Double.POSITIVE_INFINITY,
                Optional.of(
                        "no baseline of %s (%s): only allocation is compared; guard --record adds one"
                                .formatted(machine.isa(), machine.cpu())));
    }

    private boolean isOf(final Machine machine) {
        return isa.equals(machine.isa()) && cpu.equals(machine.cpu());
    }
}
