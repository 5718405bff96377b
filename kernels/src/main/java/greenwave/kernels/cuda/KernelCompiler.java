package greenwave.kernels.cuda;

import static jcuda.nvrtc.JNvrtc.nvrtcCompileProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcCreateProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcDestroyProgram;
import static jcuda.nvrtc.JNvrtc.nvrtcGetCUBIN;
import static jcuda.nvrtc.JNvrtc.nvrtcGetCUBINSize;
import static jcuda.nvrtc.JNvrtc.nvrtcGetNumSupportedArchs;
import static jcuda.nvrtc.JNvrtc.nvrtcGetProgramLog;
import static jcuda.nvrtc.JNvrtc.nvrtcGetSupportedArchs;

import greenwave.kernels.DeviceException;

import jcuda.nvrtc.JNvrtc;
import jcuda.nvrtc.nvrtcProgram;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** NVRTC: compiles packaged sources to machine code. To be used only where {@link CudaLibraries#nvrtcRefusal} is empty. */
final class KernelCompiler {
    private static final Pattern INCLUDE = Pattern.compile("(?m)^#include \"(.+)\"$");

    private KernelCompiler() {}

    /** {@return whether this NVRTC knows devices of {@code capability}} */
    static boolean serves(final int capability) {
        final int[] count = {0};
        CudaStatus.nvrtc("nvrtcGetNumSupportedArchs", nvrtcGetNumSupportedArchs(count));
        final int[] known = new int[count[0]];
        CudaStatus.nvrtc("nvrtcGetSupportedArchs", nvrtcGetSupportedArchs(known));
        return Arrays.stream(known).anyMatch(one -> one == capability);
    }

    /**
     * {@return the machine code of {@code family}}
     *
     * @throws DeviceException if it does not compile; the message holds the compiler's log
     */
    static byte[] compile(final String family, final int capability) {
        final nvrtcProgram program = new nvrtcProgram();
        final String main = source(family + ".cu");
        final Map<String, String> headers = new LinkedHashMap<>();
        collectHeaders(main, headers);
        CudaStatus.nvrtc(
                "nvrtcCreateProgram",
                nvrtcCreateProgram(
                        program,
                        main,
                        family + ".cu",
                        headers.size(),
                        headers.values().toArray(String[]::new),
                        headers.keySet().toArray(String[]::new)));
        try {
            final String[] options = {"--gpu-architecture=sm_" + capability, "--std=c++17"};
            final int status = nvrtcCompileProgram(program, options.length, options);
            if (status != 0) {
                final String[] log = {""};
                nvrtcGetProgramLog(program, log);
                throw new DeviceException(
                        "nvrtcCompileProgram(" + family + ")",
                        status,
                        JNvrtc.nvrtcGetErrorString(status) + ": " + log[0].strip());
            }
            final long[] size = {0};
            CudaStatus.nvrtc("nvrtcGetCUBINSize", nvrtcGetCUBINSize(program, size));
            final byte[] code = new byte[Math.toIntExact(size[0])];
            CudaStatus.nvrtc("nvrtcGetCUBIN", nvrtcGetCUBIN(program, code));
            return code;
        } finally {
            nvrtcDestroyProgram(program);
        }
    }

    /** NVRTC has no file system: it is given every header that is included, directly or not. */
    private static void collectHeaders(final String source, final Map<String, String> headers) {
        for (final MatchResult include : INCLUDE.matcher(source).results().toList()) {
            final String name = include.group(1);
            if (!headers.containsKey(name)) {
                final String text = source(name);
                headers.put(name, text);
                collectHeaders(text, headers);
            }
        }
    }

    private static String source(final String file) {
        return new String(CudaModule.resource(file), StandardCharsets.UTF_8);
    }
}
