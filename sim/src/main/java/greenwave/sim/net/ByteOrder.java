package greenwave.sim.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Comparator;

/** The order in which SUMO keeps names: that of {@code std::string}, by unsigned bytes of UTF-8. */
final class ByteOrder {
    static final Comparator<String> UTF8 =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

    private ByteOrder() {}
}
