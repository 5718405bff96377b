package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.View;
import greenwave.kernels.ViewKernels;

/** Copies whose dimensions are joined where they can be, and sums cut by {@link SumPlan}. */
interface CudaViews extends ViewKernels {
    /** {@return what queues the kernels} */
    KernelLauncher launcher();

    /** {@return where views are written for a launch} */
    StridedWords strided();

    /** {@return how sums are cut} */
    CudaSums sums();

    private static long start(final Buffer buffer, final View view) {
        return buffer.address() + view.offset() * Float.BYTES;
    }

    @Override
    default void copyView(final Buffer x, final View from, final Buffer y, final View to) {
        strided().set("copyView", from, to);
        final long n = from.size();
        final CudaLaunch launch;
        if (strided().dense()) {
            launch = launcher().of(KernelName.COPY_WORDS);
        } else {
            launch = launcher().of(KernelName.COPY_VIEW);
            launch.words(strided().words(), StridedWords.COUNT);
        }
        launch.address(start(x, from)).address(start(y, to)).arg(n).elements(n).run();
    }

    @Override
    default void addView(
            final float alpha, final Buffer x, final View from, final Buffer y, final View to) {
        strided().set("addView", from, to);
        final long n = from.size();
        final CudaLaunch launch;
        if (strided().dense()) {
            launch = launcher().of(KernelName.ADD_SCALED);
        } else {
            launch = launcher().of(KernelName.ADD_VIEW);
            launch.words(strided().words(), StridedWords.COUNT);
        }
        launch.arg(alpha).address(start(x, from)).address(start(y, to)).arg(n).elements(n).run();
    }

    @Override
    default void addSums(
            final Buffer x, final View view, final int kept, final float scale, final Buffer y) {
        sums().add(start(x, view), view, kept, scale, y);
    }
}
