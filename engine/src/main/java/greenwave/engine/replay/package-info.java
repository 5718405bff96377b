/** Stores transitions and draws batches of them into the inputs of a plan. */
package greenwave.engine.replay;
