package greenwave.kernels.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;

/**
 * The functions of a loaded library, as interfaces: a method handle declares every Throwable, and as a constant an
 * interface costs nothing more.
 *
 * <p>A signature is the letter of the result, then those of the arguments: v for void, b for a byte, i for 32 bits, l for
 * 64, f for f32, p for a pointer.
 */
@SuppressWarnings("restricted") // calling native code is what it is for
record NativeFunctions(SymbolLookup library) {
    private static final Linker.Option[] ORDINARY = {};
    private static final Linker.Option[] SHORT = {Linker.Option.critical(false)};

    /** A function of any signature, slow to call. */
    public interface Variadic {
        /** {@return the status; arguments are boxed as their letters say} */
        int call(Object... arguments);
    }

    /** {@return a function that may take long: other threads can stop the world meanwhile} */
    <T> T bind(final Class<T> type, final String symbol, final String signature) {
        return MethodHandleProxies.asInterfaceInstance(type, handle(symbol, signature, ORDINARY));
    }

    /**
     * {@return a function that takes nanoseconds and no memory: it holds up the world while it runs, and costs less to call}
     * With products of matrices called so, one JVM in seven ended with a corrupted C heap while Flight Recorder sampled it; with
     * ordinary calls none of 34 did (JDK 25.0.3).
     */
    <T> T bindShort(final Class<T> type, final String symbol, final String signature) {
        return MethodHandleProxies.asInterfaceInstance(type, handle(symbol, signature, SHORT));
    }

    /** {@return a function that gives a 32-bit status, for calls that need not be fast} */
    Variadic bindVariadic(final String symbol, final String arguments) {
        return MethodHandleProxies.asInterfaceInstance(
                Variadic.class,
                handle(symbol, "i" + arguments, ORDINARY)
                        .asSpreader(Object[].class, arguments.length()));
    }

    private MethodHandle handle(
            final String symbol, final String signature, final Linker.Option[] options) {
        final MemoryLayout[] arguments =
                signature
                        .chars()
                        .skip(1)
                        .mapToObj(NativeFunctions::layout)
                        .toArray(MemoryLayout[]::new);
        final char result = signature.charAt(0);
        return Linker.nativeLinker()
                .downcallHandle(
                        library.findOrThrow(symbol),
                        result == 'v'
                                ? FunctionDescriptor.ofVoid(arguments)
                                : FunctionDescriptor.of(layout(result), arguments),
                        options);
    }

    private static MemoryLayout layout(final int letter) {
        return switch (letter) {
            case 'b' -> JAVA_BYTE;
            case 'i' -> JAVA_INT;
            case 'l' -> JAVA_LONG;
            case 'f' -> JAVA_FLOAT;
            case 'p' -> ADDRESS;
            default -> throw new IllegalArgumentException("layout: letter=" + (char) letter);
        };
    }
}
