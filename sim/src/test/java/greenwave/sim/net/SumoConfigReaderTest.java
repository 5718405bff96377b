package greenwave.sim.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.sim.SumoConfig;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

class SumoConfigReaderTest {
    private static final String ROUTES =
            "<routes>\n    <vehicle id=\"a\" depart=\"7.5\"/>\n</routes>\n";

    @TempDir private Path folder;

    @BeforeEach
    void writeGoodFiles() throws IOException {
        write("a.net.xml", "<net/>");
        write("a.rou.xml", ROUTES);
    }

    @Test
    void readsOptionsByAnyOfTheirNamesAtAnyDepthRelativeToTheFile() throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        write("b c.rou.xml", ROUTES);
        write("x.add.xml", "<additional/>");
        write(
                "sub/s.sumocfg",
                """
                <sumoConfiguration>
                    <input><n value="../a.net.xml"/><routes v="../a.rou.xml, ../b c.rou.xml"/></input>
                    <additional value="../x.add.xml"/>
                    <time><b value="0:01:00"/><end value="120.5"/><step-length value="1.0"/></time>
                    <foo><time-to-teleport value="-1"/><weight-files value="../x.add.xml"/></foo>
                    <collision.action value=""/>
                </sumoConfiguration>
                """);
        final SumoConfig config = SumoConfigReader.read("s", folder.resolve("sub/s.sumocfg"));
        assertEquals(
                new SumoConfig(
                        "s",
                        folder.resolve("a.net.xml"),
                        List.of(folder.resolve("a.rou.xml"), folder.resolve("b c.rou.xml")),
                        List.of(folder.resolve("x.add.xml")),
                        60,
                        120.5,
                        List.of(
                                "--time-to-teleport",
                                "-1",
                                "--weight-files",
                                folder.resolve("x.add.xml").toString())),
                config);
    }

    @Test
    void dropsWhatIsOutputOrLogOrWindowOrSetByGreenwave() throws IOException {
        final List<String> options =
                config(
                                """
                                <end value="9"/><tripinfo-output value="t.xml"/><fcd-output.geo value="true"/>
                                <device.tripinfo.probability value="0.5"/><summary value="s.xml"/>
                                <output-prefix value="x"/><precision value="4"/><human-readable-time value="true"/>
                                <remote-port value="8813"/><seed value="4"/><random value="true"/>
                                <verbose value="true"/><no-step-log value="true"/><log value="l.txt"/>
                                <gui-settings-file value="g.xml"/><start value="true"/><delay value="100"/>
                                <xml-validation value="never"/><device.rerouting.output value="r.xml"/>
                                <device.rerouting.probability value="1"/><lateral-resolution value="0.8"/>
                                """)
                        .options();
        assertEquals(
                List.of("--device.rerouting.probability", "1", "--lateral-resolution", "0.8"),
                options);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    the last departure, rounded up   | <vehicle id="a" depart="7.5"/>                      | 8
                    a clock time                     | <trip id="a" depart="1:00:00"/>                     | 3601
                    the end of a flow                | <flow id="a" begin="0" end="900" period="exp(0.1)"/> | 900
                    the last of a number of vehicles | <flow id="a" begin="10" number="6" period="5"/>     | 40
                    nothing but an endless flow      | <flow id="a" begin="0" probability="0.1"/>          | 3600
                    no vehicle                       | <vType id="a"/>                                     | 3600
                    """)
    void endsWhereTheDemandEndsIfTheFileDoesNotSay(
            final String case_, final String demand, final double end) throws IOException {
        write("a.rou.xml", "<routes>" + demand + "</routes>");
        assertEquals(end, config("").end(), case_);
        assertEquals(end, config("<end value=\"-1\"/>").end(), case_);
    }

    @Test
    void readsNetworkAndRoutesThatAreGzipped() throws IOException {
        gzip("a.net.xml.gz", "<net/>");
        gzip("a.rou.xml.gz", ROUTES);
        final SumoConfig config =
                SumoConfigReader.of(
                        "a",
                        folder.resolve("a.net.xml.gz"),
                        List.of(folder.resolve("a.rou.xml.gz")));
        assertEquals(8, config.end());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"a.net.xml", "a.rou.xml", "a.add.xml", "a.sumocfg"})
    void refusesMalformedXml(final String file) throws IOException {
        write("a.add.xml", "<additional/>");
        writeConfig("<additional-files value=\"a.add.xml\"/>");
        final String[] lines = Files.readString(folder.resolve(file)).split(">", 2);
        write(file, lines[0].replace("/", "") + ">\n<a>\n</b>\n");
        assertRefused(
                file
                        + ":3: The element type \"a\" must be terminated by the matching end-tag"
                        + " \"</a>\".");
    }

    @Test
    void refusesAFileThatBreaksOff() throws IOException {
        write("a.rou.xml", "<routes>\n  <vehicle id=\"a\" depart=\"1\"/>\n");
        writeConfig("");
        assertRefused(
                "a.rou.xml:3: XML document structures must start and end within the same entity.");
        gzip("a.net.xml", "<net>" + "<edge/>".repeat(10_000) + "</net>");
        final byte[] whole = Files.readAllBytes(folder.resolve("a.net.xml"));
        Files.write(folder.resolve("a.net.xml"), Arrays.copyOf(whole, whole.length / 2));
        assertRefused("a.net.xml:1: Premature end of file.");
    }

    @Test
    void refusesAFileOfAnotherKind() throws IOException {
        writeConfig("");
        write("a.rou.xml", "<!-- a network -->\n<net>\n</net>");
        assertRefused("a.rou.xml:2: root element <net>, expected <routes>");
        write("a.net.xml", ROUTES);
        assertRefused("a.net.xml:1: root element <routes>, expected <net>");
        write("a.sumocfg", "\n\n<net/>");
        assertRefused("a.sumocfg:3: root element <net>, expected <configuration>");
        write("a.sumocfg", "");
        assertRefused("a.sumocfg:1: Premature end of file.");
        write("a.sumocfg", "SUMO");
        assertRefused("a.sumocfg:1: Content is not allowed in prolog.");
    }

    @Test
    void refusesADocumentTypeDeclaration() throws IOException {
        writeConfig("");
        write(
                "a.rou.xml",
                """
                <?xml version="1.0"?>
                <!DOCTYPE routes [<!ENTITY e SYSTEM "file:///etc/passwd">]>
                <routes><vType id="&e;"/></routes>
                """);
        assertRefused("a.rou.xml:2: document type declaration, expected none");
    }

    @Test
    void refusesAFileThatIsMissing() throws IOException {
        write(
                "a.sumocfg",
                "<configuration>\n"
                        + "<net-file value=\"a.net.xml\"/>\n"
                        + "<r value=\"a.rou.xml,b.rou.xml\"/></configuration>");
        assertRefused("a.sumocfg:3: r=b.rou.xml: no readable file " + folder.resolve("b.rou.xml"));
        write("a.sumocfg", "<configuration/>");
        assertRefused("a.sumocfg: no net-file, expected one");
        Files.delete(folder.resolve("a.sumocfg"));
        assertRefused("a.sumocfg: no such file");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <step-length value="0.3"/> | a.sumocfg:4: step-length=0.3, expected 1 or a part of it, such as 0.5: signals are timed in whole seconds
                    <step-length value="2"/> | a.sumocfg:4: step-length=2, expected 1 or a part of it, such as 0.5: signals are timed in whole seconds
                    <begin value="soon"/>      | a.sumocfg:4: begin=soon, expected seconds or h:m:s
                    <begin value="9"/>         | a.sumocfg: begin=9.0 s, end=5.0 s, expected end > begin
                    """)
    void refusesAWrongTime(final String option, final String message) throws IOException {
        writeConfig("<end value=\"5\"/>\n" + option);
        assertRefused(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <trip id="a" depart="abc"/>                  | a.rou.xml:2: depart=abc, expected seconds or h:m:s
                    <flow id="a" number="x"/>                    | a.rou.xml:2: number=x, expected a number
                    <flow id="a" period="exp(y)"/>               | a.rou.xml:2: period=y, expected a number
                    <flow id="a" begin="0" end="?" period="1"/>  | a.rou.xml:2: end=?, expected seconds or h:m:s
                    """)
    void refusesADepartureThatIsNoNumber(final String demand, final String message)
            throws IOException {
        writeConfig("");
        write("a.rou.xml", "<routes>\n" + demand + "</routes>");
        assertRefused(message);
    }

    private SumoConfig config(final String options) throws IOException {
        writeConfig(options);
        return SumoConfigReader.read("a", folder.resolve("a.sumocfg"));
    }

    private void writeConfig(final String options) throws IOException {
        write(
                "a.sumocfg",
                "<configuration>\n<net-file value=\"a.net.xml\"/><route-files value=\"a.rou.xml\"/>\n%s</configuration>\n"
                        .formatted(options));
    }

    private void assertRefused(final String message) {
        final var refusal =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> SumoConfigReader.read("a", folder.resolve("a.sumocfg")));
        assertEquals(folder + "/" + message, refusal.getMessage());
    }

    private void write(final String name, final String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private void gzip(final String name, final String text) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
            out.write(text.getBytes());
        }
    }
}
