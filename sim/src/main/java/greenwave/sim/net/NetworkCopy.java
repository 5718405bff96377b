package greenwave.sim.net;

import greenwave.sim.SumoException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A network file with further signal programs: SUMO accepts some there that it refuses in an additional file. */
public final class NetworkCopy {
    /** Programs stand before the junctions; a comment may hold anything. */
    private static final Pattern PLACE = Pattern.compile("<!--.*?-->|<junction\\s", Pattern.DOTALL);

    private NetworkCopy() {}

    /**
     * Writes a copy, uncompressed. A program of an additional file, which SUMO loads later, would run instead.
     *
     * @param programs {@code <tlLogic>} elements; the last one of a signal is the one that runs
     * @param folder where it goes
     * @return the copy
     * @throws SumoException if it can't be written or the network has no junction
     */
    public static Path write(final Path network, final String programs, final Path folder) {
        final Path copy = folder.resolve("network.net.xml");
        try (InputStream in = XmlInput.decompressed(network);
                OutputStream out = Files.newOutputStream(copy)) {
            final byte[] bytes = in.readAllBytes();
            final int place = place(network, bytes);
            out.write(bytes, 0, place);
            out.write(ascii(programs).getBytes(StandardCharsets.US_ASCII));
            out.write(bytes, place, bytes.length - place);
            return copy;
        } catch (final IOException e) {
            throw new SumoException("%s: no copy %s: %s".formatted(network, copy, e), e);
        }
    }

    /** A byte is taken for a character: markup is the same in every encoding that goes on from ASCII. */
    private static int place(final Path network, final byte[] bytes) {
        final Matcher found = PLACE.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        while (found.find()) {
            if (!found.group().startsWith("<!--")) {
                return found.start();
            }
        }
        throw new SumoException(network + ": network has no junctions, expected at least 1");
    }

    /** The file's encoding is not known here. */
    private static String ascii(final String xml) {
        final StringBuilder ascii = new StringBuilder();
        xml.codePoints()
                .forEach(
                        c -> {
                            if (c < 128) {
                                ascii.append((char) c);
                            } else {
                                ascii.append("&#").append(c).append(';');
                            }
                        });
        return ascii.toString();
    }
}
