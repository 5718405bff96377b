package greenwave.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Host memory in which new observations and transitions are handed to a {@link ResidentReplay}: columns with a row each, in
 * native byte order. What a layout has none of is empty.
 *
 * @param observations rows of {@code number}, {@code vector} and {@code image}
 * @param transitions rows of the others
 * @param number i32: of the observation, not negative
 * @param vector f32 [observations, vector]
 * @param image u8 [observations, image]
 * @param slot i32: which it goes to; no slot twice
 * @param stamp i32: other than the last one of that slot
 * @param observed i32: number of the observation that the action was taken on
 * @param next i32: number of the observation that came of it
 * @param action i32
 * @param reward f32
 * @param discount f32
 * @param legal u8 [transitions, actions]: what is legal on {@code next}
 */
public record ReplayStaging(
        int observations,
        int transitions,
        MemorySegment number,
        MemorySegment vector,
        MemorySegment image,
        MemorySegment slot,
        MemorySegment stamp,
        MemorySegment observed,
        MemorySegment next,
        MemorySegment action,
        MemorySegment reward,
        MemorySegment discount,
        MemorySegment legal) {}
