package greenwave.kernels.cuda;

import greenwave.kernels.Buffer;
import greenwave.kernels.DType;
import greenwave.kernels.TemporalDifferences;

/** The kernel of {@code loss.cu}. */
final class CudaTemporalDifferences implements TemporalDifferences {
    private static final int THREADS = 512; // the kernel's one block

    private final CudaContext context;
    private final CudaFunction huber;

    CudaTemporalDifferences(final CudaContext context) {
        this.context = context;
        this.huber = context.module("loss").function("td_huber");
    }

    @Override
    public void huber(
            final Batch batch,
            final float beta,
            final float gradientShare,
            final float sumShare,
            final Result result) {
        final int rows = Math.toIntExact(batch.action().length());
        final int actions = Math.toIntExact(batch.now().length() / rows);
        check(batch, result, rows, actions);
        context.bind();
        context.launch()
                .of(huber)
                .arg(batch.now())
                .arg(batch.judged())
                .arg(batch.then())
                .arg(batch.legal())
                .arg(batch.action())
                .arg(batch.reward())
                .arg(batch.discount())
                .arg(batch.weight())
                .arg(rows)
                .arg(actions)
                .arg(beta)
                .arg(gradientShare)
                .arg(sumShare)
                .arg(result.gradient())
                .arg(result.errors())
                .arg(result.mean())
                .arg(result.sum())
                .grid(1, THREADS)
                .run();
    }

    private static void check(
            final Batch batch, final Result result, final int rows, final int actions) {
        final long all = (long) rows * actions;
        require("action", batch.action(), DType.I32, rows);
        require("now", batch.now(), DType.F32, all);
        require("judged", batch.judged(), DType.F32, all);
        require("then", batch.then(), DType.F32, all);
        require("legal", batch.legal(), DType.U8, all);
        require("reward", batch.reward(), DType.F32, rows);
        require("discount", batch.discount(), DType.F32, rows);
        if (batch.weight() != null) {
            require("weight", batch.weight(), DType.F32, rows);
        }
        require("gradient", result.gradient(), DType.F32, all);
        require("errors", result.errors(), DType.F32, rows);
        require("mean", result.mean(), DType.F32, 1);
        require("sum", result.sum(), DType.F32, 1);
    }

    private static void require(
            final String name, final Buffer buffer, final DType dtype, final long length) {
        if (buffer.dtype() != dtype || buffer.length() != length) {
            throw new IllegalArgumentException(
                    "huber: %s=%s, expected %s[%d]".formatted(name, buffer, dtype, length));
        }
    }
}
