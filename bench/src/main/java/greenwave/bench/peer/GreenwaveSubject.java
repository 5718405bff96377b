package greenwave.bench.peer;

import greenwave.engine.Engine;
import greenwave.engine.EngineConfig;
import greenwave.engine.autograd.Parameter;
import greenwave.engine.dqn.Learner;
import greenwave.engine.dqn.Policy;
import greenwave.engine.nn.QNetwork;
import greenwave.kernels.Buffer;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Our side. A step includes scaling images from u8 to f32; acting includes moving the observations in and the actions out.
 */
public final class GreenwaveSubject implements Subject {
    private final Engine engine;
    private final QNetwork online;
    private final LoadedReplay replay;
    private final Learner learner;
    private final Map<Task, Runnable> acting = new EnumMap<>(Task.class);

    /**
     * Opens an engine with a learner.
     *
     * @param batch transitions per step
     * @param backend by its name
     * @param recipe of its steps
     * @throws IllegalArgumentException if the backend cannot be had; the message says why
     */
    public GreenwaveSubject(
            final PeerNet net, final int batch, final String backend, final Recipe recipe) {
        this.engine =
                Engine.open(EngineConfig.builder().backend(backend).seed(Subject.SEED).build());
        this.online = net.build(engine);
        this.replay = new LoadedReplay(net, batch);
        this.learner =
                Learner.builder(online, replay)
                        .batch(batch)
                        .learningRate(recipe.learningRate(net))
                        .build();
        final Policy policy = Policy.of(online);
        for (final Task task : net.acting()) {
            acting.put(task, acting(policy, net, task.rows()));
        }
    }

    private static Runnable acting(final Policy policy, final PeerNet net, final int rows) {
        MemorySegment vector = null;
        MemorySegment image = null;
        final List<MemorySegment> seen = TransitionBatch.of(net, rows, 0).obs();
        for (int i = 0; i < seen.size(); i++) {
            if (net.obs().get(i).isImage()) {
                image = seen.get(i);
            } else {
                vector = seen.get(i);
            }
        }
        final MemorySegment obs = vector;
        final MemorySegment pixels = image;
        final int[] actions = new int[rows];
        return () -> policy.act(obs, pixels, null, actions);
    }

    @Override
    public String describe() {
        return "greenwave: " + engine.describe();
    }

    @Override
    public void load(final TransitionBatch batch) {
        replay.load(batch);
    }

    @Override
    public Runnable work(final Task task) {
        return task == Task.TRAIN ? learner::update : acting.get(task);
    }

    @Override
    public float trainStepLoss() {
        learner.update();
        return learner.loss();
    }

    @Override
    public List<float[]> gradients() {
        return online.parameters().all().stream()
                .filter(Parameter::trained)
                .map(p -> floats(p.gradient()))
                .toList();
    }

    private static float[] floats(final Buffer buffer) {
        final float[] values = new float[Math.toIntExact(buffer.length())];
        buffer.download(0, MemorySegment.ofArray(values), 0, values.length);
        return values;
    }

    @Override
    public void close() {
        engine.close();
    }
}
