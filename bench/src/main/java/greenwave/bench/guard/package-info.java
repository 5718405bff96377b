/**
 * What guards the figures: hot paths beside a floor that the machine sets, in turns, and the ratios compared with those on
 * record.
 */
package greenwave.bench.guard;
