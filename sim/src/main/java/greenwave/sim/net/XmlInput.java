package greenwave.sim.net;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One XML file, plain or gzipped, read element by element. A document type declaration is refused
 * and no entity is resolved, so a file can neither reach another file or host nor grow while it is
 * read. Every failure names {@code file:line}. One thread.
 */
public final class XmlInput implements AutoCloseable {
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final String PARSER_PREFIX = "Message: ";

    private final Path file;
    private final Function<String, ? extends RuntimeException> failure;
    private final InputStream bytes;
    private final XMLStreamReader xml;
    private int depth;

    private XmlInput(
            final Path file,
            final Function<String, ? extends RuntimeException> failure,
            final InputStream bytes)
            throws XMLStreamException {
        final XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false); // SUMO reads plain names
        this.file = file;
        this.failure = failure;
        this.bytes = bytes;
        this.xml = factory.createXMLStreamReader(bytes);
    }

    /**
     * Opens {@code file}; gzip is told by its first bytes.
     *
     * @param failure makes the exception that every failure of this reader is thrown as
     */
    public static XmlInput open(
            final Path file, final Function<String, ? extends RuntimeException> failure) {
        InputStream bytes = null;
        try {
            bytes = decompressed(file);
            return new XmlInput(file, failure, bytes);
        } catch (final IOException e) {
            close(bytes, e);
            throw failure.apply(file + ": " + reason(e));
        } catch (final XMLStreamException e) {
            close(bytes, e);
            throw failure.apply(at(file, e.getLocation().getLineNumber(), message(e)));
        }
    }

    /** Reads {@code file} to its end, for its faults alone. */
    static void check(
            final Path file,
            final String root,
            final Function<String, ? extends RuntimeException> failure) {
        try (XmlInput input = open(file, failure)) {
            input.root(root);
            while (input.next()) {
                // the parser does the checking
            }
        }
    }

    /** Moves to the start of the next element; false at the end of a complete document. */
    public boolean next() {
        try {
            while (xml.hasNext()) {
                switch (xml.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        depth++;
                        return true;
                    }
                    case XMLStreamConstants.END_ELEMENT -> depth--;
                    case XMLStreamConstants.DTD ->
                            throw error("document type declaration, expected none");
                    default -> {} // text, comments
                }
            }
            return false;
        } catch (final XMLStreamException e) {
            throw failure.apply(
                    at(file, Math.max(e.getLocation().getLineNumber(), line()), message(e)));
        }
    }

    /**
     * Moves to the root element.
     *
     * @param expected names the root may have
     */
    public void root(final String... expected) {
        if (!next()) {
            throw error("no root element, expected <" + expected[0] + ">");
        }
        for (final String name : expected) {
            if (name.equals(name())) {
                return;
            }
        }
        throw error("root element <" + name() + ">, expected <" + expected[0] + ">");
    }

    /** {@return the name of the current element} */
    public String name() {
        return xml.getLocalName();
    }

    /** {@return how deep the current element lies; the root at 1} */
    public int depth() {
        return depth;
    }

    /** {@return an attribute of the current element, or null} */
    public String attribute(final String name) {
        return xml.getAttributeValue(null, name);
    }

    /** {@return the line the reader has come to, from 1} */
    public int line() {
        return xml.getLocation().getLineNumber();
    }

    /** {@return what to throw about the current element} */
    public RuntimeException error(final String message) {
        return failure.apply(at(file, line(), message));
    }

    @Override
    public void close() {
        try (bytes) {
            xml.close();
        } catch (final IOException | XMLStreamException e) {
            throw failure.apply(file + ": " + e.getMessage());
        }
    }

    static InputStream decompressed(final Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("is a folder, expected a file");
        }
        final InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            raw.mark(2);
            final int magic = raw.read() << 8 | raw.read();
            raw.reset();
            return magic == GZIP_MAGIC ? new GZIPInputStream(raw, 1 << 16) : raw;
        } catch (final IOException e) {
            close(raw, e);
            throw e;
        }
    }

    private static void close(final InputStream stream, final Exception failure) {
        if (stream != null) {
            try {
                stream.close();
            } catch (final IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private static String reason(final IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String at(final Path file, final int line, final String message) {
        return "%s:%d: %s".formatted(file, Math.max(line, 1), message);
    }

    /** The parser's own words, on one line, without the position that it puts before them. */
    private static String message(final XMLStreamException e) {
        final String text = String.valueOf(e.getMessage());
        final int start = text.indexOf(PARSER_PREFIX);
        return text.substring(start < 0 ? 0 : start + PARSER_PREFIX.length())
                .lines()
                .findFirst()
                .orElse(text);
    }
}
