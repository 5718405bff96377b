package greenwave.kernels.cuda;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where NVIDIA's libraries may lie: folders of one installation, whose libraries fit one another.
 *
 * @param what whose installation
 * @param folders in the order in which they are searched
 */
record LibraryFolders(String what, List<Path> folders) {
    /** The property that names the only folders to search, separated as in PATH. */
    static final String PROPERTY = "greenwave.cuda.path";

    private static final String CARRIED =
            "cuda/org/bytedeco/cuda/linux-x86_64"; // as its jar has them

    private static final List<String> DRIVER =
            List.of(
                    "/usr/local/nvidia/lib64",
                    "/usr/local/nvidia/lib",
                    "/usr/lib/x86_64-linux-gnu",
                    "/usr/lib64",
                    "/usr/lib/wsl/lib",
                    "/run/opengl-driver/lib");
    private static final List<String> TOOLKIT =
            List.of(
                    "/usr/local/cuda/lib64",
                    "/usr/local/cuda/targets/x86_64-linux/lib",
                    "/opt/cuda/lib64",
                    "/usr/lib/x86_64-linux-gnu",
                    "/usr/lib64");

    /** {@return the folders that may hold the driver's library} */
    static LibraryFolders driver() {
        return asked().orElseGet(() -> new LibraryFolders("system", paths(DRIVER)));
    }

    /** {@return the installations that may hold cuBLAS, cuDNN and NVRTC, in the order of preference} */
    static List<LibraryFolders> installations() {
        return asked().map(List::of)
                .orElseGet(
                        () ->
                                Stream.of(
                                                carried().stream(),
                                                Stream.of(system()),
                                                pythons().stream())
                                        .flatMap(found -> found)
                                        .toList());
    }

    /** {@return whether nothing else may be searched} */
    boolean exclusive() {
        return what.equals(PROPERTY);
    }

    /** {@return the first file called {@code name}} */
    Optional<Path> find(final String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::exists)
                .findFirst();
    }

    private static Optional<LibraryFolders> asked() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .map(
                        path ->
                                new LibraryFolders(
                                        PROPERTY, paths(List.of(path.split(File.pathSeparator)))));
    }

    private static LibraryFolders system() {
        final List<Path> folders = new ArrayList<>(paths(TOOLKIT));
        folders.addAll(1, entries(Path.of("/usr/local"), "cuda-1[23]*/lib64"));
        return new LibraryFolders("system", folders);
    }

    /** What the profile cuda-redist unpacks beside our jar. */
    private static Optional<LibraryFolders> carried() {
        final CodeSource source = LibraryFolders.class.getProtectionDomain().getCodeSource();
        if (source == null || !source.getLocation().getProtocol().equals("file")) {
            return Optional.empty();
        }
        final Path folder = Path.of(source.getLocation().getPath()).resolveSibling(CARRIED);
        return Optional.of(folder)
                .filter(Files::isDirectory)
                .map(found -> new LibraryFolders("cuda-redist", List.of(found)));
    }

    /** The packages nvidia-* of each Python that is active, on the PATH, the user's or the system's. */
    private static List<LibraryFolders> pythons() {
        final Set<Path> prefixes = new LinkedHashSet<>();
        Stream.of("VIRTUAL_ENV", "CONDA_PREFIX")
                .map(System::getenv)
                .filter(Objects::nonNull)
                .map(Path::of)
                .forEach(prefixes::add);
        Stream.of(Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .filter(folder -> folder.getParent() != null)
                .filter(folder -> Files.exists(folder.resolve("python3")))
                .forEach(folder -> prefixes.add(folder.getParent()));
        prefixes.add(Path.of(System.getProperty("user.home"), ".local"));
        prefixes.add(Path.of("/usr/local"));
        prefixes.add(Path.of("/usr"));
        final List<LibraryFolders> found = new ArrayList<>();
        for (final Path prefix : prefixes) {
            for (final String packages : List.of("site-packages", "dist-packages")) {
                for (final Path nvidia : entries(prefix, "lib/python3*/" + packages + "/nvidia")) {
                    final List<Path> folders = entries(nvidia, "*/lib");
                    if (!folders.isEmpty()) {
                        found.add(new LibraryFolders("Python " + nvidia, folders));
                    }
                }
            }
        }
        return found;
    }

    private static List<Path> paths(final List<String> names) {
        return names.stream().filter(name -> !name.isEmpty()).map(Path::of).toList();
    }

    /** The paths under {@code folder} that match a glob, one folder of it at a time; the last in the alphabet first. */
    private static List<Path> entries(final Path folder, final String glob) {
        List<Path> level = List.of(folder);
        for (final String part : glob.split("/")) {
            final List<Path> next = new ArrayList<>();
            for (final Path parent : level) {
                try (DirectoryStream<Path> matches = Files.newDirectoryStream(parent, part)) {
                    matches.forEach(next::add);
                } catch (final IOException e) {
                    continue; // not there, or not ours to read: nothing to be found in it
                }
            }
            next.sort(Comparator.reverseOrder());
            level = next;
        }
        return level;
    }
}
