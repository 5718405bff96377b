package greenwave.sim.app;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import greenwave.engine.dqn.TrainReport;
import greenwave.sim.Scenario;
import greenwave.sim.SumoVecEnv;
import greenwave.sim.signal.Switching;

import java.util.Map;

/**
 * What it takes to tell one run from another, and how fast it was.
 *
 * @param greenwave version
 * @param sumo version
 * @param jdk version
 * @param backend what computed
 * @param transport how SUMO was spoken to
 * @param scenario name
 * @param seed training seed
 * @param worlds SUMO worlds side by side
 * @param sha256 of the network, route and additional files by name
 * @param stepLength seconds simulated per SUMO step
 * @param timing when signals could change, seconds
 * @param memory what the run could take
 * @param episodes ended
 * @param envSteps decisions over all worlds
 * @param updates gradient steps over all networks
 * @param recovered how often a world was lost and started anew
 * @param wallSeconds of training, before it was resumed too
 * @param envStepsPerSecond of wall clock
 * @param updatesPerSecond of wall clock
 * @param maxPressure when it was as good as MaxPressure; null where training does not judge its policy
 */
@JsonPropertyOrder({
    "greenwave",
    "sumo",
    "jdk",
    "backend",
    "transport",
    "scenario",
    "seed",
    "worlds",
    "sha256",
    "stepLength",
    "timing",
    "memory",
    "episodes",
    "envSteps",
    "updates",
    "recovered",
    "wallSeconds",
    "envStepsPerSecond",
    "updatesPerSecond",
    "maxPressure"
})
record Summary(
        String greenwave,
        String sumo,
        String jdk,
        String backend,
        String transport,
        String scenario,
        long seed,
        int worlds,
        Map<String, String> sha256,
        double stepLength,
        Switching timing,
        MemoryUse memory,
        long episodes,
        long envSteps,
        long updates,
        long recovered,
        double wallSeconds,
        double envStepsPerSecond,
        double updatesPerSecond,
        MaxPressureReached maxPressure) {
    /** {@return the summary of a run in {@code env} that has ended} */
    static Summary of(
            final Scenario scenario,
            final TrainConfig config,
            final SumoVecEnv env,
            final String backend,
            final MemoryUse memory,
            final TrainReport report,
            final MaxPressureReached maxPressure) {
        return new Summary(
                Versions.greenwave(),
                env.simulator(),
                Versions.jdk(),
                backend,
                env.transport().label(),
                scenario.sumo().name(),
                config.seed(),
                config.worlds(),
                scenario.sha256(),
                scenario.sumo().stepLength(),
                config.timing(),
                memory,
                report.episodes(),
                report.envSteps(),
                report.updates(),
                report.recovered(),
                report.seconds(),
                report.envStepsPerSecond(),
                report.updatesPerSecond(),
                maxPressure);
    }
}
