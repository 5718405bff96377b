package greenwave.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** What only the device that the kernels' tests emulate can tell; it runs what is queued when something waits for it. */
@SuppressWarnings("restricted")
public final class EmulatedDevice {
    private static final SymbolLookup DRIVER =
            SymbolLookup.libraryLookup(
                    Path.of(System.getProperty("greenwave.cuda.path")).resolve("libcuda.so.1"),
                    Arena.global());

    private EmulatedDevice() {}

    /** {@return how many kernels have run in this process} */
    public static long launches() {
        return (long) call("emulationLaunches", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    }

    /** {@return how many launches, calls of libraries and copies were run as parts of graphs in this process} */
    public static long operations() {
        return (long) call("emulationOperations", FunctionDescriptor.of(ValueLayout.JAVA_LONG));
    }

    /** From now on, threads and blocks run in an order that {@code seed} chooses; 0 is the order of their numbers. */
    public static void order(final int seed) {
        call("emulationOrder", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT), seed);
    }

    private static Object call(
            final String name, final FunctionDescriptor type, final Object... arguments) {
        final MethodHandle handle =
                Linker.nativeLinker().downcallHandle(DRIVER.find(name).orElseThrow(), type);
        try {
            return handle.invokeWithArguments(arguments);
        } catch (final RuntimeException | Error e) {
            throw e;
        } catch (final Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
