package greenwave.sim;

import greenwave.engine.env.AgentGroup;
import greenwave.sim.net.Network;
import greenwave.sim.net.TrafficLight;
import greenwave.sim.signal.ActionSpace;
import greenwave.sim.signal.Compat;
import greenwave.sim.signal.DefaultObservation;
import greenwave.sim.signal.ImageObservation;
import greenwave.sim.signal.Observation;
import greenwave.sim.signal.ProgramPhases;
import greenwave.sim.signal.Reading;
import greenwave.sim.signal.Reward;
import greenwave.sim.signal.Signal;
import greenwave.sim.signal.Switching;
import greenwave.sim.signal.SwitchingProgram;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The part of an environment that is the same in every world and episode: signals, their programs,
 * who shares a network with whom, and what must be read.
 *
 * @param agents the controlled signals in the network's order
 * @param groups signals of equal shape, named {@code <obs>x<actions>} and where they see images {@code
 *     +<channels>x<height>x<width>}, by first appearance; or each signal for itself, named by its id
 * @param incoming lanes of all agents
 * @param observed further lanes that observations and rewards ask for
 * @param outgoing lanes of all agents, none unless they are read
 * @param programId name of the installed programs, unused in the network
 */
record SignalLayout(
        Network network,
        Semantics semantics,
        Set<Reading> readings,
        List<Agent> agents,
        List<AgentGroup> groups,
        List<String> incoming,
        List<String> observed,
        List<String> outgoing,
        String programId) {
    /**
     * A controlled signal.
     *
     * @param group index of its group; {@link #PASSIVE} without a choice: it stays in its green
     * @param place index within its group
     */
    record Agent(Signal signal, SwitchingProgram program, int group, int place) {
        private static final int PASSIVE = -1;

        boolean isPassive() {
            return group == PASSIVE;
        }
    }

    /**
     * How signals are observed, acted on and rewarded.
     *
     * @param actions what agents choose between
     * @param switching when signals may change
     * @param observation what agents see
     * @param image what they see beside it
     * @param reward what agents earn
     * @param sharing whether agents of one shape form a group; else each forms its own
     */
    record Semantics(
            ActionSpace actions,
            Switching switching,
            Observation observation,
            Optional<ImageObservation> image,
            Supplier<Reward> reward,
            boolean sharing) {
        /** sumo-rl's. */
        static final Semantics DEFAULT =
                new Semantics(
                        new ProgramPhases(Compat.NONE),
                        SignalTiming.DEFAULT,
                        new DefaultObservation(),
                        Optional.empty(),
                        Reward.named("diff-waiting-time"),
                        true);
    }

    /**
     * Lays out the signals of {@code network}.
     *
     * @param watched readings that somebody else asks for
     * @throws SumoException if none can be controlled
     */
    static SignalLayout of(
            final Network network, final Semantics semantics, final Set<Reading> watched) {
        final List<Signal> signals = Signal.controllable(network, semantics.actions);
        final Observation observation = semantics.observation;
        final EnumSet<Reading> readings = EnumSet.noneOf(Reading.class);
        readings.addAll(observation.readings());
        semantics.image.ifPresent(image -> readings.addAll(image.readings()));
        final Reward reward = semantics.reward.get();
        readings.addAll(reward.readings());
        readings.addAll(watched);
        final Map<String, List<Signal>> byShape = new LinkedHashMap<>();
        final List<Agent> agents = new ArrayList<>();
        final Set<String> incoming = new LinkedHashSet<>();
        final Set<String> observed = new LinkedHashSet<>();
        final Set<String> outgoing = new LinkedHashSet<>();
        for (final Signal signal : signals) {
            final SwitchingProgram program =
                    new SwitchingProgram(signal, semantics.switching.yellowTime());
            if (signal.greens().size() < 2) {
                agents.add(new Agent(signal, program, Agent.PASSIVE, 0));
            } else {
                final String shape = semantics.sharing ? shape(signal, semantics) : signal.id();
                final List<Signal> group = byShape.computeIfAbsent(shape, _ -> new ArrayList<>());
                final int index = List.copyOf(byShape.keySet()).indexOf(shape);
                agents.add(new Agent(signal, program, index, group.size()));
                group.add(signal);
            }
            incoming.addAll(signal.lanes());
            observed.addAll(observation.lanes(signal));
            observed.addAll(reward.lanes(signal));
            if (readings.contains(Reading.OUTGOING)) {
                outgoing.addAll(signal.outgoingLanes());
            }
        }
        final List<AgentGroup> groups = new ArrayList<>();
        byShape.forEach((shape, members) -> groups.add(group(shape, members, semantics)));
        return new SignalLayout(
                network,
                semantics,
                readings,
                List.copyOf(agents),
                List.copyOf(groups),
                List.copyOf(incoming),
                List.copyOf(observed),
                List.copyOf(outgoing),
                freeProgramId(network));
    }

    private void requireOwnPrograms() {
        final List<Agent> inNetwork =
                agents.stream().filter(agent -> agent.program.belongsInNetwork()).toList();
        if (inNetwork.isEmpty()) {
            return;
        }
        final List<TrafficLight> bare = Network.read(network.file(), List.of()).trafficLights();
        for (final Agent agent : inNetwork) {
            if (!bare.contains(agent.signal.light())) {
                throw new SumoException(
                        "signal %s has a program in an additional file and phases that SUMO takes from a network only, expected all of its programs in the network"
                                .formatted(agent.signal.id()));
            }
        }
    }

    /** {@return whether anybody asks for {@code reading}} */
    boolean reads(final Reading reading) {
        return readings.contains(reading);
    }

    private static String shape(final Signal signal, final Semantics semantics) {
        final String vector = semantics.observation.size(signal) + "x" + signal.greens().size();
        return semantics
                .image
                .map(image -> image.size(signal))
                .map(i -> "%s+%dx%dx%d".formatted(vector, i.channels(), i.height(), i.width()))
                .orElse(vector);
    }

    private static AgentGroup group(
            final String shape, final List<Signal> members, final Semantics semantics) {
        final Signal first = members.getFirst();
        return new AgentGroup(
                shape,
                members.stream().map(Signal::id).toList(),
                semantics.observation.size(first),
                first.greens().size(),
                semantics.image.map(image -> image.size(first)).orElse(null));
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

    /** {@return the additional file that installs the programs of all agents but {@link #networkPrograms}} */
    String programs() {
        final StringBuilder xml = new StringBuilder("<additional>\n");
        agents.stream()
                .filter(agent -> !agent.program.belongsInNetwork())
                .forEach(agent -> agent.program.write(programId, xml));
        return xml.append("</additional>\n").toString();
    }

    /**
     * {@return the programs that must stand in the network file; empty if there is none}
     *
     * @throws SumoException if such a signal's program comes from an additional file, which would run instead
     */
    String networkPrograms(final boolean additional) {
        final StringBuilder xml = new StringBuilder();
        if (additional) {
            requireOwnPrograms();
        }
        agents.stream()
                .filter(agent -> agent.program.belongsInNetwork())
                .forEach(agent -> agent.program.write(programId, xml));
        return xml.toString();
    }
}
