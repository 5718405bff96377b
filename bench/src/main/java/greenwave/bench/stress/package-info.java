/** jcstress tests of the lock-free classes: {@code greenwave-bench stress}. */
package greenwave.bench.stress;
