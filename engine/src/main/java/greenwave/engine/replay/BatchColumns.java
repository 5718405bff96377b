package greenwave.engine.replay;

import greenwave.engine.env.AgentGroup;
import greenwave.kernels.BatchBuffers;
import greenwave.kernels.Buffer;

import java.util.Objects;
import java.util.stream.Stream;

/** The columns of a batch in memory; those that it lacks are null. */
final class BatchColumns {
    final Column obs;
    final Column image;
    final Column action;
    final Column reward;
    final Column discount;
    final Column nextObs;
    final Column nextImage;
    final Column nextLegal;
    final Column weight;
    private final Column[] all;

    /**
     * Checks and keeps the columns.
     *
     * @throws IllegalArgumentException if one is missing or has another length than {@code group} needs
     */
    BatchColumns(final BatchBuffers batch, final AgentGroup group, final boolean weighted) {
        final int n = batch.size();
        this.obs = column("obs", batch.obs(), (long) n * group.obsSize());
        this.image = column("image", batch.image(), (long) n * group.imageSize());
        this.action = column("action", batch.action(), n);
        this.reward = column("reward", batch.reward(), n);
        this.discount = column("discount", batch.discount(), n);
        this.nextObs = column("nextObs", batch.nextObs(), (long) n * group.obsSize());
        this.nextImage = column("nextImage", batch.nextImage(), (long) n * group.imageSize());
        this.nextLegal = column("nextLegal", batch.nextLegal(), (long) n * group.actions());
        this.weight =
                weighted || batch.weight() != null ? column("weight", batch.weight(), n) : null;
        this.all =
                Stream.of(
                                obs, image, action, reward, discount, nextObs, nextImage, nextLegal,
                                weight)
                        .filter(Objects::nonNull)
                        .toArray(Column[]::new);
    }

    private static Column column(final String name, final Buffer buffer, final long length) {
        final long found = buffer == null ? 0 : buffer.length();
        if (found != length) {
            throw new IllegalArgumentException(
                    "replay.sampler: %s=%d elements, expected %d".formatted(name, found, length));
        }
        return length == 0 ? null : Column.of(buffer);
    }

    /** Makes what was written be in the plan's memory. */
    void flush() {
        for (final Column column : all) {
            column.flush();
        }
    }
}
