package greenwave.kernels;

/**
 * Where a batch of B transitions of A actions is read: its columns. Those that it lacks are null.
 *
 * @param size B
 * @param obs f32 [B, D]
 * @param image u8 [B, C, H, W]
 * @param action i32 [B]
 * @param reward f32 [B]
 * @param discount f32 [B]
 * @param nextObs f32 [B, D]
 * @param nextImage u8 [B, C, H, W]
 * @param nextLegal u8 [B, A]
 * @param weight f32 [B]
 */
public record BatchBuffers(
        int size,
        Buffer obs,
        Buffer image,
        Buffer action,
        Buffer reward,
        Buffer discount,
        Buffer nextObs,
        Buffer nextImage,
        Buffer nextLegal,
        Buffer weight) {}
