package greenwave.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds small networks with what real ones have and examples lack, by SUMO's own netconvert. */
final class OddNetworks {
    private static final String CROSS_NODES =
            """
            <nodes>
                <node id="C" x="0" y="0" type="traffic_light" tl="lights"/>
                <node id="N" x="0" y="150"/> <node id="E" x="150" y="0"/>
                <node id="S" x="0" y="-150"/> <node id="W" x="-150" y="0"/>
            </nodes>
            """;
    private static final String CROSS_EDGES =
            """
            <edges>
                <edge id="NC" from="N" to="C" numLanes="2"/> <edge id="CN" from="C" to="N" numLanes="2"/>
                <edge id="EC" from="E" to="C" numLanes="2"/> <edge id="CE" from="C" to="E" numLanes="2"/>
                <edge id="SC" from="S" to="C" numLanes="2"/> <edge id="CS" from="C" to="S" numLanes="2"/>
                <edge id="WC" from="W" to="C" numLanes="2"/> <edge id="CW" from="C" to="W" numLanes="2"/>
            </edges>
            """;

    private final Path folder;

    OddNetworks(final Path folder) {
        this.folder = folder;
    }

    /** {@return a crossing of two roads whose signal has another name than its junction} */
    SumoConfig cross(final String... options) throws IOException, InterruptedException {
        return build(CROSS_NODES, CROSS_EDGES, options);
    }

    /** {@return a crossing with pedestrian crossings} */
    SumoConfig crossings() throws IOException, InterruptedException {
        return cross(
                "--sidewalks.guess",
                "--sidewalks.guess.max-speed=20",
                "--crossings.guess",
                "--crossings.guess.speed-threshold=20");
    }

    /** {@return two junctions 20 m apart under one signal} */
    SumoConfig joined() throws IOException, InterruptedException {
        return build(
                """
                <nodes>
                    <node id="A" x="0" y="0" type="traffic_light" tl="both"/>
                    <node id="B" x="20" y="0" type="traffic_light" tl="both"/>
                    <node id="N" x="0" y="150"/> <node id="E" x="170" y="0"/>
                    <node id="S" x="20" y="-150"/> <node id="W" x="-150" y="0"/>
                </nodes>
                """,
                """
                <edges>
                    <edge id="NC" from="N" to="A"/> <edge id="CN" from="A" to="N"/>
                    <edge id="EC" from="E" to="B"/> <edge id="CE" from="B" to="E"/>
                    <edge id="SC" from="S" to="B"/> <edge id="CS" from="B" to="S"/>
                    <edge id="WC" from="W" to="A"/> <edge id="CW" from="A" to="W"/>
                    <edge id="AB" from="A" to="B"/> <edge id="BA" from="B" to="A"/>
                </edges>
                """);
    }

    /** {@return a crossing whose approach from the west carries a tram lane} */
    SumoConfig tram() throws IOException, InterruptedException {
        return build(
                CROSS_NODES,
                CROSS_EDGES
                        .replace(
                                "<edge id=\"WC\" from=\"W\" to=\"C\" numLanes=\"2\"/>",
                                "<edge id=\"WC\" from=\"W\" to=\"C\" numLanes=\"3\"><lane index=\"2\" allow=\"tram\"/></edge>")
                        .replace(
                                "<edge id=\"CE\" from=\"C\" to=\"E\" numLanes=\"2\"/>",
                                "<edge id=\"CE\" from=\"C\" to=\"E\" numLanes=\"3\"><lane index=\"2\" allow=\"tram\"/></edge>"));
    }

    /** {@return a junction whose four roads all lie within a quarter of the compass} */
    SumoConfig fan() throws IOException, InterruptedException {
        return build(
                """
                <nodes>
                    <node id="C" x="0" y="0" type="traffic_light" tl="lights"/>
                    <node id="N" x="0" y="150"/> <node id="E" x="80" y="130"/>
                    <node id="S" x="130" y="80"/> <node id="W" x="150" y="0"/>
                </nodes>
                """,
                CROSS_EDGES);
    }

    /** {@return a crossing whose road from the west comes in three edges, the last 40 m before the node} */
    SumoConfig split() throws IOException, InterruptedException {
        return build(
                CROSS_NODES.replace(
                        "<node id=\"W\"",
                        "<node id=\"M\" x=\"-40\" y=\"0\"/><node id=\"V\" x=\"-90\" y=\"0\"/><node id=\"W\""),
                CROSS_EDGES.replace(
                        "<edge id=\"WC\" from=\"W\" to=\"C\" numLanes=\"2\"/>",
                        "<edge id=\"MC\" from=\"M\" to=\"C\" numLanes=\"2\"/>"
                                + "<edge id=\"VM\" from=\"V\" to=\"M\" numLanes=\"2\"/>"
                                + "<edge id=\"WC\" from=\"W\" to=\"V\" numLanes=\"2\"/>"));
    }

    /** {@return a crossing with an additional file of further programs for its signal} */
    SumoConfig programs(final String programs) throws IOException, InterruptedException {
        final SumoConfig plain = cross();
        final Path more =
                Files.writeString(
                        folder.resolve("more.add.xml"),
                        "<additional>" + programs + "</additional>");
        return new SumoConfig(
                plain.name(),
                plain.network(),
                plain.routes(),
                List.of(more),
                plain.begin(),
                plain.end(),
                plain.options());
    }

    private SumoConfig build(final String nodes, final String edges, final String... options)
            throws IOException, InterruptedException {
        final Path network = folder.resolve("odd.net.xml");
        final List<String> command =
                new ArrayList<>(
                        List.of(
                                "netconvert",
                                "-n",
                                Files.writeString(folder.resolve("odd.nod.xml"), nodes).toString(),
                                "-e",
                                Files.writeString(folder.resolve("odd.edg.xml"), edges).toString(),
                                "-o",
                                network.toString()));
        command.addAll(Arrays.asList(options));
        PlainSumo.run(command);
        final StringBuilder flows = new StringBuilder("<routes>\n");
        for (final String from : List.of("N", "E", "S", "W")) {
            for (final String to : List.of("N", "E", "S", "W")) {
                if (!from.equals(to)) {
                    flows.append(
                            "<flow id=\"%1$s%2$s\" begin=\"0\" end=\"900\" period=\"17\" from=\"%1$sC\" to=\"C%2$s\"/>%n"
                                    .formatted(from, to));
                }
            }
        }
        final Path routes =
                Files.writeString(folder.resolve("odd.rou.xml"), flows.append("</routes>"));
        return new SumoConfig("odd", network, List.of(routes), List.of(), 0, 300, List.of());
    }
}
