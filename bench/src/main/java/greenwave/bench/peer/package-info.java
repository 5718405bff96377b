/**
 * Greenwave beside other engines, on the same data from the same weights. Each engine runs in a process of its own, with
 * the environment that suits it, and waits while the other one is timed.
 */
package greenwave.bench.peer;
