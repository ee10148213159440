using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>All that the statements on orthogonal inputs assume of a problem, with what fails and for whom.</summary>
/// <param name="Violations">One line for each assumption that fails; empty where all hold.</param>
/// <remarks>Source: [GF], section 3; the reading of "λ small enough" is ours, <see cref="SmallStartAssumption"/>.</remarks>
public sealed record OrthogonalAssumptions(IReadOnlyList<string> Violations)
{
    /// <summary>Whether all hold.</summary>
    public bool Hold => Violations.Count == 0;

    /// <summary>Checks a problem with one output. An assumption that cannot be stated where another fails is left out. Cost O(n² d + n m d).</summary>
    public static OrthogonalAssumptions Check(TrainingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        if (problem.Loss != Loss.Squared || problem.Data.OutputDimension != 1)
        {
            return new OrthogonalAssumptions([$"the loss is {problem.Loss.Name} on {problem.Data.OutputDimension} target(s) a sample; the squared loss on one is expected"]);
        }

        string? ofData = OrthogonalAssumption.Check(problem.Data).Violation;
        (string Name, string? Violation)[] found =
        [
            ("(1), orthogonal inputs,", ofData),
            ("(2), a neuron that sees its sign,", OrthogonalStartAssumption.Check(problem.Start, problem.Data).Violation),
            ("(3), different rates,", ofData is null ? EqualRates(problem.Data) : null),
            ("of a balanced start", BalancedStartAssumption.Check(problem.Start).Violation),
            ("of a small start", SmallStartAssumption.Check(problem.Start, problem.Data).Violation),
        ];
        return new OrthogonalAssumptions([.. found.Where(each => each.Violation is not null).Select(each => $"assumption {each.Name} fails: {each.Violation}")]);
    }

    private static string? EqualRates(Dataset data)
    {
        var predictions = new OrthogonalPredictions(data);
        return predictions.RatesDiffer ? null : FormattableString.Invariant($"‖D_+‖ = ‖D_−‖ = {predictions.Jumps[0].Rate:G6}");
    }
}
