namespace ReluFlow.Tests.Work;

/// <summary>Runs cost the steps, passes, gate changes and memory that the committed table says: a change that makes them dearer is seen without a clock.</summary>
/// <remarks>The table is no oracle of what is right, only of what it costs.</remarks>
public class WorkTests
{
    public static TheoryData<string> Problems { get; } = [.. WorkProblem.All.Keys];

    [Theory]
    [MemberData(nameof(Problems))]
    public void Run_OfAProblem_CostsWhatTheTableSays(string problem)
    {
        IReadOnlyDictionary<string, long> counts = WorkProblem.All[problem]().Count();
        if (Environment.GetEnvironmentVariable(WorkTable.Update) == "1")
        {
            WorkTable.Write(problem, counts);
        }

        WorkTable.Differences(WorkTable.Of(problem), counts).ShouldBeEmpty(
            $"If this is meant, write the table anew: {WorkTable.Update}=1 dotnet test -c Release test/ReluFlow.Tests --filter FullyQualifiedName~{nameof(WorkTests)}");
    }

    [Fact]
    public void Table_Problems_AreThoseThatAreRun() => WorkTable.Problems.ShouldBe(WorkProblem.All.Keys, ignoreOrder: true);

    [Theory]
    [InlineData("sweeps", 1000, 1050, true)]
    [InlineData("sweeps", 1000, 950, true)]
    [InlineData("sweeps", 1000, 1051, false)]
    [InlineData("sweeps", 1000, 2000, false)]
    [InlineData("sweeps", 1000, 940, false)]
    [InlineData("rejected", 0, 2, true)]
    [InlineData("rejected", 0, 3, false)]
    [InlineData(WorkTable.Bytes, 1000, 1250, true)]
    [InlineData(WorkTable.Bytes, 1000, 1251, false)]
    [InlineData(WorkTable.Bytes, 1000, 10, true)]
    [InlineData(WorkTable.Bytes, 0, 256, true)]
    public void Differences_OneCount_AreReportedBeyondTheAllowance(string quantity, long was, long count, bool isAllowed) =>
        WorkTable.Differences(new Dictionary<string, long> { [quantity] = was }, new Dictionary<string, long> { [quantity] = count }).Count.ShouldBe(isAllowed ? 0 : 1);

    [Fact]
    public void Differences_QuantityOnOneSideOnly_IsReported()
    {
        var none = new Dictionary<string, long>();
        var one = new Dictionary<string, long> { ["steps"] = 1 };

        WorkTable.Differences(none, one).ShouldHaveSingleItem().ShouldContain("not in the table");
        WorkTable.Differences(one, none).ShouldHaveSingleItem().ShouldContain("no longer counted");
    }
}
