package greenwave.kernels;

import java.util.List;
import java.util.Optional;

/**
 * What is to be said of one kind of backend on this machine.
 *
 * @param name what it is asked for by
 * @param refusal why it cannot be used here; empty if it can
 * @param findings what was found, usable or not, line by line
 */
public record BackendReport(String name, Optional<String> refusal, List<String> findings) {}
