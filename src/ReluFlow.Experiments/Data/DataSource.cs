using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>Gets data from a file, a built-in set or a generator, and chooses classes and samples.</summary>
public static class DataSource
{
    private const string Digits = "digits";

    /// <summary>The names of the built-in data sets.</summary>
    public static IReadOnlyList<string> BuiltinNames { get; } = [.. BuiltinDatasets.Names, Digits];

    /// <summary>Resolves a request. The same request on the same files gives the same bits.</summary>
    /// <param name="request">Which data.</param>
    /// <param name="cancellation">Ends the reading or the draw early.</param>
    /// <exception cref="InputException">A file is missing or malformed, or the request cannot be met.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ExperimentData Load(DataSpec request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ClassSelection? classes = request.Classes is null ? null : new ClassSelection(request.Classes);
        Dataset all = request.Source switch
        {
            "builtin" => Builtin(request),
            "file" => FromFile(request, classes, cancellation),
            _ => Generated(request, cancellation),
        };
        cancellation.ThrowIfCancellationRequested();
        if (classes is not null)
        {
            all = classes.Apply(all);
        }

        bool drawn = request.Source is not ("builtin" or "file");
        (Dataset training, Dataset? heldOut) = drawn || request.Samples is not int samples
            ? (all, null)
            : TrainingSplit.Draw(all, samples, request.Seed);
        if (request.Standardize)
        {
            Standardization scale = Standardization.Of(training.Inputs);
            training = scale.Apply(training);
            heldOut = heldOut is null ? null : scale.Apply(heldOut);
        }

        cancellation.ThrowIfCancellationRequested();
        return new ExperimentData(training, heldOut, ContentHash.Of(training, heldOut));
    }

    /// <summary>Reads a data set from bytes instead of a file: NPZ with arrays X and y, or CSV whose last column is y, as in <c>data.path</c>, gzip included. IDX and CIFAR-10, which are several files, are refused.</summary>
    /// <param name="content">The bytes, seekable.</param>
    /// <param name="name">The name of a file, for messages and, where it has an extension, for the format; nothing is opened by it.</param>
    /// <param name="limits">How much the content may be.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="InputException">The content is malformed or too much.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Dataset Read(Stream content, string name, DataLimits limits, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(limits);
        switch (FormatDetection.OfContent(content, name))
        {
            case DataFormat.Npz:
                return NpzDataset.Read(content, name, limits, cancellation);
            case DataFormat.Idx:
                throw Unreadable(name, "an IDX file", "IDX needs two files, images and labels");
            case DataFormat.Cifar10:
                throw Unreadable(name, "a CIFAR-10 batch", "CIFAR-10 has several files");
            default:
                using (InputStream text = InputFile.Decompressed(content, name, limits.Bytes, cancellation))
                {
                    return CsvDataset.Read(text, limits);
                }
        }
    }

    private static InputException Unreadable(string name, string what, string why) =>
        new($"{name} is {what}; CSV or NPZ, gzip too, is expected here. {why}: reluflow run reads it by data.path.");

    private static Dataset Builtin(DataSpec request)
    {
        string name = request.Name ?? throw Missing("name", "the name of a built-in data set", BuiltinNames);
        if (!BuiltinNames.Contains(name))
        {
            throw new InputException($"data.name: there is no built-in data set '{Excerpt.Of(name)}'; expected one of {string.Join(", ", BuiltinNames)}.");
        }

        return name == Digits ? DigitsDataset.Read() : BuiltinDatasets.Make(name, StreamOf(request.Seed));
    }

    private static Dataset FromFile(DataSpec request, ClassSelection? classes, CancellationToken cancellation)
    {
        string path = request.Path ?? throw new InputException("data.path: missing; the path of a data file expected.");
        return (request.Format ?? FormatDetection.Of(path)) switch
        {
            DataFormat.Npz => NpzDataset.Read(path, cancellation),
            DataFormat.Csv => CsvDataset.Read(path, cancellation),
            DataFormat.Idx => IdxDataset.Read(path, request.Labels, classes, cancellation),
            DataFormat.Cifar10 => CifarDataset.Read(path, classes, cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.Format, "Not a format of data files."),
        };
    }

    private static Dataset Generated(DataSpec request, CancellationToken cancellation)
    {
        try
        {
            return request.Source switch
            {
                "orthogonal" => OrthogonalInputs.Draw(Samples(request), Dimension(request), request.LabelLaw, StreamOf(request.Seed), cancellation),
                "random-directions" => RandomInputs.Draw(Samples(request), Dimension(request), request.LabelLaw, StreamOf(request.Seed), cancellation),
                "teacher" => GaussianTeacher.Draw(Samples(request), Dimension(request), request.Neurons ?? throw Missing(request, "neurons"), StreamOf(request.Seed), cancellation),
                "two-clusters" => TwoClusters.Draw(
                    Samples(request), Dimension(request), request.Correlation ?? throw Missing(request, "correlation"), StreamOf(request.Seed), cancellation),
                "stewart" => PiecewiseLinearTeacher.Draw(Samples(request), StreamOf(request.Seed), cancellation),
                _ => throw new InputException($"data.source: '{Excerpt.Of(request.Source)}'; expected one of builtin, file, orthogonal, random-directions, teacher, two-clusters, stewart."),
            };
        }
        catch (ArgumentOutOfRangeException outside)
        {
            string reason = outside.Message.Split(" (Parameter")[0];
            throw new InputException(FormattableString.Invariant($"data, source {request.Source}: {reason} {outside.ActualValue} given."), outside);
        }
    }

    private static int Samples(DataSpec request) => request.Samples ?? throw Missing(request, "samples");

    private static int Dimension(DataSpec request) => request.Dimension ?? throw Missing(request, "dimension");

    private static InputException Missing(DataSpec request, string key) => new($"data.{key}: missing; the source {request.Source} needs it.");

    private static InputException Missing(string key, string what, IReadOnlyList<string> names) =>
        new($"data.{key}: missing; {what} expected, one of {string.Join(", ", names)}.");

    // The same seed for data and start, as by default, must not draw both from one stream: the first neuron would be the first input, scaled.
    private static ulong StreamOf(ulong seed) => ~seed;
}
