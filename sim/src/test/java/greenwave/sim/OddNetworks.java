package greenwave.sim;

import greenwave.sim.net.Edge;
import greenwave.sim.net.Network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

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

    /** {@return a network that netgenerate drew, with traffic between roads drawn from the same seed} */
    SumoConfig random(final int seed, final String... options)
            throws IOException, InterruptedException {
        final Path network = folder.resolve("random.net.xml");
        final List<String> command =
                new ArrayList<>(
                        List.of(
                                "netgenerate",
                                "--rand",
                                "--rand.iterations=12",
                                "--seed=" + seed,
                                "--default-junction-type=traffic_light",
                                "-o",
                                network.toString()));
        command.addAll(List.of(options));
        PlainSumo.run(command);
        final List<String> roads =
                Network.read(network, List.of()).edges().values().stream()
                        .filter(Edge::isRoad)
                        .map(Edge::id)
                        .sorted()
                        .toList();
        final SplittableRandom random = new SplittableRandom(seed);
        final StringBuilder flows = new StringBuilder("<routes>\n");
        for (int flow = 0; flow < 40; flow++) {
            flows.append(
                    "<flow id=\"%d\" begin=\"0\" end=\"900\" period=\"30\" from=\"%s\" to=\"%s\"/>%n"
                            .formatted(
                                    flow,
                                    roads.get(random.nextInt(roads.size())),
                                    roads.get(random.nextInt(roads.size()))));
        }
        final Path routes =
                Files.writeString(folder.resolve("random.rou.xml"), flows.append("</routes>"));
        return new SumoConfig("random", network, List.of(routes), List.of(), 0, 200, List.of());
    }

    /** {@return a crossing with a level crossing to its east and a rail signal on the line} */
    SumoConfig levelCrossing() throws IOException, InterruptedException {
        return build(
                CROSS_NODES.replace(
                        "<node id=\"E\" x=\"150\" y=\"0\"/>",
                        "<node id=\"rail\" x=\"80\" y=\"0\" type=\"rail_crossing\"/><node id=\"E\" x=\"150\" y=\"0\"/>"
                                + "<node id=\"signal\" x=\"80\" y=\"60\" type=\"rail_signal\"/>"
                                + "<node id=\"RN\" x=\"80\" y=\"300\"/><node id=\"RS\" x=\"80\" y=\"-300\"/>"),
                CROSS_EDGES
                        .replace(
                                "<edge id=\"EC\" from=\"E\" to=\"C\" numLanes=\"2\"/>",
                                "<edge id=\"Er\" from=\"E\" to=\"rail\" numLanes=\"2\"/><edge id=\"EC\" from=\"rail\" to=\"C\" numLanes=\"2\"/>")
                        .replace(
                                "<edge id=\"CE\" from=\"C\" to=\"E\" numLanes=\"2\"/>",
                                "<edge id=\"CE\" from=\"C\" to=\"rail\" numLanes=\"2\"/><edge id=\"rE\" from=\"rail\" to=\"E\" numLanes=\"2\"/>")
                        .replace(
                                "</edges>",
                                "<edge id=\"T1\" from=\"RN\" to=\"signal\"><lane index=\"0\" allow=\"rail\"/></edge>"
                                        + "<edge id=\"T2\" from=\"signal\" to=\"rail\"><lane index=\"0\" allow=\"rail\"/></edge>"
                                        + "<edge id=\"T3\" from=\"rail\" to=\"RS\"><lane index=\"0\" allow=\"rail\"/></edge></edges>"));
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
