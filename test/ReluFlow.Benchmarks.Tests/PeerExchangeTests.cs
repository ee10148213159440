using System.Globalization;
using ReluFlow.Benchmarks.Peers;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Experiments;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Tests;

/// <summary>Problems and results between this program, NumPy and C.</summary>
public sealed class PeerExchangeTests : IDisposable
{
    /// <summary>RK45 at relative tolerance 1e-6 from a start of 1e-6: measured 5e-7, a factor of 100 left.</summary>
    private const double SciPyError = 5e-5;

    /// <summary>Central differences with steps of 1e-6 on numbers of order ten.</summary>
    private const double JacobianError = 1e-6;

    private readonly TemporaryFolder _folder = new();
    private readonly FlowProblem _toy = FlowProblem.All[0];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Problem_ReadBack_IsTheSame()
    {
        PeerExchange.WriteProblem(_toy, _folder["problem.npz"]);
        (TrainingProblem training, double time) = PeerExchange.ReadProblem(_folder["problem.npz"]);
        time.ShouldBe(_toy.Time);
        training.Data.Inputs.Values.ToArray().ShouldBe(_toy.Training.Data.Inputs.Values.ToArray());
        training.Data.Targets.Values.ToArray().ShouldBe(_toy.Training.Data.Targets.Values.ToArray());
        ShouldBeSame(training.Start, _toy.Training.Start);
    }

    [Fact]
    public void Result_OfAnotherWidth_IsRefused()
    {
        new PeerResult(true, 1, new Cost(2, 3), 4, 5, _toy.Training.Start).WriteTo(_folder["result.npz"]);
        Should.Throw<InputException>(() => PeerExchange.ReadResult(_folder["result.npz"], FlowProblem.All[2].Training.Start)).Message.ShouldContain("w is 60 × 2; 100 × 40 is expected");
    }

    [Fact]
    public void Problem_WithoutAnArray_NamesIt()
    {
        new PeerResult(true, 1, new Cost(2, 3), 4, 5, _toy.Training.Start).WriteTo(_folder["result.npz"]);
        Should.Throw<InputException>(() => PeerExchange.ReadProblem(_folder["result.npz"])).Message.ShouldContain("there is no array 'X'");
    }

    [PythonFact]
    public void Result_ThroughPython_ComesBack()
    {
        PeerExchange.WriteProblem(_toy, _folder["problem.npz"]);
        PythonOracle.Run(
            """
            import sys
            sys.path.insert(0, sys.argv[1])
            import exchange
            problem = exchange.read(sys.argv[2])
            assert problem["X"].tolist() == [[-0.5, 1], [2, 1]] and problem["y"].tolist() == [-1, 1] and float(problem["time"]) == 60
            exchange.write(sys.argv[3], False, 1.5, exchange.Clock(1), 7, 6, lambda: (problem["w"], problem["a"], problem["rho"]))
            """,
            Peers,
            _folder["problem.npz"],
            _folder["result.npz"]);
        PeerResult result = PeerExchange.ReadResult(_folder["result.npz"], _toy.Training.Start);
        (result.Reached, result.Time, result.Evaluations, result.Steps).ShouldBe((false, 1.5, 7, 6));
        ShouldBeSame(result.Network, _toy.Training.Start);
    }

    /// <summary>The reader and the writer in C, between this program's file and NumPy, which checks the archive's checksums.</summary>
    [ProgramsFact("cc", "/usr/bin/python3")]
    public void Arrays_ThroughC_AreWhatNumPyReads()
    {
        PeerExchange.WriteProblem(_toy, _folder["problem.npz"]);
        string source = _folder.Write(
            "copy.c",
            """
            #include "npz.h"
            int main(int argc, char **argv)
            {
                size_t inputs, neurons;
                npz problem = npz_read(argv[argc - 2]);
                double *X = npz_array(problem, "X", &inputs), *rho = npz_array(problem, "rho", &neurons);
                npz_writer writer = { .file = fopen(argv[argc - 1], "wb") };
                npz_add(&writer, "X", X, inputs / 2, 2);
                npz_add(&writer, "rho", rho, neurons, 0);
                npz_end(&writer);
                return 0;
            }
            """);
        (int status, _, string error) = ExternalProgram.Run("cc", ["-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsanitize=undefined", "-I", Peers, source, "-o", _folder["copy"]]);
        status.ShouldBe(0, error);
        (status, _, error) = ExternalProgram.Run(_folder["copy"], [_folder["problem.npz"], _folder["copy.npz"]]);
        status.ShouldBe(0, error);
        error.ShouldBe("");
        string sums = PythonOracle.Run("import sys, numpy; f = numpy.load(sys.argv[1]); print(f['X'].tolist(), repr(float(f['rho'].sum())))", _folder["copy.npz"]).Trim();
        sums.ShouldStartWith("[[-0.5, 1.0], [2.0, 1.0]]");
        double.Parse(sums.Split(' ')[^1], CultureInfo.InvariantCulture).ShouldBe(_toy.Training.Start.LogScales.ToArray().Sum(), 1e-9);
    }

    [PythonFact]
    public void SciPy_OnAFlowWithoutSlides_ComesToTheReference()
    {
        PeerProgram scipy = new("/usr/bin/python3", [Path.Combine(Peers, "scipy_flow.py")]);
        ProgramContender contender = new("SciPy RK45", "1e-6", scipy, ["RK45", "1e-6"], _folder.Path);
        Finish finish = contender.Follow(_toy, TimeSpan.FromSeconds(60));
        finish.Reached.ShouldBeTrue(finish.Outcome);
        finish.Process.ShouldNotBeNull().ShouldBeGreaterThan(finish.Cost.Wall);
        ReluNetwork end = new BoostFlow(new BoostFlowOptions()).Follow(_toy.Training, new StopRule { Time = _toy.Time }, SaveTimes.EndsOnly).End.Network;
        TrueWeights.RelativeDistance(finish.Network, end).ShouldBeLessThan(SciPyError);
    }

    [PythonFact]
    public void SciPy_Jacobian_IsTheDifferencesOfTheField()
    {
        PeerExchange.WriteProblem(FlowProblem.All[1], _folder["problem.npz"]);
        string largest = PythonOracle.Run(
            """
            import sys
            sys.path.insert(0, sys.argv[1])
            import numpy as np, exchange, scipy_flow
            flow = scipy_flow.Flow(exchange.read(sys.argv[2]), exchange.Clock(1e9))
            state = np.random.default_rng(2).standard_normal(180)
            step = 1e-6
            differences = np.array([(flow.field(0, state + step * e) - flow.field(0, state - step * e)) / (2 * step) for e in np.eye(180)]).T
            print(abs(flow.jacobian(0, state) - differences).max())
            """,
            Peers,
            _folder["problem.npz"]);
        double.Parse(largest, CultureInfo.InvariantCulture).ShouldBeLessThan(JacobianError);
    }

    [Fact]
    public void Follow_AProgramThatFails_SaysSo()
    {
        ProgramContender contender = new("false", "1e-6", new PeerProgram("/bin/sh", ["-c", "echo 'it broke' >&2; exit 3"]), [], _folder.Path);
        Finish finish = contender.Follow(_toy, TimeSpan.FromSeconds(5));
        (finish.Reached, finish.Outcome).ShouldBe((false, "failed: it broke"));
    }

    private static string Peers => Path.Combine(Checkout.Root, "bench", "peers");

    private static void ShouldBeSame(ReluNetwork network, ReluNetwork expected)
    {
        network.InputWeights.Values.ToArray().ShouldBe(expected.InputWeights.Values.ToArray());
        network.OutputWeights.Values.ToArray().ShouldBe(expected.OutputWeights.Values.ToArray());
        network.LogScales.ToArray().ShouldBe(expected.LogScales.ToArray());
    }
}
