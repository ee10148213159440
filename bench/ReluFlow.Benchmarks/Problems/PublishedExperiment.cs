namespace ReluFlow.Benchmarks.Problems;

/// <summary>An experiment that was published as so many steps of descent.</summary>
/// <param name="Steps">The number of steps.</param>
/// <param name="Step">s, so that Steps · s is the time of the problem.</param>
/// <param name="Source">Where.</param>
/// <param name="Large">The same problem at the published width.</param>
/// <param name="LargeTolerance">The tolerance at which the event-exact flow runs it.</param>
internal sealed record PublishedExperiment(long Steps, double Step, string Source, FlowProblem Large, double LargeTolerance);
