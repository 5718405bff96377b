package greenwave.bench.guard;

import jdk.incubator.vector.FloatVector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a ratio depends on beside the code. Floors use the vectors that the paths use, so that most of a processor is divided
 * out; what is left differs between widths of vectors, and less between processors of one width.
 *
 * @param isa {@code avx512}, {@code avx2} or {@code other}: the widest vectors that the JVM uses
 * @param cpu vendor, family and model, as in {@code amd-25-1}
 */
record Machine(String isa, String cpu) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** {@return this machine; needs the Vector API} */
    static Machine here() throws IOException {
        final int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        final String isa = bits == 512 ? "avx512" : bits == 256 ? "avx2" : "other";
        return new Machine(isa, cpu(Files.readString(CPU_INFO)));
    }

    /** {@return vendor, family and model of the first processor in {@code cpuInfo}} */
    static String cpu(final String cpuInfo) {
        final String vendor =
                switch (field(cpuInfo, "vendor_id")) {
                    case "AuthenticAMD" -> "amd";
                    case "GenuineIntel" -> "intel";
                    case final String other -> other.toLowerCase(Locale.ROOT);
                };
        return "%s-%s-%s".formatted(vendor, field(cpuInfo, "cpu family"), field(cpuInfo, "model"));
    }

    private static String field(final String cpuInfo, final String name) {
        return cpuInfo.lines()
                .filter(line -> line.split(":")[0].strip().equals(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}
