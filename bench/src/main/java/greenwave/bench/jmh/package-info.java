/** JMH benchmarks that guard the hot paths. */
package greenwave.bench.jmh;
