package greenwave.kernels.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Loads native libraries out of a jar on the class path. They are written to a private folder that is gone when {@link
 * #load} returns: Linux keeps a mapped file alive.
 */
@SuppressWarnings("restricted") // loading native code is what it is for
final class CarriedLibrary {
    private CarriedLibrary() {}

    /**
     * Loads {@code library} for the life of the JVM.
     *
     * @param folder where the jar holds it
     * @param needs libraries that it needs, those without needs of their own first; the system's are preferred where it
     *     has them, so that what else is loaded in this process meets the version it expects
     * @throws IOException if the jar is missing, the temporary folder cannot be written, or the system refuses to load;
     *     nothing stays on disk
     */
    static SymbolLookup load(final String folder, final List<String> needs, final String library)
            throws IOException {
        final Path directory =
                Files.createTempDirectory(
                        "greenwave-native-" + ProcessHandle.current().pid() + "-");
        directory.toFile().deleteOnExit(); // should the JVM be told to end meanwhile
        try {
            for (final String need : needs) {
                if (!loadedFromSystem(need)) {
                    loadCarried(directory, folder, need);
                }
            }
            return loadCarried(directory, folder, library);
        } finally {
            Files.delete(directory);
        }
    }

    private static boolean loadedFromSystem(final String library) {
        try {
            SymbolLookup.libraryLookup(library, Arena.global());
            return true;
        } catch (final IllegalArgumentException e) {
            return false; // not installed: the jar carries one
        }
    }

    private static SymbolLookup loadCarried(
            final Path directory, final String folder, final String library) throws IOException {
        final Path file = directory.resolve(library);
        file.toFile().deleteOnExit();
        try (InputStream in =
                CarriedLibrary.class.getClassLoader().getResourceAsStream(folder + library)) {
            if (in == null) {
                throw new IOException(
                        "resource %s%s not found on the class path".formatted(folder, library));
            }
            Files.copy(in, file);
            return SymbolLookup.libraryLookup(file, Arena.global());
        } catch (final IllegalArgumentException e) {
            throw new IOException(
                    "%s%s does not load: %s".formatted(folder, library, e.getMessage()), e);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
