package greenwave.engine;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The machine's files with faults: of all operations that change something, the one with a given number fails. Paths made by
 * {@link #wrap} lead here, those resolved from them too.
 *
 * <p>Forcing to disk is modelled, not done: when the machine "crashes", the contents of files that were not forced are gone,
 * and so are names in folders that were not, new ones, renamings.
 */
public final class FaultyFiles extends FileSystemProvider {
    /** What goes wrong. */
    public enum Fault {
        /** The operation fails, and so does every write after it; things can be removed. */
        DISK_FULL,
        /** As that, but if it is a write, half of it is done. */
        SHORT_WRITE,
        /** The operation fails alone. */
        FAILS_ONCE,
        /** The operation and all after it are never done, and what was not forced is lost. */
        CRASH
    }

    private final FaultyFileSystem system = new FaultyFileSystem(this);
    private final Fault fault;
    private final int failing; // no operation's number if none fails
    private final Set<Path> dirty = new HashSet<>(); // files written and not forced
    private final Deque<Renaming> unforced = new ArrayDeque<>(); // the last first
    private int operations;

    /** A new name in its folder; without an old one, the file is new. */
    private record Renaming(Path from, Path to) {}

    /** Without a fault. */
    public FaultyFiles() {
        this(Fault.FAILS_ONCE, Integer.MAX_VALUE);
    }

    /** Lets operation {@code failing}, from 0, go wrong. */
    public FaultyFiles(final Fault fault, final int failing) {
        this.fault = fault;
        this.failing = failing;
    }

    /** {@return {@code path}, whose operations may fail} */
    public Path wrap(final Path path) {
        return new FaultyPath(system, path);
    }

    /** {@return whether the one with the given number was among them} */
    public boolean hasFailed() {
        return operations > failing;
    }

    /** Does nothing, or fails. */
    private void count(final boolean needsSpace) throws IOException {
        final int operation = operations++;
        final boolean now = operation == failing;
        final boolean later = operation > failing;
        final boolean fails =
                switch (fault) {
                    case FAILS_ONCE -> now;
                    case CRASH -> now || later;
                    case DISK_FULL, SHORT_WRITE -> now || later && needsSpace;
                };
        if (now && fault == Fault.CRASH) {
            loseWhatWasNotForced();
        }
        if (fails) {
            throw new IOException(
                    fault == Fault.CRASH ? "the machine has crashed" : "No space left on device");
        }
    }

    private void loseWhatWasNotForced() throws IOException {
        for (final Path file : dirty) {
            if (Files.exists(file)) {
                Files.write(file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
            }
        }
        for (final Renaming renaming : unforced) {
            if (!Files.exists(renaming.to)) {
                continue;
            }
            if (renaming.from != null) {
                Files.move(renaming.to, renaming.from);
            } else {
                deleteTree(renaming.to);
            }
        }
    }

    private static void deleteTree(final Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void forced(final Path file) {
        dirty.remove(file);
        unforced.removeIf(renaming -> renaming.to.getParent().equals(file));
    }

    private static Path real(final Path path) {
        return path instanceof final FaultyPath faulty ? faulty.real() : path;
    }

    @Override
    public FileChannel newFileChannel(
            final Path path, final Set<? extends OpenOption> options, final FileAttribute<?>... as)
            throws IOException {
        final Path file = real(path).toAbsolutePath();
        final boolean isNew = !Files.exists(file);
        if (options.contains(StandardOpenOption.WRITE)) {
            count(true);
        }
        final FileChannel channel = FileChannel.open(file, options, as);
        if (isNew) {
            unforced.addFirst(new Renaming(null, file));
        }
        return new FaultyChannel(
                channel,
                new FaultyChannel.Watch() {
                    @Override
                    public void write(final ByteBuffer bytes) throws IOException {
                        dirty.add(file);
                        if (fault == Fault.SHORT_WRITE && operations == failing) {
                            channel.write(bytes.slice().limit(bytes.remaining() / 2));
                        }
                        count(true);
                    }

                    @Override
                    public void force() throws IOException {
                        count(true);
                        forced(file);
                    }
                });
    }

    @Override
    public SeekableByteChannel newByteChannel(
            final Path path, final Set<? extends OpenOption> options, final FileAttribute<?>... as)
            throws IOException {
        return newFileChannel(path, options, as);
    }

    @Override
    public void createDirectory(final Path folder, final FileAttribute<?>... attributes)
            throws IOException {
        count(true);
        Files.createDirectory(real(folder), attributes);
        unforced.addFirst(new Renaming(null, real(folder).toAbsolutePath()));
    }

    @Override
    public void delete(final Path path) throws IOException {
        count(false);
        Files.delete(real(path));
    }

    @Override
    public void move(final Path source, final Path target, final CopyOption... options)
            throws IOException {
        count(true);
        final Path from = real(source).toAbsolutePath();
        final Path to = real(target).toAbsolutePath();
        Files.move(from, to, options);
        unforced.addFirst(new Renaming(from, to));
        for (final Path file : Set.copyOf(dirty)) {
            if (file.startsWith(from)) {
                dirty.remove(file);
                dirty.add(to.resolve(from.relativize(file)));
            }
        }
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
            final Path folder, final DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        final DirectoryStream<Path> stream = Files.newDirectoryStream(real(folder));
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                final Iterator<Path> files = stream.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return files.hasNext();
                    }

                    @Override
                    public Path next() {
                        return wrap(files.next());
                    }
                };
            }

            @Override
            public void close() throws IOException {
                stream.close();
            }
        };
    }

    @Override
    public void checkAccess(final Path path, final AccessMode... modes) throws IOException {
        real(path).getFileSystem().provider().checkAccess(real(path), modes);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
            final Path path, final Class<A> type, final LinkOption... options) throws IOException {
        return Files.readAttributes(real(path), type, options);
    }

    @Override
    public boolean isSameFile(final Path one, final Path other) throws IOException {
        return Files.isSameFile(real(one), real(other));
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileSystem newFileSystem(final URI uri, final Map<String, ?> env) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(final URI uri) {
        return system;
    }

    @Override
    public Path getPath(final URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void copy(final Path source, final Path target, final CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isHidden(final Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileStore getFileStore(final Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
            final Path path, final Class<V> type, final LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Object> readAttributes(
            final Path path, final String attributes, final LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(
            final Path path,
            final String attribute,
            final Object value,
            final LinkOption... options) {
        throw new UnsupportedOperationException();
    }
}
