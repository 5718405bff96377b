/** The {@code greenwave-bench} command: figures, and what they are measured against. */
package greenwave.bench;
