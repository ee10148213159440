using System.Globalization;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Reproduction;

public class DigitsOracleTests
{
    // Rounding of 3000 steps, which the growth out of the plateau and the hopping of gates across boundaries magnify.
    private const double Agreement = 1e-9;

    [PythonTheory]
    [InlineData("digits-first-look", "digits_descent.py", 5)]
    [InlineData("neuron-race-digits", "digits_race.py", 11)]
    [Trait("Category", "Slow")]
    public void Reproduce_DigitsOnTheSameArrays_AgreesWithNumPyInEveryCheckedQuantity(string experimentName, string program, int quantities)
    {
        using var folder = new TemporaryFolder();
        ShippedExperiment shipped = ShippedExperiment.Find(experimentName);
        Experiment experiment = shipped.Resolve([]);
        using (FileStream file = File.Create(folder["arrays.npz"]))
        {
            NpzFile.Write(file, Arrays(experiment));
        }

        var comparison = Comparison.Of(ExperimentRunner.Run(experiment, new RunOptions { OutputDirectory = folder["run"] }, CancellationToken.None));

        string[] words = PythonOracle.RunFile(program, "follow", folder["arrays.npz"]).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, double> oracle = words.Skip(1).Chunk(2).ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
        oracle.Count.ShouldBe(quantities);
        foreach ((string name, double value) in oracle)
        {
            comparison.Quantities.Single(quantity => quantity.Name == name).Measured.ShouldNotBeNull().ShouldBe(value, Agreement * Math.Abs(value), name);
            shipped.Expectation.Checks.ShouldContain(check => check.Quantity == name);
        }
    }

    private static IEnumerable<KeyValuePair<string, NpyArray>> Arrays(Experiment experiment)
    {
        (Dataset training, Dataset heldOut, ReluNetwork start) = (experiment.Data.Training, experiment.Data.HeldOut!, experiment.Problem.Start);
        double[] Scaled(Matrix weights) => [.. Enumerable.Range(0, weights.Rows).SelectMany(j => weights.Row(j).ToArray().Select(value => value * Math.Exp(start.LogScales[j])))];
        return
        [
            new("X", NpyArray.Of(training.Inputs)),
            new("y", NpyArray.Of(training.Targets)),
            new("held_out_X", NpyArray.Of(heldOut.Inputs)),
            new("held_out_y", NpyArray.Of(heldOut.Targets)),
            new("W", NpyArray.Of([start.Width, start.InputDimension], Scaled(start.InputWeights))),
            new("a", NpyArray.Of([start.Width, 1], Scaled(start.OutputWeights))),
        ];
    }
}
