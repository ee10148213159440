using ReluFlow.Flows;

namespace ReluFlow.Lab.Sessions;

/// <summary>A saved point of a run.</summary>
/// <param name="Index">Its place in the trajectory, from 0.</param>
/// <param name="Point">The point.</param>
/// <param name="IsLast">Whether it is the end of the run.</param>
internal readonly record struct SavedPoint(int Index, TrajectoryPoint Point, bool IsLast);
