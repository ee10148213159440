namespace ReluFlow.Flows.Boost;

/// <summary>The neurons of one gate pattern and output sign: consecutive rows of the table, and what the network's output needs of them.</summary>
/// <param name="Pattern">The number of the pattern.</param>
/// <param name="Sign">The sign of a.</param>
/// <param name="First">The first row.</param>
/// <param name="Count">How many rows.</param>
/// <param name="LogScale">ρ of the largest: the unit of weights and moment.</param>
/// <param name="Moment">S = Σ e^{2ρ} v vᵀ in units of e^{2 LogScale}.</param>
internal readonly record struct Cell(int Pattern, int Sign, int First, int Count, double LogScale, CellMoment Moment);
