package greenwave.engine.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Numbered checkpoints, a folder each, of which the last few are kept. A checkpoint is written under another name, forced to
 * disk and renamed, and older ones go only after that: whenever the machine stops, the last one or the one before it is
 * whole. For one thread of one process.
 */
public final class CheckpointFolder {
    /** Writes the files of a checkpoint. */
    public interface Content {
        /** Writes any number of files into {@code folder}, which is empty; no folders. */
        void writeTo(Path folder) throws IOException;
    }

    private static final System.Logger LOG = System.getLogger(CheckpointFolder.class.getName());
    private static final String UNFINISHED = ".unfinished-";
    private static final String OBSOLETE = ".obsolete-";
    private static final String NUMBER = "[0-9]{8,18}";

    private final Path folder;
    private final int keep;

    /**
     * Uses {@code folder}, which {@link #write} creates where it is missing.
     *
     * @param keep how many checkpoints stay, the newest ones; positive
     */
    public CheckpointFolder(final Path folder, final int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException(
                    "checkpoints: keep=%d, expected >= 1".formatted(keep));
        }
        this.folder = folder.toAbsolutePath();
        this.keep = keep;
    }

    /**
     * Writes checkpoint {@code number}, and then removes the oldest ones beyond those to keep.
     *
     * @param number larger than those of checkpoints to be kept; not negative
     * @return its folder
     * @throws IOException if it cannot be written; the checkpoints that were there still are
     */
    public Path write(final long number, final Content content) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            AtomicFile.force(folder.getParent());
        }
        for (final Path leftover : list(Pattern.quote(UNFINISHED) + ".*")) {
            remove(leftover);
        }
        final Path unfinished = folder.resolve(UNFINISHED + name(number));
        final Path finished = folder.resolve(name(number));
        try {
            Files.createDirectory(unfinished);
            content.writeTo(unfinished);
            Checksums.write(unfinished);
            if (Files.exists(finished)) { // whoever resumes an older one comes by here again
                makeObsolete(finished);
            }
            Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            tryToRemove(unfinished); // there only if something failed
        }
        AtomicFile.force(folder);
        removeOld();
        return finished;
    }

    private static String name(final long number) {
        return "%08d".formatted(number);
    }

    /** {@return the folders called {@code prefix} and a number, whatever is in them, the largest number first} */
    private List<Path> numbered(final String prefix) throws IOException {
        final List<Path> found = new ArrayList<>(list(Pattern.quote(prefix) + NUMBER));
        final int digits = prefix.length();
        found.sort(Comparator.comparing(file -> -Long.parseLong(name(file).substring(digits))));
        return found;
    }

    private List<Path> list(final String pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> name(file).matches(pattern)).toList();
        }
    }

    private static String name(final Path file) {
        return file.getFileName().toString();
    }

    /**
     * {@return the newest checkpoint that is as it was written; empty if there has never been any} For each newer one that is
     * not, a warning is logged.
     *
     * @throws IOException if there are checkpoints, and all are damaged
     */
    public Optional<Path> newest() throws IOException {
        IOException damage = null;
        final List<Path> candidates = new ArrayList<>(numbered(""));
        candidates.addAll(numbered(OBSOLETE)); // the only one, if a write of its number was cut off
        for (final Path checkpoint : candidates) {
            try {
                Checksums.check(checkpoint);
                return Optional.of(checkpoint);
            } catch (final IOException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "checkpoint {0} is damaged: {1}; trying the one before it",
                        checkpoint.getFileName(),
                        e.getMessage());
                damage = e;
            }
        }
        if (damage != null) {
            throw new IOException(
                    "checkpoints=%s: all are damaged, the oldest because %s"
                            .formatted(folder, damage.getMessage()),
                    damage);
        }
        return Optional.empty();
    }

    /** A checkpoint is renamed before its files go: half of one is never taken for a damaged one. */
    private void makeObsolete(final Path checkpoint) throws IOException {
        final Path obsolete = folder.resolve(OBSOLETE + checkpoint.getFileName());
        remove(obsolete);
        Files.move(checkpoint, obsolete, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Failing here costs space, not the checkpoint. */
    private void removeOld() {
        try {
            final List<Path> all = numbered("");
            for (final Path old : all.subList(Math.min(keep, all.size()), all.size())) {
                makeObsolete(old);
            }
            for (final Path obsolete : numbered(OBSOLETE)) {
                remove(obsolete);
            }
        } catch (final IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "old checkpoints in {0} cannot be removed: {1}",
                    folder,
                    e.getMessage());
        }
    }

    private static void tryToRemove(final Path checkpoint) {
        try {
            remove(checkpoint);
        } catch (final IOException e) {
            // The next write tries again; the failure that led here says more.
        }
    }

    private static void remove(final Path checkpoint) throws IOException {
        if (!Files.isDirectory(checkpoint)) {
            return;
        }
        try (Stream<Path> files = Files.list(checkpoint)) {
            for (final Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(checkpoint);
    }
}
