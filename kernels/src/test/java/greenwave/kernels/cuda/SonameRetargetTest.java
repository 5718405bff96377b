package greenwave.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jcuda.JCudaVersion;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** On JCuda's own natives; that the system's loader takes the result is shown by the tests on CUDA 13. */
class SonameRetargetTest {
    private static byte[] cublas() throws IOException {
        try (InputStream in =
                SonameRetargetTest.class
                        .getClassLoader()
                        .getResourceAsStream(
                                "lib/libJCublas2-" + JCudaVersion.get() + "-linux-x86_64.so")) {
            return in.readAllBytes();
        }
    }

    private static long count(final byte[] elf, final String name) {
        final String text = new String(elf, StandardCharsets.ISO_8859_1);
        return text.split(Pattern.quote("\0" + name + "\0"), -1).length - 1;
    }

    @Test
    void everyMentionOfTheLibraryIsRenamedAndBack() throws IOException {
        final byte[] original = cublas();
        final byte[] elf = original.clone();
        final long mentions = count(original, "libcublas.so.12");
        assertNotEquals(0, mentions);
        SonameRetarget.retarget(elf, "libcublas.so.12", "libcublas.so.13");
        assertEquals(0, count(elf, "libcublas.so.12"));
        assertEquals(mentions, count(elf, "libcublas.so.13"));
        SonameRetarget.retarget(elf, "libcublas.so.13", "libcublas.so.12");
        assertArrayEquals(original, elf);
    }

    @Test
    void aLibraryThatIsNotNeededIsRefused() throws IOException {
        final byte[] elf = cublas();
        assertEquals(
                "retarget: from=libcudnn.so.8, expected a library that the object needs",
                assertThrows(
                                IllegalArgumentException.class,
                                () ->
                                        SonameRetarget.retarget(
                                                elf, "libcudnn.so.8", "libcudnn.so.9"))
                        .getMessage());
        assertArrayEquals(cublas(), elf);
    }

    @Test
    void aNameOfAnotherLengthIsRefused() throws IOException {
        final byte[] elf = cublas();
        assertThrows(
                IllegalArgumentException.class,
                () -> SonameRetarget.retarget(elf, "libcublas.so.12", "libcublas.so.9"));
    }
}
