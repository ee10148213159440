using ReluFlow.Capacity.Tickets;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Tests.Flows;

namespace ReluFlow.Tests.Capacity.Tickets;

/// <summary>Small trainings that the ticket tests share.</summary>
internal static class TicketProblems
{
    public const int Width = 12, Inputs = 4, Samples = 7;

    /// <summary>Descent from a start of order one on random data, kept at ten times.</summary>
    public static TicketTraining Descent(string law = "full", int threads = 1, long steps = 60)
    {
        Dataset data = FlowProblems.RandomData(Samples, Inputs, 1, 5);
        ReluNetwork Draw(ulong seed) => Initialization.Balanced(Width, Inputs, hasBias: false, FlowProblems.Scale("1"), seed);
        return new TicketTraining
        {
            Problem = new TrainingProblem(data, Draw(3), Loss.Squared),
            Law = mask => Law(law, mask, threads),
            Stop = new StopRule { Steps = steps },
            Saves = SaveTimes.Linear(3, 11),
            Redraw = Draw,
        };
    }

    /// <summary>The orthogonal toy from a start so small that the limit λ → 0 is reached to the flow's tolerance.</summary>
    public static TicketTraining OrthogonalFlow() => new()
    {
        Problem = FlowProblems.OrthogonalToy("1e-30"),
        Law = _ => new BoostFlow(new BoostFlowOptions { Tolerance = 1e-8 }),
        Stop = new StopRule { Time = 400 },
        Saves = SaveTimes.Linear(400, 101),
    };

    public static TicketRound[] Follow(TicketTraining training, TicketOptions? options = null) => [.. new TicketSearch(training, options).Follow()];

    private static IDynamics Law(string name, WeightMask? mask, int threads) => name switch
    {
        "full" => new GradientDescent(new GradientDescentOptions { Step = 0.05, Mask = mask, MaximumThreads = threads }),
        "momentum" => new GradientDescent(new GradientDescentOptions { Step = 0.02, Batch = 3, Momentum = 0.9, Mask = mask, MaximumThreads = threads }),
        _ => new Adam(new AdamOptions { Step = 0.01, Batch = 3, Mask = mask, MaximumThreads = threads }),
    };
}
