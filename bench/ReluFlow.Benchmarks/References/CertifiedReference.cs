using ReluFlow.Benchmarks.Peers;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Experiments;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.References;

/// <summary>θ*(T) with all its weights, as it agrees with the problem's <see cref="ReferenceFile"/>.</summary>
internal sealed class CertifiedReference
{
    private readonly ReferenceFile _file;

    private CertifiedReference(ReferenceFile file, ReluNetwork network, double loss)
    {
        _file = file;
        Network = network;
        Loss = loss;
    }

    /// <summary>θ*(T).</summary>
    public ReluNetwork Network { get; }

    /// <summary>L there.</summary>
    public double Loss { get; }

    /// <summary>An error below this is not resolved.</summary>
    public double Uncertainty => _file.Uncertainty;

    /// <summary>One line an agreement.</summary>
    public IReadOnlyList<string> Statements =>
    [
        $"Reference: {_file.Reference.Method}, {_file.Reference.Setting}: L = {Text.Error(Loss)}, ‖θ‖² = {Network.SquaredNorm:G12}. Convention: {_file.Convention}.",
        .. _file.Agreements.Where(agreement => agreement.Kind != AgreementKind.Quick).Select(Statement),
    ];

    /// <summary>Solves the problem with the reference's method, or takes what an earlier run left in the folder, and holds it against the file.</summary>
    /// <exception cref="InputException">It does not agree with the file.</exception>
    public static CertifiedReference Of(FlowProblem problem, string folder)
    {
        ReferenceFile file = ReferenceFile.Read(ReferenceFile.PathOf(problem));
        string path = Path.Combine(folder, $"{problem.Name}-reference.npz");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(folder);
            SolveProgram.Follow(problem.Training, problem.Time, Certification.Reference(problem), TimeSpan.FromHours(1)).WriteTo(path);
        }

        ReluNetwork network = PeerExchange.ReadResult(path, problem.Training.Start).Network;
        double loss = LossOf.Network(network, problem.Training);
        ReferenceSolution found = ReferenceSolution.Of("", "", [new TrajectoryPoint(problem.Time, loss, network)], file.Reference.Weights.Select(weight => (weight.Neuron, weight.Coordinate)));
        double distance = found.DistanceTo(file.Reference.AtEnd(), file.InitialLoss, 0);
        int digits = file.Agreements.First(agreement => agreement.Kind == AgreementKind.OtherOrder).Digits;
        return distance <= Math.Pow(10, -digits)
            ? new CertifiedReference(file, network, loss)
            : throw new InputException($"{path}: the reference is {Text.Error(distance)} away from {ReferenceFile.PathOf(problem)}, which states {digits} digits; delete the former, or certify {problem.Name} again.");
    }

    private static string Statement(Agreement agreement) =>
        $"{agreement.Method}, {agreement.Setting} agrees with it to {Text.Error(agreement.Distance)}{(agreement.Kind == AgreementKind.IndependentFirstOrder ? ", which is its own error, of first order" : "")}.";
}
