/** A test of the tests: a class that is wrong on purpose, and the stress test that must catch it. */
package greenwave.bench.stress.broken;
