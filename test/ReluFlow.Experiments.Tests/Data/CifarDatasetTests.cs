using ReluFlow.Experiments.Data;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Data;

public sealed class CifarDatasetTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("batch.bin", false)]
    [InlineData("batch.bin.gz", true)]
    public void Load_Records_GivesLabelsAndScaledPixels(string name, bool compressed)
    {
        byte[] bytes = ImageFiles.Cifar(3, 9, 0);
        Dataset data = Load(_files.Write(name, compressed ? ImageFiles.Compressed(bytes) : bytes));
        (data.Samples, data.InputDimension).ShouldBe((3, 3072));
        data.Targets.Values.ToArray().ShouldBe([3, 9, 0]);
        data.Inputs[0, 0].ShouldBe(3 / 255.0);
        data.Inputs[1, 246].ShouldBe(1);
        data.Inputs[2, 3071].ShouldBe(255 / 255.0);
    }

    [Fact]
    public void Load_RecordCutOff_NamesRecordOffsetAndBytes()
    {
        string path = _files.Write("cut.bin", ImageFiles.Cifar(3, 9).AsSpan(..^3061));
        Told(path).ShouldBe($"{path}: record 1 at offset 3073: 3073 bytes expected, 12 found.");
    }

    [Fact]
    public void Load_LabelOutOfRange_NamesRecordAndLabel()
    {
        string path = _files.Write("label.bin", ImageFiles.Cifar(3, 10));
        Told(path).ShouldBe($"{path}: record 1 at offset 3073 has the label 10; 0 to 9 expected.");
    }

    [Fact]
    public void Load_EmptyFile_SaysSo() => Told(_files.Write("empty.bin", "")).ShouldEndWith("empty.bin: no images; at least one expected.");

    [Fact]
    public void Load_NoSuchFile_SaysSo() => Told(_files["absent.bin"]).ShouldEndWith("absent.bin: there is no such file.");

    [Fact]
    public void Load_AnyDamage_IsToldOrHarmless() => Damage.ShouldBeToldOf(ImageFiles.Cifar(1, 2), damaged => Load(_files.Write("damaged.bin", damaged)));

    [Fact]
    public void Load_AnyDamageOfGzip_IsToldOrHarmless() =>
        Damage.ShouldBeToldOf(ImageFiles.Compressed(ImageFiles.Cifar(1, 2)), damaged => Load(_files.Write("damaged.bin.gz", damaged)));

    private static string Told(string path) => Should.Throw<InputException>(() => Load(path)).Message;

    private static Dataset Load(string path) => DataSource.Load(new DataSpec { Source = "file", Path = path }).Training;
}
