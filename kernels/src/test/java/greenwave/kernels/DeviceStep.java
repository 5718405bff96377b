package greenwave.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/** What a backend with memory of its own computes of a training step, beside the plainest way; differences are told as text. */
final class DeviceStep {
    private static final int ROWS = 70; // several warps, rows that meet in slots
    private static final int ROUNDS = 4;
    private static final double BETA = 0.5;

    private DeviceStep() {}

    /** {@return how drawing, gathering and updating differ; empty if they don't} */
    static String replayFindings(final Backend device) {
        final StringBuilder findings = new StringBuilder();
        final PlainReplay plain = new PlainReplay(5);
        final SplittableRandom random = new SplittableRandom(2);
        try (ResidentReplay replay = device.openReplay(PlainReplay.LAYOUT).orElseThrow()) {
            PlainReplay.fill(replay);
            replay.setPriorities(MemorySegment.ofArray(plain.units));
            replay.setBetas(0, new double[] {BETA});
            final BatchBuffers batch = batch(device);
            final Buffer errors = device.allocate(DType.F32, ROWS);
            final ResidentReplay.Sampler sampler = replay.sampler(batch);
            sampler.setRandom(5);
            for (int round = 0; round < ROUNDS && findings.isEmpty(); round++) {
                final int[] slots = plain.draw(ROWS);
                sampler.draw();
                compareSlots(findings, slots, sampler);
                compareColumns(findings, slots, batch);
                compare(findings, "weight", batch.weight(), at(plain.weights(slots, BETA)));
                final float[] told = PlainReplay.errors(ROWS, random);
                errors.upload(0, MemorySegment.ofArray(told), 0, ROWS);
                sampler.update(errors);
                plain.update(slots, told);
                compareUnits(findings, plain, replay);
            }
        }
        return findings.toString();
    }

    private static BatchBuffers batch(final Backend device) {
        final int n = ROWS;
        return new BatchBuffers(
                n,
                device.allocate(DType.F32, n * PlainReplay.VECTOR),
                device.allocate(DType.U8, n * PlainReplay.IMAGE),
                device.allocate(DType.I32, n),
                device.allocate(DType.F32, n),
                device.allocate(DType.F32, n),
                device.allocate(DType.F32, n * PlainReplay.VECTOR),
                device.allocate(DType.U8, n * PlainReplay.IMAGE),
                device.allocate(DType.U8, n * PlainReplay.ACTIONS),
                device.allocate(DType.F32, n));
    }

    private static IntToDoubleFunction at(final float[] values) {
        return i -> values[i];
    }

    private static void compareSlots(
            final StringBuilder findings, final int[] slots, final ResidentReplay.Sampler sampler) {
        final int[] drawn = new int[ROWS];
        sampler.slots(MemorySegment.ofArray(drawn));
        if (!Arrays.equals(slots, drawn)) {
            findings.append(
                    "slots=%s, expected %s%n"
                            .formatted(Arrays.toString(drawn), Arrays.toString(slots)));
        }
    }

    private static void compareUnits(
            final StringBuilder findings, final PlainReplay plain, final ResidentReplay replay) {
        final long[] units = new long[PlainReplay.CAPACITY];
        replay.priorities(MemorySegment.ofArray(units));
        for (int slot = 0; slot < units.length; slot++) {
            if (Math.abs(units[slot] - plain.units[slot]) > 1) { // where a power rounds otherwise
                findings.append(
                        "slot %d: units=%d, expected %d%n"
                                .formatted(slot, units[slot], plain.units[slot]));
            }
        }
    }

    private static void compareColumns(
            final StringBuilder findings, final int[] slots, final BatchBuffers batch) {
        final int v = PlainReplay.VECTOR;
        final int p = PlainReplay.IMAGE;
        final int a = PlainReplay.ACTIONS;
        compare(findings, "obs", batch.obs(), i -> PlainReplay.vector(slots[i / v], i % v));
        compare(
                findings,
                "nextObs",
                batch.nextObs(),
                i -> PlainReplay.vector(slots[i / v] + 1, i % v));
        compare(findings, "image", batch.image(), i -> PlainReplay.image(slots[i / p], i % p));
        compare(
                findings,
                "nextImage",
                batch.nextImage(),
                i -> PlainReplay.image(slots[i / p] + 1, i % p));
        compare(
                findings,
                "nextLegal",
                batch.nextLegal(),
                i -> PlainReplay.legal(slots[i / a], i % a));
        compare(findings, "action", batch.action(), i -> slots[i] % a);
        compare(findings, "reward", batch.reward(), i -> slots[i] / 2f);
        compare(findings, "discount", batch.discount(), i -> slots[i] / 3f);
    }

    private static void compare(
            final StringBuilder findings,
            final String name,
            final Buffer found,
            final IntToDoubleFunction expected) {
        final double[] values = values(found);
        for (int i = 0; i < values.length; i++) {
            final double wanted = expected.applyAsDouble(i);
            if (!(Math.abs(values[i] - wanted) <= 1e-5 * (1 + Math.abs(wanted)))) {
                findings.append("%s %d: %s, expected %s%n".formatted(name, i, values[i], wanted));
            }
        }
    }

    private static double[] values(final Buffer buffer) {
        final int n = Math.toIntExact(buffer.length());
        final double[] values = new double[n];
        switch (buffer.dtype()) {
            case F32 -> Arrays.setAll(values, at(Memory.floats(buffer)));
            case I32 -> {
                final int[] ints = Memory.ints(buffer);
                Arrays.setAll(values, i -> ints[i]);
            }
            case U8 -> {
                final byte[] bytes = new byte[n];
                buffer.download(0, MemorySegment.ofArray(bytes), 0, n);
                Arrays.setAll(values, i -> bytes[i]);
            }
        }
        return values;
    }

    /** {@return how the loss differs; empty if it doesn't} */
    static String lossFindings(final Backend device) {
        final StringBuilder findings = new StringBuilder();
        final int rows = 600; // more than the threads of a block
        final int actions = 3;
        final float beta = 0.7f;
        final float[] now = Memory.gaussian(rows * actions, 1);
        final float[] judged = Memory.gaussian(rows * actions, 2);
        final float[] then = Memory.gaussian(rows * actions, 3);
        final float[] reward = Memory.gaussian(rows, 4);
        final float[] discount = Memory.gaussian(rows, 5);
        final float[] weight = Memory.gaussian(rows, 6);
        final int[] action = new int[rows];
        final byte[] legal = new byte[rows * actions];
        final SplittableRandom random = new SplittableRandom(7);
        Arrays.setAll(action, _ -> random.nextInt(actions));
        random.nextBytes(legal);
        for (int i = 0; i < legal.length; i++) {
            legal[i] = (byte) (i < actions ? 0 : legal[i] & 1); // the first row has no legal action
        }
        final float[] gradient = new float[rows * actions];
        final float[] errors = new float[rows];
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            int best = -1;
            for (int a = row * actions; a < (row + 1) * actions; a++) {
                best = legal[a] != 0 && (best < 0 || judged[a] > judged[best]) ? a : best;
            }
            final int taken = row * actions + action[row];
            final float error =
                    now[taken]
                            - (reward[row] + discount[row] * then[Math.max(best, row * actions)]);
            final float size = Math.abs(error);
            errors[row] = error;
            gradient[taken] = 2f / rows * weight[row] * Math.clamp(error / beta, -1f, 1f);
            sum += weight[row] * (size < beta ? error * error / (2 * beta) : size - beta / 2);
        }
        final Buffer legalColumn = device.allocate(DType.U8, legal.length);
        legalColumn.upload(0, MemorySegment.ofArray(legal), 0, legal.length);
        final var result =
                new TemporalDifferences.Result(
                        device.allocate(DType.F32, rows * actions),
                        device.allocate(DType.F32, rows),
                        device.allocate(DType.F32, 1),
                        Memory.of(device, 10f));
        device.temporalDifferences()
                .orElseThrow()
                .huber(
                        new TemporalDifferences.Batch(
                                Memory.of(device, now),
                                Memory.of(device, judged),
                                Memory.of(device, then),
                                legalColumn,
                                Memory.of(device, action),
                                Memory.of(device, reward),
                                Memory.of(device, discount),
                                Memory.of(device, weight)),
                        beta,
                        2,
                        3,
                        result);
        final double mean = sum / rows;
        compare(findings, "error", result.errors(), at(errors));
        compare(findings, "gradient", result.gradient(), at(gradient));
        compare(findings, "mean", result.mean(), _ -> mean);
        compare(findings, "sum", result.sum(), _ -> 10 + 3 * mean);
        return findings.toString();
    }
}
