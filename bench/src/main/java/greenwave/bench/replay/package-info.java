/** Prioritized replay measured beside the designs that were not taken: {@code greenwave-bench replay}. */
package greenwave.bench.replay;
