/**
 * Trace once, replay for ever. A model written with {@link greenwave.engine.tensor.Tensor}'s methods is recorded in a
 * {@link greenwave.engine.autograd.Trace} for fixed shapes, and built into a {@link greenwave.engine.autograd.Plan}: a
 * flat list of kernel calls over preallocated buffers, gradients included. What an op is stands in one row of {@link
 * greenwave.engine.autograd.Ops}.
 */
package greenwave.engine.autograd;
