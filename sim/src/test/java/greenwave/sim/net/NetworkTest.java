package greenwave.sim.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import greenwave.sim.SumoException;
import greenwave.sim.net.TrafficLight.Connection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

class NetworkTest {
    private static final String NET =
            """
            <net>
                <edge id="in"><lane id="in_0" length="90.5"/><lane id="in_1" length="91"/></edge>
                <edge id="out"><lane id="out_0" length="50"/></edge>
                <edge id="side"><lane id="side_0" length="400"/></edge>
                <tlLogic id="J2" type="static" programID="b" offset="0">
                    <phase duration="30" state="Gr-"/>
                </tlLogic>
                <tlLogic id="J2" type="actuated" programID="a" offset="0">
                    <param key="detector-gap" value="1"/>
                    <phase duration="31.5" state="GrG" minDur="5"/>
                    <phase duration="3" state="yry"/>
                </tlLogic>
                <tlLogic id="J10" type="static" programID="0" offset="0"/>
                <junction id=":J_0" type="internal" x="0" y="9999"/>
                <junction id="J" type="traffic_light" x="0" y="0"/>
                <junction id="K" type="dead_end" x="300" y="400"/>
                <connection from="side" to="out" fromLane="0" toLane="0" tl="J2" linkIndex="3"/>
                <connection from="in" to="out" fromLane="1" toLane="0" tl="J2" linkIndex="0"/>
                <connection from="in" to="side" fromLane="0" toLane="0" tl="J2" linkIndex="3"/>
                <connection from="in" to="side" fromLane="1" toLane="0" tl="J2" linkIndex="2"/>
                <connection from="side" to="in" fromLane="0" toLane="0" tl="J2" linkIndex="-1"/>
                <connection from="side" to="in" fromLane="0" toLane="0"/>
            </net>
            """;

    @TempDir Path folder;

    private Path write(final String name, final String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void holdsProgramsAndLinksAsSumoDoes() throws IOException {
        final Network network = Network.read(write("a.net.xml", NET), List.of());
        assertEquals(
                List.of("J10", "J2"),
                network.trafficLights().stream().map(TrafficLight::id).toList());
        final TrafficLight light = network.trafficLights().getLast();
        assertEquals(List.of("a", "b"), light.programs().stream().map(p -> p.id()).toList());
        assertEquals(
                List.of(new TrafficLight.Phase(31.5, "GrG"), new TrafficLight.Phase(3, "yry")),
                light.programs().getFirst().phases());
        assertEquals(
                List.of(
                        List.of(new Connection("in_1", "out_0", 'i')),
                        List.of(),
                        List.of(new Connection("in_1", "side_0", 'i')),
                        List.of(
                                new Connection("side_0", "out_0", 'i'),
                                new Connection("in_0", "side_0", 'i'))),
                light.links());
        assertEquals(List.of("in_1", "side_0", "in_0"), light.incomingLanes());
        assertEquals(List.of("out_0", "side_0"), light.outgoingLanes());
        assertEquals(
                "b", new TrafficLight("J", light.programs(), "b", List.of()).runningProgram().id());
        assertEquals("a", light.running(), "the last one loaded");
        assertEquals(90.5, network.laneLength("in_0"));
        assertEquals("J", network.junction());
        assertEquals(500 + 400, network.radius());
    }

    @Test
    void readsGzip() throws IOException {
        final Path file = folder.resolve("a.net.xml.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(NET.getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(
                Network.read(write("a.net.xml", NET), List.of()).trafficLights(),
                Network.read(file, List.of()).trafficLights());
    }

    @Test
    void takesProgramsFromAdditionalFilesToo() throws IOException {
        final Path more =
                write(
                        "more.add.xml",
                        """
                        <additional>
                            <tlLogic id="J2" type="static" programID="-9" offset="0">
                                <phase duration="5" state="GGG"/>
                            </tlLogic>
                        </additional>
                        """);
        final Network network = Network.read(write("a.net.xml", NET), List.of(more));
        assertEquals(
                List.of("-9", "a", "b"),
                network.trafficLights().getLast().programs().stream().map(p -> p.id()).toList());
        assertEquals("-9", network.trafficLights().getLast().running());
    }

    @Test
    void ordersNamesByBytes() throws IOException {
        final StringBuilder net = new StringBuilder("<net><junction id=\"J\" x=\"0\" y=\"0\"/>");
        for (final String id : List.of("b", "\uff21", "\ud83d\udea6", "10", "2", "Z", "é")) {
            net.append("<tlLogic id=\"%s\" type=\"static\" programID=\"0\"/>".formatted(id));
        }
        final Network network = Network.read(write("n.net.xml", net + "</net>"), List.of());
        assertEquals(
                List.of("10", "2", "Z", "b", "é", "\uff21", "\ud83d\udea6"),
                network.trafficLights().stream().map(TrafficLight::id).toList());
    }

    @Test
    void saysWhereAFileIsMalformed() throws IOException {
        final Path file = write("cut.net.xml", NET.substring(0, NET.indexOf("<junction")));
        final SumoException e =
                assertThrows(SumoException.class, () -> Network.read(file, List.of()));
        assertEquals(
                file + ":14: XML document structures must start and end within the same entity.",
                e.getMessage());
    }

    @Test
    void saysWhatIsWrongAndWhere() throws IOException {
        refuses(":1: root element <routes>, expected <net>", "<routes/>");
        refuses(":1: network has no junctions, expected at least 1", "<net/>");
        refuses(":1: document type declaration, expected none", "<!DOCTYPE net><net/>");
        refuses(
                ":2: <connection>: linkIndex=\"x\", expected an integer in [-1, 65535]",
                "<net>\n"
                        + "<connection from=\"a\" to=\"b\" fromLane=\"0\" toLane=\"0\" tl=\"J\""
                        + " linkIndex=\"x\"/></net>");
        refuses(
                ":2: <connection>: attribute linkIndex is missing",
                "<net>\n"
                        + "<connection from=\"a\" to=\"b\" fromLane=\"0\" toLane=\"0\""
                        + " tl=\"J\"/></net>");
        refuses(
                ":3: <lane>: length=\"long\", expected a number",
                "<net>\n<edge>\n<lane id=\"a_0\" length=\"long\"/></edge></net>");
        refuses(
                ":2: <phase>: attribute state is missing",
                "<net>\n"
                        + "<tlLogic id=\"J\" type=\"static\" programID=\"0\"><phase"
                        + " duration=\"1\"/></tlLogic></net>");
    }

    @Test
    void refusesPhasesOfUnequalLength() throws IOException {
        refuses(
                ":3: <phase>: state has 2 letters, expected 3 as in the first phase",
                """
                <net><tlLogic id="J" type="static" programID="0">
                <phase duration="1" state="Grr"/>
                <phase duration="1" state="rG"/></tlLogic></net>
                """);
    }

    private void refuses(final String message, final String net) throws IOException {
        final Path file = write("bad.net.xml", net);
        final SumoException e =
                assertThrows(SumoException.class, () -> Network.read(file, List.of()));
        assertEquals(file + message, e.getMessage());
    }

    @Test
    void saysWhenThereIsNoFile() {
        final Path file = folder.resolve("none.net.xml");
        final SumoException e =
                assertThrows(SumoException.class, () -> Network.read(file, List.of()));
        assertEquals(file + ": no such file", e.getMessage());
    }
}
