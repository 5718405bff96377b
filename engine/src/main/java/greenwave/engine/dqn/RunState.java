package greenwave.engine.dqn;

import greenwave.engine.env.WorldPosition;
import greenwave.engine.replay.NStep;

import java.util.List;
import java.util.Map;

/**
 * Where a run stands between two steps, beside its tensors and replays.
 *
 * @param format {@link SavedRun#FORMAT}
 * @param backend what computed: another one may round otherwise
 * @param streams states of the engine's random streams, by purpose
 * @param envSeed what the environment was reset with
 * @param worlds where each world stands
 * @param envSteps decisions so far, over all worlds
 * @param episodes ended so far, over all worlds
 * @param owed updates that are due, a fraction
 * @param updates each learner's
 * @param losses what the loss of an episode is told by
 * @param memories steps that no transition starts from yet, by learner; null if the replays are not saved
 * @param lastEpisodes the last ten that ended
 * @param seconds wall clock so far
 * @param notes what the caller keeps beside
 */
record RunState(
        String format,
        String backend,
        Map<String, List<Long>> streams,
        long envSeed,
        List<WorldPosition> worlds,
        long envSteps,
        long episodes,
        double owed,
        List<Long> updates,
        LossMeter.State losses,
        List<NStep.State> memories,
        List<EpisodeReport> lastEpisodes,
        double seconds,
        Map<String, String> notes) {}
