/** Training beside a Python peer: the same network, demand, settings and budget, how fast and to which delay. */
package greenwave.bench.train;
