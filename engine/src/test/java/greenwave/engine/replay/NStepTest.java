package greenwave.engine.replay;

import static greenwave.engine.NoLeak.assertNoLeak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import greenwave.engine.RandomStream;
import greenwave.engine.Segments;
import greenwave.engine.autograd.Plan;
import greenwave.engine.autograd.Trace;
import greenwave.engine.env.AgentGroup;
import greenwave.engine.env.GroupBatch;
import greenwave.engine.env.ImageSpec;
import greenwave.engine.env.VecEnv;
import greenwave.kernels.BatchBuffers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Random episodes in several rows, and what each transition must hold by brute force. */
class NStepTest {
    private static final AgentGroup GROUP =
            new AgentGroup("1x3", List.of("a"), 1, 3, new ImageSpec(1, 1, 4));
    private static final float GAMMA = 0.7f;

    /** One step of one row; an observation is a number of its own. */
    private record Step(int seen, int action, float reward, boolean decided, boolean terminated) {}

    /** One episode of one row; {@code last} is what was seen in the end. */
    private static final class Episode {
        final List<Step> steps = new ArrayList<>();
        int last = -1;
        int completed; // decisions that a transition starts from
    }

    /** What a transition must be; the mask follows from {@code next}. */
    private record Expected(int seen, int action, float reward, float discount, int next) {}

    private final Map<Integer, Expected> expected = new HashMap<>(); // by what was seen
    private final Map<Integer, Integer> order = new HashMap<>(); // of insertion, likewise

    /** An environment of random numbers. */
    private static final class Rows {
        final GroupBatch batch;
        final List<Episode> episodes = new ArrayList<>(); // under way, by row
        final RandomStream random;
        final double endChance;
        final double dueChance;
        int observation;

        Rows(
                final int rows,
                final double endChance,
                final double dueChance,
                final long seed,
                final Arena arena) {
            this.batch = new GroupBatch(GROUP, rows, arena);
            this.endChance = endChance;
            this.dueChance = dueChance;
            this.random = new RandomStream(seed);
            for (int row = 0; row < rows; row++) {
                episodes.add(new Episode());
                show(row, batch.obs(), batch.image(), batch.legal());
                draw(row, batch.due());
            }
        }

        /** Says at random whether a decision is due. */
        boolean draw(final int row, final MemorySegment due) {
            final boolean now = dueChance == 1 || random.nextDouble() < dueChance;
            due.set(ValueLayout.JAVA_BYTE, row, (byte) (now ? 1 : 0));
            return now;
        }

        int show(
                final int row,
                final MemorySegment obs,
                final MemorySegment image,
                final MemorySegment legal) {
            show(row, observation, obs, image, legal);
            return observation++;
        }

        private static void show(
                final int row,
                final int observation,
                final MemorySegment obs,
                final MemorySegment image,
                final MemorySegment legal) {
            obs.setAtIndex(ValueLayout.JAVA_FLOAT, row, observation);
            image.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * row, ~observation);
            for (int a = 0; a < 3; a++) {
                legal.set(ValueLayout.JAVA_BYTE, 3L * row + a, (byte) (observation >> a & 1));
            }
        }

        /** The last observation of an episode: a new one, or if the action was lost that before it. */
        int showFinal(final int row, final boolean lost) {
            final int last = lost ? seen(row) : observation++;
            show(row, last, batch.finalObs(), batch.finalImage(), batch.finalLegal());
            return last;
        }

        int seen(final int row) {
            return (int) batch.obs().getAtIndex(ValueLayout.JAVA_FLOAT, row);
        }
    }

    @ParameterizedTest(
            name = "n={0}, rows={1}, end chance {2}, due chance {3}, capacity {4}, seed {5}")
    @CsvSource({
        "1, 1, 0.2, 1, 1000, 1",
        "1, 3, 0.5, 1, 1000, 2",
        "3, 1, 0.2, 1, 1000, 3",
        "3, 4, 0.1, 1, 1000, 4",
        "5, 2, 0.6, 1, 1000, 5", // episodes shorter than n
        "2, 3, 1.0, 1, 1000, 6", // of one step
        "4, 3, 0.05, 1, 97, 7", // the ring wraps
        "3, 5, 0.3, 1, 64, 8",
        "7, 2, 0.02, 1, 33, 9",
        "1, 2, 0.3, 1, 7, 10",
        "1, 3, 0.1, 0.4, 1000, 11", // decisions of several steps
        "3, 2, 0.05, 0.6, 1000, 12",
        "4, 5, 0.03, 0.3, 40, 13",
        "2, 3, 0.02, 0.05, 1000, 14" // hardly any
    })
    void everyTransitionIsWhatBruteForceSays(
            final int n,
            final int rows,
            final double endChance,
            final double dueChance,
            final int capacity,
            final long seed)
            throws Exception {
        assertNoLeak(
                "cpu",
                seed,
                engine -> {
                    final Trace trace = new Trace();
                    final Batch batch = Batch.inputs(trace, 1, GROUP, false);
                    try (Arena arena = Arena.ofConfined();
                            Plan plan = Plan.builder(engine.backend(), trace).build();
                            UniformReplay replay =
                                    UniformReplay.builder(engine, GROUP)
                                            .capacity(capacity)
                                            .nStep(n, GAMMA)
                                            .build()) {
                        play(replay, n, new Rows(rows, endChance, dueChance, seed, arena));
                        check(replay, batch.buffers(plan));
                    }
                });
    }

    private void play(final Replay replay, final int n, final Rows env) {
        final int rows = env.batch.rows();
        final NStep assembler = new NStep(replay, rows);
        assembler.begin(env.batch);
        final int[] actions = new int[rows];
        for (int t = 0; t < 60; t++) {
            final int[] seen = new int[rows];
            for (int row = 0; row < rows; row++) {
                seen[row] = env.seen(row);
                final boolean due = env.batch.due().get(ValueLayout.JAVA_BYTE, row) == 1;
                actions[row] = due ? env.random.nextInt(3) : VecEnv.NONE;
            }
            for (int row = 0; row < rows; row++) {
                final boolean ended = env.random.nextDouble() < env.endChance;
                final boolean terminated = ended && env.random.nextBoolean();
                final boolean lost = ended && !terminated && env.random.nextInt(4) == 0;
                final float reward = (float) env.random.nextGaussian();
                final Episode episode = env.episodes.get(row);
                if (!lost) {
                    episode.steps.add(
                            new Step(
                                    seen[row],
                                    actions[row],
                                    reward,
                                    actions[row] != VecEnv.NONE,
                                    terminated));
                }
                env.batch.lost().set(ValueLayout.JAVA_BYTE, row, (byte) (lost ? 1 : 0));
                env.batch.reward().setAtIndex(ValueLayout.JAVA_FLOAT, row, reward);
                env.batch.terminated().set(ValueLayout.JAVA_BYTE, row, (byte) (terminated ? 1 : 0));
                env.batch
                        .truncated()
                        .set(ValueLayout.JAVA_BYTE, row, (byte) (ended && !terminated ? 1 : 0));
                boolean valued = terminated; // whether a transition can end here
                if (ended) {
                    episode.last = env.showFinal(row, lost);
                    valued |= env.draw(row, env.batch.finalDue());
                }
                final int next =
                        env.show(row, env.batch.obs(), env.batch.image(), env.batch.legal());
                final boolean due = env.draw(row, env.batch.due());
                if (ended ? valued : due) {
                    expect(episode, ended ? 1 : n, ended ? episode.last : next);
                }
                if (ended) {
                    env.episodes.set(row, new Episode());
                }
            }
            assembler.step(actions, env.batch);
        }
    }

    /** Adds what completes at {@code now}: all that is under way but for the last {@code n} - 1 decisions. */
    private void expect(final Episode episode, final int n, final int now) {
        final List<Step> steps = episode.steps;
        final List<Integer> decisions =
                IntStream.range(0, steps.size())
                        .filter(i -> steps.get(i).decided())
                        .boxed()
                        .toList();
        while (episode.completed <= decisions.size() - n) {
            final int first = decisions.get(episode.completed++);
            double sum = 0;
            double factor = 1;
            for (final Step step : steps.subList(first, steps.size())) {
                sum += factor * step.reward();
                factor *= GAMMA;
            }
            final Step start = steps.get(first);
            final double discount = steps.getLast().terminated() ? 0 : factor;
            order.put(start.seen(), order.size());
            expected.put(
                    start.seen(),
                    new Expected(start.seen(), start.action(), (float) sum, (float) discount, now));
        }
    }

    private void check(final UniformReplay replay, final BatchBuffers batch) {
        assertEquals(Math.min(replay.capacity(), expected.size()), replay.size());
        final int newest = order.size();
        final BatchSampler sampler = replay.sampler(batch);
        final RandomStream random = new RandomStream(1);
        final Map<Integer, Integer> hits = new HashMap<>();
        for (int draw = 0; draw < 40 * replay.size(); draw++) {
            sampler.sample(random);
            final int seen = (int) Segments.floats(batch.obs())[0];
            hits.merge(seen, 1, Integer::sum);
            final Expected e = expected.get(seen);
            assertEquals(e.action(), Segments.ints(batch.action())[0]);
            assertEquals(e.reward(), Segments.floats(batch.reward())[0], 1e-6f);
            assertEquals(e.discount(), Segments.floats(batch.discount())[0], 1e-6f);
            assertEquals(e.next(), Segments.floats(batch.nextObs())[0]);
            assertEquals(~seen, pixels(Segments.bytes(batch.image())));
            assertEquals(~e.next(), pixels(Segments.bytes(batch.nextImage())));
            for (int a = 0; a < 3; a++) {
                assertEquals(e.next() >> a & 1, Segments.bytes(batch.nextLegal())[a]);
            }
            final int age = newest - 1 - order.get(seen);
            assertEquals(true, age < replay.capacity(), "age=" + age);
        }
        assertEquals(replay.size(), hits.size(), "every transition held is drawn");
    }

    private static int pixels(final byte[] image) {
        return MemorySegment.ofArray(image).get(ValueLayout.JAVA_INT_UNALIGNED, 0);
    }
}
