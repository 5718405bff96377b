package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.View;

/** Sums of every kind, in one launch where they are short and in two where terms are split. */
final class CudaSums {
    private final KernelLauncher launcher;
    private final SumPlan plan = new SumPlan();

    CudaSums(final KernelLauncher launcher) {
        this.launcher = launcher;
    }

    /** y += scale · the sums that {@code view} of the elements from address {@code x} on gives. */
    void add(final long x, final View view, final int kept, final float scale, final Buffer y) {
        plan.view(view, kept);
        sum(x, scale, 1, y);
    }

    /**
     * The sum over each channel of dy [outer, channels, inner] into db, plus what is there if {@code plus} is 1, not 0. With y,
     * dy first becomes 0 where that is not positive.
     */
    void slopes(
            final Buffer y,
            final Buffer dy,
            final int plus,
            final Buffer db,
            final int outer,
            final int channels,
            final int inner) {
        plan.channels(outer, channels, inner);
        if (y == null) {
            sum(dy.address(), 1, plus, db);
            return;
        }
        final long partial = partials(1);
        plan.struct(launcher.of(KernelName.MASK_AND_SUM))
                .arg(plan.across())
                .arg(y)
                .arg(dy)
                .arg(1.0)
                .arg(plus)
                .arg(db)
                .address(partial)
                .run();
        addUp(partial, 1, plus, db);
    }

    /** y = scale · the sum of x. */
    void all(final Buffer x, final float scale, final Buffer y) {
        plan.all(x.length());
        sum(x.address(), scale, 0, y);
    }

    private void sum(final long x, final double scale, final int plus, final Buffer y) {
        final long partial = partials(1);
        plan.struct(launcher.of(KernelName.SUM_ELEMENTS))
                .arg(plan.across())
                .address(x)
                .arg(scale)
                .arg(plus)
                .arg(y)
                .address(partial)
                .run();
        addUp(partial, scale, plus, y);
    }

    /** s += the sum over each channel of x · y; x and y [outer, channels, inner], s [channels]. */
    void addChannelDots(
            final Buffer x,
            final Buffer y,
            final Buffer s,
            final int outer,
            final int channels,
            final int inner) {
        plan.channels(outer, channels, inner);
        final long partial = partials(1);
        plan.struct(launcher.of(KernelName.SUM_PRODUCTS))
                .arg(plan.across())
                .arg(x)
                .arg(y)
                .arg(1.0)
                .arg(1)
                .arg(s)
                .address(partial)
                .run();
        addUp(partial, 1, 1, s);
    }

    private void addUp(final long partial, final double scale, final int plus, final Buffer y) {
        if (plan.splits() > 1) {
            final CudaLaunch launch = launcher.of(KernelName.ADD_UP_SPLITS).address(partial);
            launch.arg(plan.splits()).arg(scale).arg(plus).arg(y).arg(plan.outputs());
            launch.elements(plan.outputs()).run();
        }
    }

    /** x *= min(1, limit / (norm + 1e-6)); norm [1] receives the norm before. */
    void clipNorm(final Buffer x, final float limit, final Buffer norm) {
        plan.all(x.length());
        final long partial = launcher.context().heap().scratchAddress(plan.partialBytes(1));
        plan.struct(launcher.of(KernelName.SUM_SQUARES)).arg(x).address(partial).run();
        final CudaLaunch launch = launcher.of(KernelName.SCALE_TO_NORM).address(partial);
        launch.arg(plan.splits()).arg(limit).arg(norm).arg(x).arg(x.length());
        launch.elements(x.length()).run();
    }

    /** Mean and biased variance of each channel; x [outer, channels, inner]. */
    void channelMoments(
            final Buffer x,
            final Buffer mean,
            final Buffer variance,
            final int outer,
            final int channels,
            final int inner) {
        plan.channels(outer, channels, inner);
        final long partial = partials(2);
        plan.struct(launcher.of(KernelName.CHANNEL_MOMENTS))
                .arg(plan.across())
                .arg(x)
                .arg(mean)
                .arg(variance)
                .address(partial)
                .run();
        if (plan.splits() > 1) {
            plan.struct(launcher.of(KernelName.END_MOMENTS))
                    .address(partial)
                    .arg(plan.splits())
                    .arg(x)
                    .arg(mean)
                    .arg(variance)
                    .elements(channels)
                    .run();
        }
    }

    /** {@return where the sums over each channel of dy and of dy · y are for the next launch: f64 [2, channels]} */
    long channelSlopes(
            final Buffer y, final Buffer dy, final int outer, final int channels, final int inner) {
        plan.channels(outer, channels, inner);
        final long bytes = plan.partialBytes(2);
        final long sums = 2L * channels;
        final long partial = launcher.context().heap().scratchAddress(bytes + sums * Double.BYTES);
        plan.struct(launcher.of(KernelName.SUM_SLOPES))
                .arg(plan.across())
                .arg(y)
                .arg(dy)
                .address(partial)
                .run();
        if (plan.splits() == 1) {
            return partial;
        }
        final long totals = partial + bytes;
        final CudaLaunch launch = launcher.of(KernelName.END_TOTALS).address(partial);
        launch.arg(plan.splits()).address(totals).arg(sums).elements(sums).run();
        return totals;
    }

    /** {@return where partial sums go, null if there are none} */
    private long partials(final int each) {
        return plan.splits() > 1
                ? launcher.context().heap().scratchAddress(plan.partialBytes(each))
                : 0;
    }
}
