/**
 * Networks. A {@link greenwave.engine.nn.Module} is a description without numbers; {@link
 * greenwave.engine.nn.Parameters} hold the numbers, under the names PyTorch gives them.
 */
package greenwave.engine.nn;
