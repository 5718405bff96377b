package greenwave.sim.app;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.CUSTOM;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import greenwave.engine.Engine;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.io.Sha256;
import greenwave.engine.nn.NetFile;
import greenwave.engine.nn.QNet;
import greenwave.sim.SignalTiming;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A trained policy on disk: {@code NAME.safetensors} holds the weights under their PyTorch names,
 * {@code NAME.json} beside it what they mean.
 *
 * @param weights the safetensors file
 * @param metadata what it means
 */
record PolicyFile(Path weights, Metadata metadata) {
    private static final String FORMAT = "greenwave-policy-1";
    private static final String WEIGHTS = ".safetensors";

    /**
     * One network and the signals that it was trained for.
     *
     * @param name of the agent group, {@code OBSxACTIONS}
     * @param prefix of its tensors' names
     * @param obsSize inputs
     * @param hidden units of each hidden layer
     * @param actions outputs
     * @param signals ids of the signals
     */
    @JsonPropertyOrder({"name", "prefix", "obsSize", "hidden", "actions", "signals"})
    record Network(
            String name,
            String prefix,
            int obsSize,
            List<Integer> hidden,
            int actions,
            List<String> signals) {
        /** {@return the network for {@code group}; {@code alone} says that the policy has no other} */
        static Network of(final AgentGroup group, final List<Integer> hidden, final boolean alone) {
            return new Network(
                    group.name(),
                    alone ? "" : group.name() + ".",
                    group.obsSize(),
                    hidden,
                    group.actions(),
                    group.agents());
        }

        /** {@return a network of this shape with fresh weights} */
        QNet build(final Engine engine) {
            final QNet.Builder builder = QNet.builder(engine).input(obsSize);
            hidden.forEach(units -> builder.linear(units).relu());
            return builder.actions(actions).build();
        }
    }

    /**
     * What the weights mean.
     *
     * @param format {@code greenwave-policy-1}
     * @param scenario what it was trained on
     * @param seed training seed
     * @param timing the signal timing that it was trained with and is run with
     * @param signals what its signals show and see; not written where they are the defaults
     * @param networks at least one
     * @param sha256 of the weights' file, so that damage is found
     */
    @JsonPropertyOrder({"format", "scenario", "seed", "timing", "signals", "networks", "sha256"})
    record Metadata(
            String format,
            String scenario,
            long seed,
            SignalTiming timing,
            @JsonInclude(value = CUSTOM, valueFilter = SignalSettings.Unsaid.class)
                    SignalSettings signals,
            List<Network> networks,
            String sha256) {}

    /**
     * Writes weights and metadata.
     *
     * @param nets by the prefix of their {@link Network}
     */
    static void write(
            final Path weights,
            final String scenario,
            final long seed,
            final SignalTiming timing,
            final SignalSettings signals,
            final List<Network> networks,
            final Map<String, QNet> nets)
            throws IOException {
        NetFile.save(weights, Map.of("format", FORMAT), nets);
        final Metadata metadata =
                new Metadata(FORMAT, scenario, seed, timing, signals, networks, Sha256.of(weights));
        Json.write(metadataOf(weights), metadata);
    }

    /**
     * Opens a policy and checks that its weights are the ones that were written.
     *
     * @param file the {@code .safetensors} file, or the folder of a run
     * @throws IllegalArgumentException if there is none, or it is damaged
     */
    static PolicyFile open(final Path file) throws IOException {
        final Path weights = Files.isDirectory(file) ? file.resolve("policy" + WEIGHTS) : file;
        if (!Files.isRegularFile(weights) || !weights.toString().endsWith(WEIGHTS)) {
            throw new IllegalArgumentException(
                    "policy=%s, expected fixed, random, a .safetensors file or the folder of a run"
                            .formatted(file));
        }
        final Path described = metadataOf(weights);
        if (!Files.isRegularFile(described)) {
            throw new IllegalArgumentException(
                    "policy=%s: its metadata %s is missing".formatted(weights, described));
        }
        final Metadata metadata = read(described);
        if (!Sha256.of(weights).equals(metadata.sha256())) {
            throw new IllegalArgumentException(
                    "policy=%s: damaged: its SHA-256 differs from that in %s"
                            .formatted(weights, described));
        }
        return new PolicyFile(weights, metadata);
    }

    private static Metadata read(final Path described) throws IOException {
        final Metadata metadata;
        try {
            final JsonNode fields = Json.MAPPER.readTree(described.toFile());
            if (fields instanceof final ObjectNode object && !object.has("signals")) {
                object.set("signals", Json.MAPPER.valueToTree(SignalSettings.DEFAULT));
            }
            metadata = Json.MAPPER.treeToValue(fields, Metadata.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s: not the metadata of a policy: %s"
                            .formatted(described, e.getOriginalMessage()),
                    e);
        }
        if (!FORMAT.equals(metadata.format()) || metadata.networks().isEmpty()) {
            throw new IllegalArgumentException(
                    "%s: format=%s, networks=%d, expected format=%s with at least one network"
                            .formatted(
                                    described,
                                    metadata.format(),
                                    metadata.networks().size(),
                                    FORMAT));
        }
        return metadata;
    }

    /**
     * Loads the networks that {@code groups} need.
     *
     * @return a network per group, in the order of {@code groups}
     * @throws IllegalArgumentException if the policy has none for the shape of a group
     */
    List<QNet> load(final Engine engine, final List<AgentGroup> groups) throws IOException {
        final Map<String, QNet> byPrefix = new LinkedHashMap<>();
        final Map<String, QNet> byShape = new LinkedHashMap<>();
        for (final Network network : metadata.networks()) {
            final QNet net = network.build(engine);
            byPrefix.put(network.prefix(), net);
            byShape.put(network.obsSize() + "x" + network.actions(), net);
        }
        final List<QNet> nets = new ArrayList<>();
        for (final AgentGroup group : groups) {
            final QNet net = byShape.get(group.obsSize() + "x" + group.actions());
            if (net == null) {
                throw new IllegalArgumentException(
                        "policy=%s: trained for observations x actions %s, expected %dx%d for signals %s"
                                .formatted(
                                        weights,
                                        String.join(", ", byShape.keySet()),
                                        group.obsSize(),
                                        group.actions(),
                                        String.join(", ", group.agents())));
            }
            nets.add(net);
        }
        NetFile.load(weights, byPrefix);
        return nets;
    }

    private static Path metadataOf(final Path weights) {
        final String name = weights.getFileName().toString();
        return weights.resolveSibling(
                name.substring(0, name.length() - WEIGHTS.length()) + ".json");
    }
}
