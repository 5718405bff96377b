package greenwave.engine;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** A path whose files {@link FaultyFiles} keeps. */
record FaultyPath(FaultyFileSystem system, Path real) implements Path {
    private Path wrap(final Path path) {
        return path == null ? null : new FaultyPath(system, path);
    }

    private static Path unwrap(final Path path) {
        return ((FaultyPath) path).real;
    }

    @Override
    public FileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return real.isAbsolute();
    }

    @Override
    public Path getRoot() {
        return wrap(real.getRoot());
    }

    @Override
    public Path getFileName() {
        return wrap(real.getFileName());
    }

    @Override
    public Path getParent() {
        return wrap(real.getParent());
    }

    @Override
    public int getNameCount() {
        return real.getNameCount();
    }

    @Override
    public Path getName(final int index) {
        return wrap(real.getName(index));
    }

    @Override
    public Path subpath(final int begin, final int end) {
        return wrap(real.subpath(begin, end));
    }

    @Override
    public boolean startsWith(final Path other) {
        return real.startsWith(unwrap(other));
    }

    @Override
    public boolean endsWith(final Path other) {
        return real.endsWith(unwrap(other));
    }

    @Override
    public Path normalize() {
        return wrap(real.normalize());
    }

    @Override
    public Path resolve(final Path other) {
        return wrap(real.resolve(unwrap(other)));
    }

    @Override
    public Path relativize(final Path other) {
        return wrap(real.relativize(unwrap(other)));
    }

    @Override
    public URI toUri() {
        return real.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return wrap(real.toAbsolutePath());
    }

    @Override
    public Path toRealPath(final LinkOption... options) throws IOException {
        return wrap(real.toRealPath(options));
    }

    @Override
    public WatchKey register(
            final WatchService watcher,
            final WatchEvent.Kind<?>[] events,
            final WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(final Path other) {
        return real.compareTo(unwrap(other));
    }

    @Override
    public String toString() {
        return real.toString();
    }
}
