package greenwave.kernels.cuda;

import java.util.Locale;

/** The device functions behind {@link CudaKernels}, each with the source file in {@code src/main/cuda} that defines it. */
enum KernelName {
    FILL("elementwise"),
    COPY_WORDS("elementwise"),
    COPY_BYTES("elementwise"),
    ADD("elementwise"),
    SUB("elementwise"),
    MUL("elementwise"),
    DIVIDE("elementwise"),
    AFFINE("elementwise"),
    RELU("elementwise"),
    CLAMP_TO("elementwise"),
    ADD_SCALED("elementwise"),
    ADD_PRODUCT("elementwise"),
    ADD_SCALAR("elementwise"),
    ADD_RELU_GRADIENT("elementwise"),
    MASK_BY_POSITIVE("elementwise"),
    HUBER("elementwise"),
    ADD_HUBER_GRADIENT("elementwise"),
    LERP("elementwise"),
    ADD_DIVIDEND_GRADIENT("elementwise"),
    ADD_DIVISOR_GRADIENT("elementwise"),
    FROM_BYTES("elementwise"),
    ADD_BIAS("elementwise"),
    UNARY("elementwise"),
    ADD_UNARY_GRADIENT("elementwise"),
    COPY_VIEW("views"),
    ADD_VIEW("views"),
    SUM_ELEMENTS("sums"),
    SUM_PRODUCTS("sums"),
    MASK_AND_SUM("sums"),
    ADD_UP_SPLITS("sums"),
    SUM_SQUARES("sums"),
    SCALE_TO_NORM("sums"),
    CHANNEL_MOMENTS("norms"),
    END_MOMENTS("norms"),
    VARIANCE_OF_INVERSE("norms"),
    STANDARDISE("norms"),
    SUM_SLOPES("norms"),
    END_TOTALS("norms"),
    ADD_STANDARDISE_GRADIENT("norms"),
    CHANNEL_AFFINE("norms"),
    ADD_CHANNEL_SCALED("norms"),
    ADD_CHANNEL_SHIFT("norms"),
    LINEAR_TILE("layers"),
    LINEAR_GRADIENTS("layers"),
    GATHER("rows"),
    ADD_SCATTER("rows"),
    ROW_MAX("rows"),
    ROW_ARG_MAX("rows"),
    ADD_ROW_MAX_GRADIENT("rows"),
    ADD_EVEN_ROW_MAX_GRADIENT("rows"),
    GATHER_ROWS_OF_WORDS("rows"),
    GATHER_ROWS_OF_BYTES("rows"),
    ADD_SCATTER_ROWS("rows"),
    FLAT_INDEX("rows"),
    SOFTMAX("rows"),
    ADD_SOFTMAX_GRADIENT("rows"),
    PROJECT_CATEGORICAL("distributions"),
    QUANTILE_HUBER("distributions"),
    ADD_QUANTILE_HUBER_GRADIENT("distributions"),
    DROPOUT_MASK("random"),
    DRAW_NORMAL("random"),
    COUNT_DRAW("random"),
    MAX_POOL("images"),
    AVERAGE_POOL("images"),
    ADD_MAX_POOL_GRADIENT("images"),
    ADD_AVERAGE_POOL_GRADIENT("images"),
    ADAM_W("optimizers"),
    SGD("optimizers"),
    RMS_PROP("optimizers");

    private final String family;

    KernelName(final String family) {
        this.family = family;
    }

    /** {@return the source file, without its ending} */
    String family() {
        return family;
    }

    /** {@return its name there: {@code copyWords} for {@code COPY_WORDS}} */
    String function() {
        final StringBuilder text = new StringBuilder();
        for (final String word : name().split("_")) {
            text.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        text.setCharAt(0, Character.toLowerCase(text.charAt(0)));
        return text.toString();
    }
}
