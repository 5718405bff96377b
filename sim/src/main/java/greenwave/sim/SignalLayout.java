package greenwave.sim;

import greenwave.engine.env.AgentGroup;
import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight;
import greenwave.sim.signal.Observation;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.SwitchingProgram;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The part of an environment that is the same in every world and episode: signals, their programs,
 * who shares a network with whom, and what must be read.
 *
 * @param agents the controlled signals in the network's order
 * @param groups signals of equal shape, named {@code <obs>x<actions>}, by first appearance
 * @param incoming lanes of all agents
 * @param outgoing lanes of all agents, none unless they are read
 * @param programId name of the installed programs, unused in the network
 */
record SignalLayout(
        Network network,
        SignalTiming timing,
        Observation observation,
        Supplier<Reward> reward,
        Set<Reading> readings,
        List<Agent> agents,
        List<AgentGroup> groups,
        List<String> incoming,
        List<String> outgoing,
        String programId) {
    /**
     * A controlled signal.
     *
     * @param group index of its group
     * @param place index within its group
     */
    record Agent(Signal signal, SwitchingProgram program, int group, int place) {}

    static SignalLayout of(
            final Network network,
            final SignalTiming timing,
            final Observation observation,
            final Supplier<Reward> reward) {
        final List<Signal> signals = Signal.controllable(network);
        final EnumSet<Reading> readings = EnumSet.noneOf(Reading.class);
        readings.addAll(observation.readings());
        readings.addAll(reward.get().readings());
        final Map<String, List<Signal>> byShape = new LinkedHashMap<>();
        final List<Agent> agents = new ArrayList<>();
        final Set<String> incoming = new LinkedHashSet<>();
        final Set<String> outgoing = new LinkedHashSet<>();
        for (final Signal signal : signals) {
            final String shape = observation.size(signal) + "x" + signal.greens().size();
            final List<Signal> group = byShape.computeIfAbsent(shape, _ -> new ArrayList<>());
            final int index = List.copyOf(byShape.keySet()).indexOf(shape);
            final SwitchingProgram program = new SwitchingProgram(signal, timing.yellowTime());
            agents.add(new Agent(signal, program, index, group.size()));
            group.add(signal);
            incoming.addAll(signal.lanes());
            if (readings.contains(Reading.OUTGOING)) {
                outgoing.addAll(signal.outgoingLanes());
            }
        }
        final List<AgentGroup> groups = new ArrayList<>();
        byShape.forEach((shape, members) -> groups.add(group(shape, members, observation)));
        return new SignalLayout(
                network,
                timing,
                observation,
                reward,
                readings,
                List.copyOf(agents),
                List.copyOf(groups),
                List.copyOf(incoming),
                List.copyOf(outgoing),
                freeProgramId(network));
    }

    private static AgentGroup group(
            final String shape, final List<Signal> members, final Observation observation) {
        final Signal first = members.getFirst();
        return new AgentGroup(
                shape,
                members.stream().map(Signal::id).toList(),
                observation.size(first),
                first.greens().size());
    }

    private static String freeProgramId(final Network network) {
        final StringBuilder id = new StringBuilder("greenwave");
        while (network.trafficLights().stream()
                .flatMap(light -> light.programs().stream())
                .map(TrafficLight.Program::id)
                .anyMatch(id.toString()::equals)) {
            id.append('_');
        }
        return id.toString();
    }

    /** {@return the additional file that installs the programs of all agents} */
    String programs() {
        final StringBuilder xml = new StringBuilder("<additional>\n");
        for (final Agent agent : agents) {
            agent.program.write(programId, xml);
        }
        return xml.append("</additional>\n").toString();
    }
}
