using ReluFlow.Benchmarks.Problems;
using ReluFlow.Benchmarks.References;
using ReluFlow.Experiments;
using ReluFlow.Flows;

namespace ReluFlow.Benchmarks.Tests;

/// <summary>The committed references: their methods agree as stated, and what is computed now agrees with them.</summary>
public sealed class ReferenceFileTests
{
    /// <summary>2 (1/√1.25 + 1/√5): the least ‖θ‖² that interpolates the orthogonal toy, which the flow from λ → 0 reaches; λ = 1e-6 changes it by its square.</summary>
    private static readonly double s_leastSquaredNorm = 2 * ((1 / Math.Sqrt(1.25)) + (1 / Math.Sqrt(5)));

    private const double SquaredScale = 1e-9;

    public static TheoryData<string> Names => [.. FlowProblem.All.Select(problem => problem.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void File_ItsMethods_AgreeToTheDigitsStated(string name)
    {
        ReferenceFile file = Read(name);
        file.Agreements.Count(agreement => agreement.Kind is AgreementKind.Independent or AgreementKind.IndependentFirstOrder).ShouldBe(1);
        for (int i = 0; i < file.Agreements.Count; i++)
        {
            file.Agreements[i].Digits.ShouldBeGreaterThan(0, file.Agreements[i].Method);
            for (int time = 0; time < file.Times.Count; time++)
            {
                file.Solutions[i + 1].DistanceTo(file.Reference, file.InitialLoss, time).ShouldBeLessThanOrEqualTo(Math.Pow(10, -file.Agreements[i].Digits), $"{file.Agreements[i].Method}, t = {file.Times[time]}");
            }
        }
    }

    /// <summary>The quick setting, computed now, against the two slow ones of the file.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void File_ComputedNow_AgreesToTheDigitsStated(string name)
    {
        FlowProblem problem = FlowProblem.All.Single(candidate => candidate.Name == name);
        ReferenceFile file = Read(name);
        (file.Title, file.Convention).ShouldBe((problem.Title, problem.Convention));
        file.Times.ShouldBe(Certification.TimesOf(problem));
        IReadOnlyList<TrajectoryPoint> points = Certification.Solve(problem, Certification.Quick(problem));
        var now = ReferenceSolution.Of("now", "", points, file.Reference.Weights.Select(weight => (weight.Neuron, weight.Coordinate)));
        Agreement quick = file.Agreements.Single(agreement => agreement.Kind == AgreementKind.Quick);
        for (int time = 0; time < file.Times.Count; time++)
        {
            now.DistanceTo(file.Reference, file.InitialLoss, time).ShouldBeLessThanOrEqualTo(Math.Pow(10, -quick.Digits), $"t = {file.Times[time]}");
        }
    }

    [Fact]
    public void File_OfTheOrthogonalToy_HasTheNormInClosedForm()
    {
        double norm = Read("toy2").Reference.Norms[^1];
        (norm * norm).ShouldBe(s_leastSquaredNorm, SquaredScale);
    }

    [Fact]
    public void DistanceTo_OneValueOff_IsThatDifference()
    {
        ReferenceSolution solution = new("a", "", [0.5], [2], [new WeightCourse(0, 0, [1]), new WeightCourse(1, 0, [-1])]);
        solution.DistanceTo(solution, 1, 0).ShouldBe(0);
        (solution with { Losses = [0.75] }).DistanceTo(solution, initialLoss: 2, 0).ShouldBe(0.125);
        (solution with { Norms = [3] }).DistanceTo(solution, 1, 0).ShouldBe(0.5);
        (solution with { Weights = [new WeightCourse(0, 0, [1]), new WeightCourse(1, 0, [-2])] }).DistanceTo(solution, 1, 0).ShouldBe(0.5);
    }

    [Theory]
    [InlineData(4.9e-13, 12)]
    [InlineData(5.1e-13, 11)]
    [InlineData(0, 15)]
    public void Agreement_Digits_AllowTwiceTheDistance(double distance, int digits) => Agreement.Of("a", "", AgreementKind.Independent, distance).Digits.ShouldBe(digits);

    [Fact]
    public void Read_NoReference_SaysWhatIsExpected()
    {
        using var folder = new TemporaryFolder();
        Should.Throw<InputException>(() => ReferenceFile.Read(folder["absent.json"])).Message.ShouldContain("cannot be read");
        Should.Throw<InputException>(() => ReferenceFile.Read(folder.Write("cut.json", "{"))).Message.ShouldContain("line 1: not a reference");
    }

    private static ReferenceFile Read(string name) => ReferenceFile.Read(Path.Combine(Checkout.Root, "bench", "references", $"{name}.json"));
}
