package greenwave.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** One core's peak: fused multiply-adds on registers alone, in as many independent chains as hide their latency. */
public final class FmaPeak {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS =
            12; // two units of four cycles need 8 in flight; more hide moves
    private static final int LINKS = 2_000; // of each chain per run
    private static final int RUNS = 1_000; // 3 ms or so: fits into a turn of the scheduler
    private static final int ROUNDS = 200;

    private float result; // starts the next run, which keeps this one alive

    /** Starts with nothing done. */
    public FmaPeak() {}

    /** {@return floating-point operations of one {@link #run}} */
    public static long flopsPerRun() {
        return 2L * SPECIES.length() * CHAINS * LINKS;
    }

    /** {@return GFLOP/s of this thread, in the best of many short rounds} */
    public static double gflops() {
        final FmaPeak peak = new FmaPeak();
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            final long start = System.nanoTime();
            for (int run = 0; run < RUNS; run++) {
                peak.run();
            }
            best = Math.min(best, System.nanoTime() - start);
        }
        return (double) flopsPerRun() * RUNS / best;
    }

    /** {@return a number that depends on some microseconds of work} */
    public float run() {
        final FloatVector scale = FloatVector.broadcast(SPECIES, 0.5f);
        final FloatVector shift = FloatVector.broadcast(SPECIES, result + 1);
        FloatVector a = shift;
        FloatVector b = shift.add(1);
        FloatVector c = shift.add(2);
        FloatVector d = shift.add(3);
        FloatVector e = shift.add(4);
        FloatVector f = shift.add(5);
        FloatVector g = shift.add(6);
        FloatVector h = shift.add(7);
        FloatVector i = shift.add(8);
        FloatVector j = shift.add(9);
        FloatVector k = shift.add(10);
        FloatVector l = shift.add(11);
        for (int link = 0; link < LINKS; link++) {
            a = a.fma(scale, shift);
            b = b.fma(scale, shift);
            c = c.fma(scale, shift);
            d = d.fma(scale, shift);
            e = e.fma(scale, shift);
            f = f.fma(scale, shift);
            g = g.fma(scale, shift);
            h = h.fma(scale, shift);
            i = i.fma(scale, shift);
            j = j.fma(scale, shift);
            k = k.fma(scale, shift);
            l = l.fma(scale, shift);
        }
        final FloatVector first = a.add(b).add(c).add(d).add(e).add(f);
        final FloatVector sum = g.add(h).add(i).add(j).add(k).add(l).add(first);
        result = sum.reduceLanes(VectorOperators.MIN) * Float.MIN_VALUE;
        return result;
    }
}
