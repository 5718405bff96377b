/** What changes parameters: sweeps over their slabs, to be appended to a training plan. */
package greenwave.engine.optim;
