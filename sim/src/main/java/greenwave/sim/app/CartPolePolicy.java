package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;

import greenwave.engine.Engine;
import greenwave.engine.io.Sha256;
import greenwave.engine.nn.NetFile;
import greenwave.engine.nn.QNet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A trained cart on disk: {@code policy.safetensors} and, beside it, {@code policy.json} that says what it is. */
final class CartPolePolicy {
    private static final String FORMAT = "greenwave-cartpole-1";
    private static final String METADATA = "policy.json";

    /**
     * What the weights mean.
     *
     * @param format {@code greenwave-cartpole-1}
     * @param scenario {@code cartpole} or {@code cartpole-pixels}
     * @param seed training seed
     * @param hidden units of each hidden layer
     * @param head what stands behind them
     * @param sha256 of the weights' file
     */
    @JsonPropertyOrder({"format", "scenario", "seed", "hidden", "head", "sha256"})
    record Metadata(
            String format,
            String scenario,
            long seed,
            List<Integer> hidden,
            HeadConfig head,
            String sha256) {}

    private CartPolePolicy() {}

    /** Writes weights and metadata. */
    static void write(
            final Path weights, final CartPoleTask task, final TrainConfig config, final QNet net)
            throws IOException {
        NetFile.save(weights, Map.of("format", FORMAT), Map.of("", net));
        Json.write(
                weights.resolveSibling(METADATA),
                new Metadata(
                        FORMAT,
                        task.label(),
                        config.seed(),
                        config.hidden(),
                        config.head(),
                        Sha256.of(weights)));
    }

    /**
     * {@return the network in the folder of a run}
     *
     * @throws IllegalArgumentException if there is none for {@code task}, or it is damaged
     */
    static QNet load(final Engine engine, final CartPoleTask task, final Path policy)
            throws IOException {
        final Path weights =
                Files.isDirectory(policy) ? policy.resolve("policy.safetensors") : policy;
        final Path described = weights.resolveSibling(METADATA);
        if (!Files.isRegularFile(weights) || !Files.isRegularFile(described)) {
            throw new IllegalArgumentException(
                    "policy=%s, expected random, a .safetensors file beside its %s, or the folder of a run"
                            .formatted(policy, METADATA));
        }
        final Metadata metadata;
        try {
            metadata = Json.MAPPER.readValue(described.toFile(), Metadata.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s: not the metadata of a %s policy".formatted(described, task.label()), e);
        }
        if (!FORMAT.equals(metadata.format()) || !task.label().equals(metadata.scenario())) {
            throw new IllegalArgumentException(
                    "policy=%s: trained for scenario=%s, expected %s"
                            .formatted(weights, metadata.scenario(), task.label()));
        }
        if (!Sha256.of(weights).equals(metadata.sha256())) {
            throw new IllegalArgumentException(
                    "policy=%s: damaged: its SHA-256 differs from that in %s"
                            .formatted(weights, described));
        }
        final QNet net = task.network(engine, metadata.hidden(), metadata.head());
        NetFile.load(weights, Map.of("", net));
        return net;
    }
}
