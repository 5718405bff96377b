package greenwave.sim;

import java.util.HashSet;
import java.util.Set;

/** All that was played, and the processes that played it. */
record Play(Played played, Set<Long> processes, long recovered) {
    static Play of(final SumoVecEnvBuilder builder, final int decisions) {
        final Set<Long> processes = new HashSet<>();
        try (SumoVecEnv env = builder.open()) {
            final Played played =
                    Played.of(
                            env,
                            decisions,
                            decision ->
                                    Leftovers.sumos().forEach(sumo -> processes.add(sumo.pid())));
            return new Play(played, processes, env.recovered());
        }
    }
}
