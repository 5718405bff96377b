package greenwave.kernels.cuda;

import jcuda.jcublas.JCublas2;
import jcuda.jcudnn.JCudnn;
import jcuda.nvrtc.JNvrtc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * NVIDIA's libraries, loaded into this process once: the driver's, cuBLAS and cuDNN 9, and NVRTC where there is one. They
 * are loaded by path, so that neither LD_LIBRARY_PATH nor the system's configuration needs to name them, and before
 * JCuda's natives, which then find them by name. CUDA 12 and 13 serve: the natives are linked with 12 and are told the
 * other's name where 13 is found.
 */
@SuppressWarnings("restricted") // loading native code is what it is for
final class CudaLibraries {
    private static final int OLDEST_DRIVER =
            12000; // as cuDriverGetVersion counts: the CUDA version that it serves
    private static final int LINKED_MAJOR = 12; // what JCuda's natives were linked with
    private static final List<Integer> MAJORS = List.of(13, 12);
    private static final String DRIVER = "libcuda.so.1";
    private static final String CUDNN = "libcudnn.so.9";

    private static final System.Logger LOG = System.getLogger(CudaLibraries.class.getName());

    /** One library as it was found. */
    record Library(String name, String version, String where) {
        @Override
        public String toString() {
            return "%s %s (%s)".formatted(name, version, where);
        }
    }

    private static final class Holder {
        static final CudaLibraries LOADED = load(); // a failed load tells its reason only once
    }

    private final List<Library> found = new ArrayList<>();
    private String refusal;
    private String nvrtcRefusal = "not looked for";

    private CudaLibraries() {}

    /** {@return the libraries of this process; looked for at the first call} */
    static CudaLibraries get() {
        return Holder.LOADED;
    }

    /** {@return why they cannot be used, or empty if they can} */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** {@return what was found, whether or not it suffices} */
    List<Library> found() {
        return List.copyOf(found);
    }

    /** {@return why kernels cannot be compiled at run time, or empty if they can} */
    Optional<String> nvrtcRefusal() {
        return Optional.ofNullable(nvrtcRefusal);
    }

    private static CudaLibraries load() {
        final CudaLibraries libraries = new CudaLibraries();
        try {
            final int served = libraries.loadDriver();
            libraries.loadMathematics(served / 1000);
        } catch (final IOException | IllegalArgumentException e) {
            libraries.refusal = e.getMessage();
        }
        return libraries;
    }

    /** Returns the newest CUDA version that the driver serves, as cuDriverGetVersion counts. */
    private int loadDriver() throws IOException {
        final LibraryFolders folders = LibraryFolders.driver();
        final Optional<Path> file = folders.find(DRIVER);
        if (file.isPresent()) {
            return loadDriver(open(file.get()), file.get().toRealPath().toString());
        }
        try {
            if (!folders.exclusive()) {
                return loadDriver(
                        SymbolLookup.libraryLookup(DRIVER, Arena.global()), "the system's loader");
            }
        } catch (final IllegalArgumentException e) {
            LOG.log(System.Logger.Level.DEBUG, DRIVER, e); // said below, with the folders
        }
        throw new IOException(
                "no NVIDIA driver: %s not found in %s"
                        .formatted(DRIVER, joined(folders.folders())));
    }

    private int loadDriver(final SymbolLookup driver, final String where) throws IOException {
        final int served = version(driver);
        found.add(
                new Library(
                        "driver", "for CUDA " + dotted(served / 1000, served % 1000 / 10), where));
        if (served < OLDEST_DRIVER) {
            throw new IOException(
                    "the driver %s serves CUDA %s, expected 12.0 or later"
                            .formatted(where, dotted(served / 1000, served % 1000 / 10)));
        }
        JcudaNatives.load("jcuda.driver.JCudaDriver", "JCudaDriver", null, null);
        return served;
    }

    private static int version(final SymbolLookup driver) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment version = arena.allocate(ValueLayout.JAVA_INT);
            final int status =
                    (int)
                            Linker.nativeLinker()
                                    .downcallHandle(
                                            driver.find("cuDriverGetVersion").orElseThrow(),
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
                                    .invokeExact(version);
            if (status != 0) {
                throw new IOException("cuDriverGetVersion: status=" + status);
            }
            return version.get(ValueLayout.JAVA_INT, 0);
        } catch (final IOException | RuntimeException e) {
            throw e;
        } catch (final Throwable e) {
            throw new IOException("cuDriverGetVersion: " + e.getMessage(), e);
        }
    }

    /** What one installation offers of one major version. */
    private record Offer(LibraryFolders from, int major, Path cublas, Path cudnn) {}

    private void loadMathematics(final int driverMajor) throws IOException {
        final List<LibraryFolders> installations = LibraryFolders.installations();
        final Offer offer = choose(installations, driverMajor);
        final String cublas = "libcublas.so." + offer.major;
        loadFirst(offer.cublas.resolveSibling("libcublasLt.so." + offer.major)); // cuBLAS needs it
        loadFirst(offer.cublas);
        loadNvrtc(installations, offer);
        loadFirst(offer.cudnn);
        JcudaNatives.load(
                "jcuda.jcublas.JCublas2", "JCublas2", "libcublas.so." + LINKED_MAJOR, cublas);
        JcudaNatives.load("jcuda.jcudnn.JCudnn", "JCudnn", null, null);
        found.add(new Library("cuBLAS", cublasVersion(), offer.cublas.toRealPath().toString()));
        final long cudnn = JCudnn.cudnnGetVersion();
        found.add(
                new Library(
                        "cuDNN",
                        dotted(cudnn / 10000, cudnn % 10000 / 100, cudnn % 100),
                        offer.cudnn.toRealPath().toString()));
    }

    /** The first installation that has both, else the first of each; never newer than the driver serves. */
    private static Offer choose(final List<LibraryFolders> installations, final int driverMajor)
            throws IOException {
        Optional<Offer> cublasOnly = Optional.empty();
        Optional<Path> cudnnOnly = Optional.empty();
        String newer = "";
        for (final LibraryFolders folders : installations) {
            final Optional<Path> cudnn = folders.find(CUDNN);
            for (final int major : MAJORS) {
                final Optional<Path> cublas = folders.find("libcublas.so." + major);
                if (cublas.isPresent() && major > driverMajor) {
                    newer = ", newer than the driver: " + cublas.get();
                } else if (cublas.isPresent()) {
                    final Offer offer = new Offer(folders, major, cublas.get(), cudnn.orElse(null));
                    if (cudnn.isPresent()) {
                        return offer;
                    }
                    cublasOnly = cublasOnly.or(() -> Optional.of(offer));
                }
            }
            cudnnOnly = cudnnOnly.or(() -> cudnn);
        }
        if (cublasOnly.isPresent() && cudnnOnly.isPresent()) {
            final Offer offer = cublasOnly.get();
            return new Offer(offer.from, offer.major, offer.cublas, cudnnOnly.get());
        }
        throw new IOException(
                "libcublas.so.12 or .13: %s%s; %s: %s; looked in %s"
                        .formatted(
                                cublasOnly
                                        .map(offer -> offer.cublas.toString())
                                        .orElse("not found"),
                                newer,
                                CUDNN,
                                cudnnOnly.map(Path::toString).orElse("not found"),
                                installations.stream()
                                        .map(folders -> folders.what())
                                        .collect(Collectors.joining(", "))));
    }

    /** NVRTC opens its builtins by bare name: they are loaded first, so that the name is known. */
    private void loadNvrtc(final List<LibraryFolders> installations, final Offer offer) {
        final String name = "libnvrtc.so." + offer.major;
        final Optional<Path> file =
                offer.from
                        .find(name)
                        .or(
                                () ->
                                        installations.stream()
                                                .flatMap(folders -> folders.find(name).stream())
                                                .findFirst());
        if (file.isEmpty()) {
            nvrtcRefusal = name + " not found";
            return;
        }
        try (DirectoryStream<Path> builtins =
                Files.newDirectoryStream(
                        file.get().getParent(), "libnvrtc-builtins.so." + offer.major + ".*")) {
            for (final Path library : builtins) {
                loadFirst(library);
            }
            loadFirst(file.get());
            JcudaNatives.load("jcuda.nvrtc.JNvrtc", "JNvrtc", "libnvrtc.so." + LINKED_MAJOR, name);
            final int[] major = {0};
            final int[] minor = {0};
            CudaStatus.nvrtc("nvrtcVersion", JNvrtc.nvrtcVersion(major, minor));
            found.add(
                    new Library(
                            "NVRTC",
                            dotted(major[0], minor[0]),
                            file.get().toRealPath().toString()));
            nvrtcRefusal = null;
        } catch (final IOException e) {
            nvrtcRefusal = e.getMessage();
        }
    }

    private static void loadFirst(final Path file) throws IOException {
        if (Files.exists(file)) { // else what needs it says so, with a better reason
            open(file);
        }
    }

    private static SymbolLookup open(final Path file) throws IOException {
        try {
            return SymbolLookup.libraryLookup(file.toRealPath(), Arena.global());
        } catch (final IllegalArgumentException e) {
            throw new IOException("%s does not load: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static String cublasVersion() {
        final int[] part = {0};
        final List<Integer> parts = new ArrayList<>();
        for (int property = 0;
                property < 3;
                property++) { // MAJOR_VERSION, MINOR_VERSION, PATCH_LEVEL
            CudaStatus.blas("cublasGetProperty", JCublas2.cublasGetProperty(property, part));
            parts.add(part[0]);
        }
        return dotted(parts.get(0), parts.get(1), parts.get(2));
    }

    private static String joined(final List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    private static String dotted(final long... parts) {
        return Arrays.stream(parts).mapToObj(Long::toString).collect(Collectors.joining("."));
    }
}
