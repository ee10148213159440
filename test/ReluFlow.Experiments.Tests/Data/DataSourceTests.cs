using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Data;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Data;

public sealed class DataSourceTests
{
    // A mean of a few hundred numbers of order one, and the mean of their squares.
    private const double Rounding = 1e-12;

    private static readonly DataSpec Digits = new() { Source = "builtin", Name = "digits" };

    [Fact]
    public void Load_Digits_AreTheFileOfUci()
    {
        // Counts of the labels and the sum of all pixels, computed with NumPy from the file.
        Dataset data = DataSource.Load(Digits).Training;
        (data.Samples, data.InputDimension).ShouldBe((1797, 64));
        Counts(data).Values.ShouldBe([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
        (data.Inputs.Values.ToArray().Sum() * 16).ShouldBe(561718);
        data.Provenance.ShouldContain("CC BY 4.0");
    }

    [Fact]
    public void BuiltinNames_EveryName_Loads()
    {
        DataSource.BuiltinNames.ShouldContain("digits");
        foreach (string name in DataSource.BuiltinNames)
        {
            ExperimentData data = DataSource.Load(new DataSpec { Source = "builtin", Name = name });
            data.Training.HasBias.ShouldBeFalse();
            data.HeldOut.ShouldBeNull();
        }
    }

    [Fact]
    public void Load_UnknownBuiltin_ListsTheNames() =>
        Told(new DataSpec { Source = "builtin", Name = "ortogonal-toy" }).ShouldBe(
            "data.name: there is no built-in data set 'ortogonal-toy'; expected one of orthogonal-toy, nonorthogonal-toy, nonorthogonal-toy-trap, early-alignment-3pt, stewart-40, teacher-highdim, digits.");

    [Fact]
    public void Load_UnknownSource_ListsTheSources() => Told(new DataSpec { Source = "web" }).ShouldStartWith("data.source: 'web'; expected one of builtin, file, orthogonal");

    [Theory]
    [InlineData("orthogonal", "samples")]
    [InlineData("teacher", "dimension")]
    [InlineData("two-clusters", "correlation")]
    [InlineData("stewart", "samples")]
    public void Load_GeneratorWithoutANumber_NamesTheKey(string source, string key)
    {
        var request = new DataSpec { Source = source, Samples = 3, Dimension = 4, Neurons = 2, Correlation = 0.5 };
        request = key switch
        {
            "samples" => request with { Samples = null },
            "dimension" => request with { Dimension = null },
            _ => request with { Correlation = null },
        };
        Told(request).ShouldBe($"data.{key}: missing; the source {source} needs it.");
    }

    [Fact]
    public void Load_GeneratorBeyondItsRange_IsOneLine() =>
        Told(new DataSpec { Source = "orthogonal", Samples = 5, Dimension = 4 }).ShouldBe("data, source orthogonal: 5 orthogonal inputs need at least 5 coordinates. 4 given.");

    [Theory]
    [InlineData("orthogonal")]
    [InlineData("teacher")]
    [InlineData("two-clusters")]
    [InlineData("stewart")]
    public void Load_Generator_DrawsAllSamplesForTraining(string source)
    {
        var request = new DataSpec { Source = source, Samples = 6, Dimension = 8, Neurons = 2, Correlation = 0.5, Seed = 3 };
        ExperimentData data = DataSource.Load(request);
        data.Training.Samples.ShouldBe(6);
        data.HeldOut.ShouldBeNull();
        DataSource.Load(request).ContentHash.ShouldBe(data.ContentHash);
        DataSource.Load(request with { Seed = 4 }).ContentHash.ShouldNotBe(data.ContentHash);
    }

    [Fact]
    public void Load_TwoClasses_BecomePlusAndMinusOneInTheOrderListed()
    {
        Dataset first = DataSource.Load(Digits with { Classes = [3, 8] }).Training, second = DataSource.Load(Digits with { Classes = [8, 3] }).Training;
        first.Samples.ShouldBe(183 + 174);
        Counts(first).ShouldBe(new Dictionary<double, int> { [-1] = 174, [1] = 183 });
        Counts(second).ShouldBe(new Dictionary<double, int> { [-1] = 183, [1] = 174 });
        second.Inputs.Values.SequenceEqual(first.Inputs.Values).ShouldBeTrue();
    }

    [Fact]
    public void Load_OneClass_KeepsItsLabel() => Counts(DataSource.Load(Digits with { Classes = [5] }).Training).ShouldBe(new Dictionary<double, int> { [5] = 182 });

    [Fact]
    public void Load_MoreClasses_BecomeOneHotInTheOrderListed()
    {
        Dataset labelled = DataSource.Load(Digits).Training, data = DataSource.Load(Digits with { Classes = [9, 1, 5] }).Training;
        double[] labels = [.. labelled.Targets.Values.ToArray().Where(label => label is 9 or 1 or 5)];
        (data.Samples, data.OutputDimension).ShouldBe((180 + 182 + 182, 3));
        for (int k = 0; k < data.Samples; k++)
        {
            data.Targets.Row(k).ToArray().ShouldBe(labels[k] switch { 9 => [1, 0, 0], 1 => [0, 1, 0], _ => [0, 0, 1] });
        }
    }

    [Fact]
    public void Load_SamplesOfOneHotTargets_AreBalancedBetweenClasses()
    {
        ExperimentData data = DataSource.Load(Digits with { Classes = [9, 1, 5], Samples = 62 });
        int[] counts = [.. Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, 62).Count(k => data.Training.Targets[k, c] == 1))];
        counts.Order().ShouldBe([20, 21, 21]);
        data.HeldOut!.Samples.ShouldBe(544 - 62);
    }

    [Theory]
    [InlineData(new[] { 3, 12 }, "data.classes: no sample of digits has the label 12; the labels found are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9.")]
    [InlineData(new[] { 3, 3 }, "data.classes: 3 comes twice; expected different labels.")]
    [InlineData(new int[0], "data.classes: the list is empty; expected at least one label.")]
    public void Load_ImpossibleClasses_AreTold(int[] classes, string message) => Told(Digits with { Classes = classes }).ShouldBe(message);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(358)]
    public void Load_MoreOrFewerSamplesThanThereAre_IsTold(int samples) =>
        Told(Digits with { Classes = [3, 8], Samples = samples }).ShouldBe($"data.samples: {samples} asked for; digits has 357 to choose from.");

    [Fact]
    public void Load_Samples_SplitsTheDataInBalance()
    {
        Prop.ForAll(Gen.Choose(1, 1796).Zip(Gen.Choose(0, 1000)).ToArbitrary(), pair =>
        {
            ExperimentData data = DataSource.Load(Digits with { Samples = pair.Item1, Seed = (ulong)pair.Item2 });
            data.Training.Samples.ShouldBe(pair.Item1);
            data.HeldOut!.Samples.ShouldBe(1797 - pair.Item1);
            int[] taken = [.. Counts(data.Training).Values];
            if (pair.Item1 <= 1740)
            {
                // The smallest class has 174.
                (taken.Max() - (taken.Length < 10 ? 0 : taken.Min())).ShouldBeLessThanOrEqualTo(1);
            }

            Dictionary<double, int> left = Counts(data.HeldOut);
            Enumerable.Range(0, 10).Sum(label => Counts(data.Training).GetValueOrDefault(label) + left.GetValueOrDefault(label)).ShouldBe(1797);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public void Load_Samples_AreThePartsOfTheWhole()
    {
        Dataset all = DataSource.Load(Digits).Training;
        ExperimentData parts = DataSource.Load(Digits with { Samples = 700, Seed = 5 });
        string[] whole = [.. Rows(all).Order()], together = [.. Rows(parts.Training).Concat(Rows(parts.HeldOut!)).Order()];
        together.ShouldBe(whole);
    }

    [Fact]
    public void Load_SeedOfTheChoice_DecidesTheParts()
    {
        DataSpec request = Digits with { Samples = 100, Seed = 1 };
        DataSource.Load(request).ContentHash.ShouldBe(DataSource.Load(request).ContentHash);
        DataSource.Load(request with { Seed = 2 }).ContentHash.ShouldNotBe(DataSource.Load(request).ContentHash);
    }

    [Fact]
    public void Load_AllSamples_HoldsNothingOut() => DataSource.Load(Digits with { Samples = 1797 }).HeldOut.ShouldBeNull();

    [Theory]
    [InlineData(new[] { 10, 10, 10 }, 6, new[] { 2, 2, 2 })]
    [InlineData(new[] { 10, 10, 10 }, 8, new[] { 3, 3, 2 })]
    [InlineData(new[] { 10, 1, 10 }, 7, new[] { 3, 1, 3 })]
    [InlineData(new[] { 1, 5, 2 }, 8, new[] { 1, 5, 2 })]
    [InlineData(new[] { 10, 10, 10 }, 1, new[] { 1, 0, 0 })]
    public void Quotas_GroupsOfSizes_AreEqualWhereThereIsEnough(int[] sizes, int total, int[] expected) => TrainingSplit.Quotas(sizes, total).ShouldBe(expected);

    [Fact]
    public void Load_Standardize_GivesTheTrainingSamplesMeanZeroAndVarianceOne()
    {
        DataSpec request = Digits with { Classes = [3, 8], Samples = 200 };
        ExperimentData plain = DataSource.Load(request), scaled = DataSource.Load(request with { Standardize = true });
        for (int i = 0; i < 64; i++)
        {
            double[] before = Column(plain.Training, i), after = Column(scaled.Training, i);
            if (before.Distinct().Count() == 1)
            {
                after.ShouldAllBe(v => v == 0);
                Column(scaled.HeldOut!, i).ShouldAllBe(v => v == 0);
                continue;
            }

            after.Average().ShouldBe(0, Rounding);
            after.Average(v => v * v).ShouldBe(1, Rounding);
            double mean = before.Average(), deviation = Math.Sqrt(before.Average(v => (v - mean) * (v - mean)));
            Column(scaled.HeldOut!, i).ShouldBe(Column(plain.HeldOut!, i).Select(v => (v - mean) / deviation), Rounding * 100);
        }
    }

    [Fact]
    public void ContentHash_ToyData_IsTheHashOfShapesAndBytes()
    {
        Dataset data = DataSource.Load(new DataSpec { Source = "builtin", Name = "orthogonal-toy" }).Training;
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(2L);
        writer.Write(1L);
        writer.Write(-0.5);
        writer.Write(2.0);
        writer.Write(2L);
        writer.Write(1L);
        writer.Write(-1.0);
        writer.Write(1.0);
        ContentHash.Of(data, null).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())));
        ContentHash.Of(data, data).ShouldBe(Convert.ToHexStringLower(SHA256.HashData([.. bytes.ToArray(), .. bytes.ToArray()])));
    }

    [SharedDataFact]
    public void Load_MnistTestImages_AreTheOfficialOnes()
    {
        // Sums and counts computed with NumPy from the files.
        Dataset data = DataSource.Load(new DataSpec { Source = "file", Path = SharedData.Path("mnist", "t10k-images-idx3-ubyte.gz") }).Training;
        (data.Samples, data.InputDimension).ShouldBe((10_000, 784));
        Counts(data).Values.ShouldBe([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
        data.Inputs.Values.ToArray().Sum(v => Math.Round(v * 255)).ShouldBe(264923200);
    }

    [SharedDataFact]
    public void Load_CifarSubset_IsWhatNumPyReads()
    {
        Dataset data = DataSource.Load(new DataSpec { Source = "file", Path = SharedData.Path("cifar-10", "train_subset.bin") }).Training;
        (data.Samples, data.InputDimension).ShouldBe((1000, 3072));
        data.Inputs.Values.ToArray().Sum(v => Math.Round(v * 255)).ShouldBe(369855432);
    }

    [Theory]
    [InlineData("orthogonal")]
    [InlineData("teacher")]
    [InlineData("two-clusters")]
    [InlineData("stewart")]
    [InlineData("builtin")]
    public void Load_Cancelled_EndsEarly(string source)
    {
        var request = new DataSpec { Source = source, Name = source == "builtin" ? "digits" : null, Samples = 5, Dimension = 6, Neurons = 2, Correlation = 0.5 };
        Should.NotThrow(() => DataSource.Load(request));
        Should.Throw<OperationCanceledException>(() => DataSource.Load(request, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("data.csv")]
    [InlineData("data.npz")]
    public void Load_FileWhileCancelled_StopsBetweenTwoReads(string name)
    {
        // Longer than the buffers between the file and the reader.
        const int Samples = 100_000;
        using var folder = new TemporaryFolder();
        if (name == "data.csv")
        {
            File.WriteAllLines(folder[name], Enumerable.Repeat("1,2", Samples));
        }
        else
        {
            using FileStream file = File.Create(folder[name]);
            NpzFile.Write(file, [new("X", NpyArray.Of([Samples, 1], new double[Samples])), new("y", NpyArray.Of([Samples], new double[Samples]))]);
        }

        var request = new DataSpec { Source = "file", Path = folder[name] };
        DataSource.Load(request).Training.Samples.ShouldBe(Samples);
        Should.Throw<OperationCanceledException>(() => DataSource.Load(request, new CancellationToken(canceled: true)));
    }

    private static string Told(DataSpec request) => Should.Throw<InputException>(() => DataSource.Load(request)).Message;

    private static Dictionary<double, int> Counts(Dataset data) =>
        data.Targets.Values.ToArray().GroupBy(label => label).OrderBy(group => group.Key).ToDictionary(group => group.Key, group => group.Count());

    private static double[] Column(Dataset data, int i) => [.. Enumerable.Range(0, data.Samples).Select(k => data.Inputs[k, i])];

    private static IEnumerable<string> Rows(Dataset data) =>
        Enumerable.Range(0, data.Samples).Select(k => string.Join(' ', data.Inputs.Row(k).ToArray()) + " " + data.Targets[k, 0]);
}
