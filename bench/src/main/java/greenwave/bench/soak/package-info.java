/** What thousands of episodes leave behind. */
package greenwave.bench.soak;
