package greenwave.emulation;

import greenwave.kernels.Backend;
import greenwave.kernels.Backends;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The CUDA device that is emulated on the host, for tests tagged {@code cuda}. Maven builds it from
 * {@code src/test/emulation} and the kernels' own sources, and names it by {@code -Dgreenwave.cuda.path}.
 *
 * <p>What a test on it shows: that JCuda's natives are found, retargeted and called with the right arguments; that kernels
 * keep to their memory, meet at their barriers in whatever order threads and blocks run, and compute what they should; that
 * copies are waited for and streams wait for one another; that a recorded graph repeats what was recorded.
 *
 * <p>What it does not show: time; races between threads that no barrier separates, other than by their order; numbers as
 * NVIDIA's libraries and its fused multiply-add round them; what a driver refuses that the emulation takes.
 */
@SuppressWarnings("restricted")
public final class EmulatedCuda {
    private static final Path LIBRARIES =
            Path.of(System.getProperty("greenwave.cuda.path", "target/emulation/13"));
    private static final Path SOURCES = Path.of("src/main/cuda");
    private static final SymbolLookup DRIVER =
            SymbolLookup.libraryLookup(LIBRARIES.resolve("libcuda.so.1"), Arena.global());
    private static final AddressLayout TEXT =
            ValueLayout.ADDRESS.withTargetLayout(
                    MemoryLayout.sequenceLayout(Long.MAX_VALUE, ValueLayout.JAVA_BYTE));

    private static final MethodHandle ORDER =
            handle("emulationOrder", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    private static final MethodHandle IDLE =
            handle("emulationIdle", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    private static final MethodHandle LAUNCHES =
            handle("emulationLaunches", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    private static final MethodHandle MISTAKE =
            handle("emulationMistake", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
    private static final MethodHandle RECOVER =
            handle("emulationRecover", FunctionDescriptor.ofVoid());
    private static final MethodHandle MESSAGE =
            handle("emulationMessage", FunctionDescriptor.of(TEXT));
    private static final MethodHandle REPLACE =
            handle(
                    "emulationReplace",
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    private EmulatedCuda() {}

    /** {@return a backend on the device} */
    public static Backend open() {
        return Backends.open("cuda:0");
    }

    /** From now on, threads and blocks run in an order that {@code seed} chooses; 0 is the order of their numbers. */
    public static void order(final int seed) {
        call(ORDER, seed);
    }

    /** {@return how many kernels have run in this process} */
    public static long launches() {
        return (long) call(LAUNCHES);
    }

    /** {@return what the device said of its failure; empty if it has not failed} */
    public static String message() {
        return ((MemorySegment) call(MESSAGE)).getString(0);
    }

    /**
     * Runs what is queued, and looks for writes beside allocations.
     *
     * @throws IllegalStateException if the device has failed
     */
    public static void idle() {
        final int status = (int) call(IDLE);
        if (status != 0) {
            throw new IllegalStateException("emulated device: status=" + status + ", " + message());
        }
    }

    /**
     * From now on, a function of cuBLAS or cuDNN finds two of its arguments swapped, as if we had swapped them.
     *
     * @param function its name; empty for none
     */
    public static void mistake(final String function) {
        try (Arena arena = Arena.ofConfined()) {
            call(MISTAKE, arena.allocateFrom(function));
        }
    }

    /** Forgets a failure, which a real device would keep until its process ends. */
    public static void recover() {
        call(RECOVER);
    }

    /**
     * Puts a changed family of kernels in place of the packaged one until {@link #restore}; modules need not be loaded anew.
     *
     * @param family the source file without its ending
     * @param from text that occurs once in it or in a header that it includes
     * @param to what takes its place
     * @param scratch an empty folder
     */
    public static void plant(
            final String family, final String from, final String to, final Path scratch)
            throws IOException, InterruptedException {
        int places = 0;
        final List<Path> files;
        try (var listed = Files.list(SOURCES)) {
            files =
                    listed.filter(file -> file.getFileName().toString().matches(".*\\.cuh?"))
                            .toList();
        }
        for (final Path file : files) {
            final String name = file.getFileName().toString();
            if (name.endsWith(".cu") && !name.equals(family + ".cu")) {
                continue;
            }
            final String source = Files.readString(file);
            for (int at = source.indexOf(from); at >= 0; at = source.indexOf(from, at + 1)) {
                places++;
            }
            Files.writeString(scratch.resolve(name), source.replace(from, to));
        }
        if (places != 1) {
            throw new IllegalArgumentException(
                    "plant: family=%s, places=%d, expected 1 of: %s"
                            .formatted(family, places, from));
        }
        final Path library = scratch.resolve("planted.so");
        final Process build =
                new ProcessBuilder(
                                "sh",
                                "src/test/emulation/kernels.sh",
                                library.toString(),
                                LIBRARIES.resolve("libcuda.so.1").toString(),
                                scratch.toString(),
                                scratch.resolve(family + ".cu").toString())
                        .inheritIO()
                        .start();
        if (build.waitFor() != 0) {
            throw new IllegalStateException("plant: kernels.sh failed");
        }
        try (Arena arena = Arena.ofConfined()) {
            check((int) call(REPLACE, arena.allocateFrom(library.toString())));
        }
    }

    /** Brings the packaged kernels back. */
    public static void restore() {
        check((int) call(REPLACE, MemorySegment.NULL));
    }

    private static void check(final int status) {
        if (status != 0) {
            throw new IllegalStateException("emulated device: status=" + status + ", " + message());
        }
    }

    private static MethodHandle handle(final String name, final FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(DRIVER.find(name).orElseThrow(), type);
    }

    private static Object call(final MethodHandle handle, final Object... arguments) {
        try {
            return handle.invokeWithArguments(arguments);
        } catch (final RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
