using ReluFlow.Capacity.Tickets;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Tickets;

/// <summary>What a study of lottery tickets does with its experiment.</summary>
public sealed record TicketRequest
{
    /// <summary>Unit, rounds, share and rewinding; the seed of its controls is that of each start.</summary>
    public TicketOptions Options { get; init; } = new();

    /// <summary>How many starts, from as many seeds: that of the spec and those after it. The data stay.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>The most threads that work on a run; 0 takes all processors. Results do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>The clock of <c>stop.wall</c>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Makes sure that an experiment can be studied so.</summary>
    /// <exception cref="InputException">It cannot.</exception>
    public void RequireFits(ExperimentSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (Options.Unit == TicketUnit.Weight && spec.Dynamics is not DescentSpec)
        {
            throw new InputException($"the unit is weight, which a descent can mask; dynamics.method is {spec.Dynamics.Method}: gradient-descent or adam is expected, or the unit neuron.");
        }

        if (Seeds > 1 && !spec.Initial.IsDrawn)
        {
            throw new InputException($"{Seeds} seeds are asked for; initial.{(spec.Initial.Scheme == InitialScheme.File ? "scheme is file" : "neurons is quadrature")}, a start that is not drawn: 1 is expected.");
        }

        RequireBeforeTheEnd("rewinding", Options.RewindTime, spec);
        RequireBeforeTheEnd("late", Options.LateTime ?? 0, spec);
    }

    private static void RequireBeforeTheEnd(string name, double time, ExperimentSpec spec)
    {
        double end = Math.Min(spec.Stop.Time ?? double.PositiveInfinity, spec.Dynamics is DescentSpec descent && spec.Stop.Steps is long steps ? steps * descent.Step : double.PositiveInfinity);
        if (time >= end)
        {
            throw new InputException(FormattableString.Invariant($"the {name} time is {time}; one before the end of training at {end} is expected."));
        }
    }
}
