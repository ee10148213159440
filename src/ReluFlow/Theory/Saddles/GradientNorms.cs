using ReluFlow.Flows;

namespace ReluFlow.Theory.Saddles;

/// <summary>‖∇L‖ at the kept points of a trajectory.</summary>
public static class GradientNorms
{
    /// <summary>
    /// ln ‖∇L‖ of every kept point: the minimum-norm subgradient by the gates as the run held them, so that a neuron that slides counts by its motion; of a descent a neuron that chatters across a boundary counts as one
    /// that slides. Cost O(points · n m (d + c)).
    /// </summary>
    /// <param name="trajectory">A run, with the points that were kept.</param>
    /// <param name="problem">What was trained.</param>
    public static double[] LogsAlong(Trajectory trajectory, TrainingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(problem);
        var gates = new GateHistory(trajectory, problem.Data);
        return [.. trajectory.Points.Select(point => gates.PieceAt(point, problem).LogGradientNorm)];
    }
}
