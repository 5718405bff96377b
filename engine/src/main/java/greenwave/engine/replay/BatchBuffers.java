package greenwave.engine.replay;

import greenwave.kernels.Buffer;

/**
 * Where a plan reads a {@link Batch}: its columns.
 *
 * @param size B
 * @param obs f32 [B, D]
 * @param action i32 [B]
 * @param reward f32 [B]
 * @param discount f32 [B]
 * @param nextObs f32 [B, D]
 * @param nextLegal u8 [B, A]
 */
public record BatchBuffers(
        int size,
        Buffer obs,
        Buffer action,
        Buffer reward,
        Buffer discount,
        Buffer nextObs,
        Buffer nextLegal) {}
