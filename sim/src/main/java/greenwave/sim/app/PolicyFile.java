package greenwave.sim.app;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.CUSTOM;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import greenwave.engine.Engine;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.io.Sha256;
import greenwave.engine.nn.NetFile;
import greenwave.engine.nn.QNet;
import greenwave.engine.nn.QNetwork;
import greenwave.sim.signal.Switching;

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
     * @param name of the agent group: {@code OBSxACTIONS}, and {@code +CHANNELSxHEIGHTxWIDTH} with an image; the
     *     signal's id where signals share no network
     * @param prefix of its tensors' names
     * @param obsSize numbers it takes
     * @param image channels, height and width of the image it takes beside them; empty, and not written, without
     * @param channels of each convolution over it; likewise
     * @param hidden units of each hidden layer; with an image, those of the numbers' branch and, last, those
     *     behind both branches
     * @param head what stands behind them; not written where it is the default
     * @param actions outputs
     * @param signals ids of the signals
     */
    @JsonPropertyOrder({
        "name",
        "prefix",
        "obsSize",
        "image",
        "channels",
        "hidden",
        "head",
        "actions",
        "signals"
    })
    record Network(
            String name,
            String prefix,
            int obsSize,
            @JsonInclude(NON_EMPTY) List<Integer> image,
            @JsonInclude(NON_EMPTY) List<Integer> channels,
            List<Integer> hidden,
            @JsonInclude(value = CUSTOM, valueFilter = HeadConfig.Unsaid.class) HeadConfig head,
            int actions,
            List<String> signals) {
        /** {@return the network for {@code group}; {@code alone} says that the policy has no other} */
        static Network of(
                final AgentGroup group,
                final List<Integer> hidden,
                final List<Integer> channels,
                final HeadConfig head,
                final boolean alone) {
            final ImageSpec image = group.image();
            return new Network(
                    group.name(),
                    alone ? "" : group.name() + ".",
                    group.obsSize(),
                    image == null
                            ? List.of()
                            : List.of(image.channels(), image.height(), image.width()),
                    image == null ? List.of() : channels,
                    hidden,
                    head,
                    group.actions(),
                    group.agents());
        }

        /** {@return a network of this shape with fresh weights} */
        QNetwork build(final Engine engine) {
            return image.isEmpty()
                    ? head.build(QNet.builder(engine).input(obsSize), hidden, actions)
                    : Networks.ofBoth(
                            engine, imageSpec(), channels, obsSize, hidden, head, actions);
        }

        private ImageSpec imageSpec() {
            if (image.size() != 3) {
                throw new IllegalArgumentException(
                        "network=%s, image=%s, expected channels, height and width"
                                .formatted(name, image));
            }
            return new ImageSpec(image.get(0), image.get(1), image.get(2));
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
            Switching timing,
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
            final Switching timing,
            final SignalSettings signals,
            final List<Network> networks,
            final Map<String, QNetwork> nets)
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
                    "policy=%s, expected %s, a .safetensors file or the folder of a run"
                            .formatted(file, Baseline.labels(", ")));
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
            addUnsaid(fields);
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

    /** Adds what is not written where it is the default, or was not known when the file was. */
    private static void addUnsaid(final JsonNode fields) {
        if (!(fields instanceof final ObjectNode policy)) {
            return;
        }
        final ObjectNode signals = Json.MAPPER.valueToTree(SignalSettings.DEFAULT);
        if (policy.get("signals") instanceof final ObjectNode said) {
            signals.setAll(said);
        }
        policy.set("signals", signals);
        for (final JsonNode network : policy.path("networks")) {
            if (network instanceof final ObjectNode one) {
                addUnsaid(one);
            }
        }
    }

    private static void addUnsaid(final ObjectNode network) {
        if (!network.has("image")) {
            network.putArray("image");
            network.putArray("channels");
        }
        if (!network.has("head")) {
            network.set("head", Json.MAPPER.valueToTree(HeadConfig.DEFAULT));
        }
    }

    /**
     * Loads the networks that {@code groups} need.
     *
     * @return a network per group, in the order of {@code groups}
     * @throws IllegalArgumentException if the policy has none for the shape of a group
     */
    List<QNetwork> load(final Engine engine, final List<AgentGroup> groups) throws IOException {
        final Map<String, QNetwork> byPrefix = new LinkedHashMap<>();
        final Map<String, QNetwork> byShape = new LinkedHashMap<>();
        for (final Network network : metadata.networks()) {
            final QNetwork net = network.build(engine);
            byPrefix.put(network.prefix(), net);
            byShape.put(key(network.name(), network.obsSize(), network.actions()), net);
        }
        final List<QNetwork> nets = new ArrayList<>();
        for (final AgentGroup group : groups) {
            final QNetwork net = byShape.get(key(group.name(), group.obsSize(), group.actions()));
            if (net == null) {
                throw new IllegalArgumentException(
                        "policy=%s: trained for observations x actions %s, expected %s for signals %s"
                                .formatted(
                                        weights,
                                        String.join(", ", byShape.keySet()),
                                        group.name(),
                                        String.join(", ", group.agents())));
            }
            nets.add(net);
        }
        NetFile.load(weights, byPrefix);
        return nets;
    }

    /** What a network is looked up by. */
    private String key(final String group, final int obsSize, final int actions) {
        return metadata.signals().shares() ? group : "%s: %dx%d".formatted(group, obsSize, actions);
    }

    private static Path metadataOf(final Path weights) {
        final String name = weights.getFileName().toString();
        return weights.resolveSibling(
                name.substring(0, name.length() - WEIGHTS.length()) + ".json");
    }
}
