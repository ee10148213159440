using ReluFlow.Experiments.Data;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Data;

public sealed class IdxDatasetTests : IDisposable
{
    private static readonly byte[] ThreeImages = ImageFiles.IdxImages(3, 1, 2, 0, 255, 51, 102, 204, 153);
    private static readonly byte[] ThreeLabels = ImageFiles.IdxLabels(3, 7, 1, 7);

    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("tiny-images-idx3-ubyte", "tiny-labels-idx1-ubyte", false)]
    [InlineData("tiny-images-idx3-ubyte.gz", "tiny-labels-idx1-ubyte.gz", true)]
    [InlineData("tiny-images.idx3-ubyte", "tiny-labels.idx1-ubyte", false)]
    public void Load_OfficialNames_FindsLabelsAndScalesPixels(string images, string labels, bool compressed)
    {
        _files.Write(images, compressed ? ImageFiles.Compressed(ThreeImages) : ThreeImages);
        _files.Write(labels, compressed ? ImageFiles.Compressed(ThreeLabels) : ThreeLabels);
        Dataset data = Load(_files[images]);
        (data.Samples, data.InputDimension).ShouldBe((3, 2));
        data.Inputs.Values.ToArray().ShouldBe([0, 1, 0.2, 0.4, 0.8, 0.6]);
        data.Targets.Values.ToArray().ShouldBe([7, 1, 7]);
    }

    [Fact]
    public void Load_LabelsGiven_IsUsed()
    {
        _files.Write("a.idx", ThreeImages);
        _files.Write("b.idx", ThreeLabels);
        Load(_files["a.idx"], labels: _files["b.idx"]).Targets[1, 0].ShouldBe(1);
    }

    [Fact]
    public void Load_OtherNameWithoutLabels_AsksForThem() =>
        Told(_files.Write("a.idx", ThreeImages)).ShouldBe("data.labels: missing; the name a.idx does not contain images-idx3, from which the file of labels would follow.");

    [Fact]
    public void Load_LabelsMissing_NamesTheirFile() => Told(_files.Write("images-idx3", ThreeImages)).ShouldBe($"{_files["labels-idx1"]}: there is no such file.");

    [Fact]
    public void Load_Classes_KeepOnlyTheirImages()
    {
        Write(ThreeImages, ThreeLabels);
        Dataset data = Load(_files["images-idx3"], classes: [1, 7]);
        data.Targets.Values.ToArray().ShouldBe([-1, 1, -1]);
        Load(_files["images-idx3"], classes: [7]).Inputs.Values.ToArray().ShouldBe([0, 1, 0.8, 0.6]);
    }

    [Fact]
    public void Load_UnknownClass_ListsTheLabels()
    {
        Write(ThreeImages, ThreeLabels);
        Should.Throw<InputException>(() => Load(_files["images-idx3"], classes: [1, 8])).Message
            .ShouldBe($"data.classes: no sample of {_files["images-idx3"]} has the label 8; the labels found are 1, 7.");
    }

    [Fact]
    public void Load_ImageCutOff_NamesImageOffsetAndBytes()
    {
        Write(ThreeImages[..^1], ThreeLabels);
        Told(_files["images-idx3"]).ShouldBe($"{_files["images-idx3"]}: image 2 of 3 at offset 20: 2 bytes expected, 1 found.");
    }

    [Fact]
    public void Load_LabelsCutOff_NamesLabelOffsetAndBytes()
    {
        Write(ThreeImages, ThreeLabels[..^2]);
        Told(_files["images-idx3"]).ShouldBe($"{_files["labels-idx1"]}: label 1 of 3 at offset 9: 1 bytes expected, 0 found.");
    }

    [Fact]
    public void Load_MoreImagesThanClaimed_NamesTheOffset()
    {
        Write([.. ThreeImages, 0], ThreeLabels);
        Told(_files["images-idx3"]).ShouldBe($"{_files["images-idx3"]}: the end expected at offset 22, more bytes found.");
    }

    [Fact]
    public void Load_CountsThatDiffer_NamesBoth()
    {
        Write(ThreeImages, ImageFiles.IdxLabels(2, 7, 1));
        Told(_files["images-idx3"]).ShouldBe($"{_files["images-idx3"]} has 3 images and {_files["labels-idx1"]} has 2 labels; expected as many.");
    }

    [Fact]
    public void Load_FilesExchanged_ShowsTheMagicNumber()
    {
        Write(ThreeLabels, ThreeImages);
        Told(_files["images-idx3"]).ShouldBe($"{_files["images-idx3"]}: magic number 00000801 at offset 0; expected 00000803 (IDX images: unsigned bytes, 3 dimensions).");
    }

    [Fact]
    public void Load_HeaderCutOff_NamesTheBytes()
    {
        Write(ThreeImages[..10], ThreeLabels);
        Told(_files["images-idx3"]).ShouldBe($"{_files["images-idx3"]}: the IDX dimensions at offset 4: 12 bytes expected, 6 found.");
    }

    [Fact]
    public void Load_GigapixelImages_AreRefused()
    {
        Write(ImageFiles.IdxImages(3, 1 << 20, 1 << 20), ThreeLabels);
        Told(_files["images-idx3"]).ShouldContain("images of 1048576 × 1048576 pixels at offset 8; expected from 1 to 4194304 pixels");
    }

    [Fact]
    public void Load_NoImages_SaysSo()
    {
        Write(ImageFiles.IdxImages(0, 1, 1), ImageFiles.IdxLabels(0));
        Told(_files["images-idx3"]).ShouldBe($"{_files["images-idx3"]}: no images; at least one expected.");
    }

    [Fact]
    public void Load_GzipCutOff_IsNotTakenForAShortFile()
    {
        byte[] compressed = ImageFiles.Compressed(ThreeImages);
        Write(compressed[..^5], ThreeLabels);
        Told(_files["images-idx3"]).ShouldContain("truncated or damaged");
    }

    [Fact]
    public void Load_AnyDamageOfImages_IsToldOrHarmless()
    {
        Write(ThreeImages, ThreeLabels);
        Damage.ShouldBeToldOf(ThreeImages, damaged => Load(_files.Write("images-idx3", damaged), format: DataFormat.Idx));
    }

    [Fact]
    public void Load_AnyDamageOfCompressedLabels_IsToldOrHarmless()
    {
        Write(ThreeImages, ThreeLabels);
        Damage.ShouldBeToldOf(ImageFiles.Compressed(ThreeLabels), damaged => Load(_files["images-idx3"], labels: _files.Write("labels", damaged)));
    }

    private void Write(byte[] images, byte[] labels)
    {
        _files.Write("images-idx3", images);
        _files.Write("labels-idx1", labels);
    }

    private static string Told(string path) => Should.Throw<InputException>(() => Load(path, format: DataFormat.Idx)).Message;

    private static Dataset Load(string path, string? labels = null, int[]? classes = null, DataFormat? format = null) =>
        DataSource.Load(new DataSpec { Source = "file", Path = path, Labels = labels, Classes = classes, Format = format }).Training;
}
