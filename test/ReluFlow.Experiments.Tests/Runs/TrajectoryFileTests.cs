using System.IO.Compression;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Runs;

/// <summary>A large trajectory, whose networks are read when they are asked for, is the one that is read at once.</summary>
public sealed class TrajectoryFileTests
{
    // Every file is large.
    private const long Any = 0;

    [Fact]
    public void Read_OfALargeFile_IsWhatWasWritten()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<TrajectoryPoint> written = Write(folder["t.npz"]), read = TrajectoryFile.Read(folder["t.npz"], Any);

        read.Select(point => (point.Time, point.Loss)).ShouldBe(written.Select(point => (point.Time, point.Loss)));
        for (int i = written.Count - 1; i >= 0; i--)
        {
            ReluNetwork expected = written[i].Network, network = read[i].Network;
            network.InputWeights.Values.ToArray().ShouldBe(expected.InputWeights.Values.ToArray());
            network.OutputWeights.Values.ToArray().ShouldBe(expected.OutputWeights.Values.ToArray());
            network.LogScales.ToArray().ShouldBe(expected.LogScales.ToArray());
        }
    }

    [Fact]
    public void Read_OfALargeFile_TakesNoNetworkThatIsNotAskedFor()
    {
        using var folder = new TemporaryFolder();
        Write(folder["t.npz"]);
        Spoil(folder["t.npz"], BitConverter.GetBytes(double.NaN));

        // Read at once the damage is seen; what does not need the network does not meet it.
        Should.Throw<InputException>(() => TrajectoryFile.Read(folder["t.npz"])).Message.ShouldContain("CRC-32");
        IReadOnlyList<TrajectoryPoint> points = TrajectoryFile.Read(folder["t.npz"], Any);
        points.Sum(point => point.Loss).ShouldBePositive();
        points[1].Network.Width.ShouldBe(7);
        Should.Throw<InputException>(() => points[0].Network).Message.ShouldStartWith($"{folder["t.npz"]}: a network cannot be read: ");
    }

    [Theory]
    [InlineData(Any)]
    [InlineData(long.MaxValue)]
    public void Read_OfThirtyTwoBits_HasSevenDigitsOfWeightsAndAllOfScales(long mostBytes)
    {
        // Half a unit in the last of 24 bits, relative to the largest weight of a neuron, and once more for the scale that follows it.
        const double HalfUnit = 6e-8;
        using var folder = new TemporaryFolder();
        IReadOnlyList<TrajectoryPoint> written = Write(folder["t.npz"], SavePrecision.Bits32), read = TrajectoryFile.Read(folder["t.npz"], mostBytes);
        new FileInfo(folder["t.npz"]).Length.ShouldBeLessThan(Size(written));
        for (int i = 0; i < written.Count; i++)
        {
            ReluNetwork expected = written[i].Network, network = read[i].Network;
            for (int j = 0; j < expected.Width; j++)
            {
                double unit = expected.LogScales[j];
                double scale = Math.Exp(network.LogScales[j] - unit);
                (scale * network.InputWeights[j, 0]).ShouldBe(expected.InputWeights[j, 0], 2 * HalfUnit);
                (scale * network.OutputWeights[j, 0]).ShouldBe(expected.OutputWeights[j, 0], 2 * HalfUnit);
            }

            read[i].Loss.ShouldBe(written[i].Loss);
        }
    }

    [Fact]
    public void Read_CompressedFile_IsReadAtOnce()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<TrajectoryPoint> written = Write(folder["t.npz"]);
        using (ZipArchive plain = ZipFile.OpenRead(folder["t.npz"]), deflated = ZipFile.Open(folder["c.npz"], ZipArchiveMode.Create))
        {
            foreach (ZipArchiveEntry entry in plain.Entries)
            {
                using Stream from = entry.Open(), to = deflated.CreateEntry(entry.FullName, CompressionLevel.SmallestSize).Open();
                from.CopyTo(to);
            }
        }

        TrajectoryFile.Read(folder["c.npz"], Any)[1].Network.InputWeights.Values.ToArray().ShouldBe(written[1].Network.InputWeights.Values.ToArray());
    }

    [Fact]
    public void Read_ShapesThatDoNotFit_SaysWhichAndWhatIsExpected()
    {
        using var folder = new TemporaryFolder();
        using (FileStream stream = File.Create(folder["t.npz"]))
        using (var file = new NpzWriter(stream))
        {
            file.Add("t", [1], writer => writer.Write([0.0]));
            file.Add("loss", [1], writer => writer.Write([1.0]));
            file.Add("W", [1, 2, 1], writer => writer.Write([1.0, 2]));
            file.Add("a", [1, 3, 1], writer => writer.Write([1.0, 2, 3]));
            file.Add("log_scale", [1, 2], writer => writer.Write([0.0, 0]));
        }

        string small = Should.Throw<InputException>(() => TrajectoryFile.Read(folder["t.npz"])).Message;
        small.ShouldBe($"{folder["t.npz"]}: array 'a' has shape (1, 3, 1); (1, 2, c) is expected.");
        Should.Throw<InputException>(() => TrajectoryFile.Read(folder["t.npz"], Any)).Message.ShouldBe(small);
    }

    // What the numbers alone would take as doubles.
    private static long Size(IReadOnlyList<TrajectoryPoint> points) => 8L * points.Count * (2 + (points[0].Network.Width * 4));

    private static IReadOnlyList<TrajectoryPoint> Write(string path, SavePrecision precision = SavePrecision.Bits64)
    {
        _ = LogNumber.TryParse("1e-300", out LogNumber scale);
        var problem = new TrainingProblem(BuiltinDatasets.Make("nonorthogonal-toy", 1).WithBias(), Initialization.Balanced(7, 1, true, scale, 3), Loss.Squared);
        IReadOnlyList<TrajectoryPoint> points = new BoostFlow().Follow(problem, new StopRule { Time = 900 }, SaveTimes.Linear(900, 50)).Points;
        using FileStream file = File.Create(path);
        TrajectoryFile.Write(file, points, new SaveSpec { Precision = precision });
        return points;
    }

    // The first value of W.
    private static void Spoil(string path, byte[] value)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int header = bytes.AsSpan().IndexOf("W.npy"u8);
        int magic = header + bytes.AsSpan(header).IndexOf("NUMPY"u8) - 1, length = BitConverter.ToUInt16(bytes, magic + 8);
        value.CopyTo(bytes, magic + 10 + length);
        File.WriteAllBytes(path, bytes);
    }
}
