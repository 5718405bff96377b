package greenwave.sim.oracle;

import java.nio.file.Path;

/**
 * How one recording compares.
 *
 * @param file the recording
 * @param rows its decisions
 * @param values values compared
 * @param mismatches values that differ
 * @param firstDifference the first of them; empty if there is none
 * @param excuse why differences do not count; empty if they do
 */
public record OracleReport(
        Path file, int rows, long values, long mismatches, String firstDifference, String excuse) {
    /** {@return whether there is a difference that counts} */
    public boolean failed() {
        return mismatches > 0 && excuse.isEmpty();
    }
}
