using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Specs;

/// <summary>Random valid specs that reach every section's every form.</summary>
internal static class SpecGenerator
{
    private static readonly Gen<double> Positive = Gen.Choose(-300, 300).SelectMany(e => Gen.Choose(1, int.MaxValue), (e, m) => m / 1e9 * Math.Pow(10, e));

    private static readonly Gen<ulong> Seed = ArbMap.Default.GeneratorFor<ulong>();

    // Characters with a meaning in YAML, beside letters outside ASCII and the BMP.
    private static readonly Gen<string> Path = Gen.Elements("a", "Z", "0", " ", ":", "#", "'", "\"", "\\", "\n", "\t", "\r", "-", "?", "[", "{", "&", "*", "!", "|", "%", "@", "é", "Ж", "😀", "\u2028", "\u0085", "\ufeff", "\u0001", "\u001b")
        .NonEmptyListOf().Select(parts => string.Concat(parts));

    private static readonly Gen<string> Name = Gen.Elements("a", "Z", "0", "-", "_", ".").ListOf().Select(parts => "x" + string.Concat(parts.Take(99)));

    private static readonly Gen<LogNumber> Scale = Gen.OneOf(
        Positive.Select(value => new LogNumber(Math.Min(Math.Log(value), InitialSpec.LargestScale.Log))),
        Gen.Choose(-2_000_000, 0).SelectMany(e => Gen.Choose(1, 999_999), (e, m) => Parsed($"{m}e{e}")));

    public static Gen<ExperimentSpec> Spec { get; } =
        from name in Name
        from data in Data
        from initial in Initial
        from width in Gen.Choose(1, NetworkSpec.LargestWidth)
        from bias in ArbMap.Default.GeneratorFor<bool>()
        from loss in Gen.Elements("squared", "logistic", "cross-entropy")
        from dynamics in Dynamics
        from stop in Stop
        from save in Save
        from analyses in Gen.SubListOf((IEnumerable<string>)ExperimentSpec.AnalysisNames).Select(names => names.ToArray())
        select new ExperimentSpec
        {
            Name = name,
            Data = data,
            Network = new NetworkSpec { Width = width, Bias = bias },
            Initial = initial,
            Loss = loss,
            Dynamics = dynamics,
            Stop = stop,
            Save = save,
            Analyses = analyses,
        };

    private static Gen<DataSpec> Data => Gen.OneOf(
        from name in Path from seed in Seed select new DataSpec { Source = "builtin", Name = name, Classes = seed % 2 == 0 ? [] : [9, 1], Standardize = seed % 3 == 0, Seed = seed },
        from path in Path
        from labels in Path.OrNull()
        from classes in Gen.Choose(0, 99).ListOf()
        from samples in Gen.Choose(1, 1_000_000)
        from seed in Seed
        select new DataSpec { Source = "file", Path = path, Labels = labels, Format = seed % 7 == 0 ? DataFormat.Cifar10 : null, Classes = seed % 2 == 0 ? [.. classes] : null, Samples = seed % 3 == 0 ? samples : null, Standardize = seed % 5 == 0, Seed = seed },
        from n in Gen.Choose(1, 1000) from law in Gen.Elements(Enum.GetValues<LabelLaw>()) select new DataSpec { Source = "orthogonal", Samples = n, Dimension = n + 1, LabelLaw = law },
        from n in Gen.Choose(1, 1000) from law in Gen.Elements(Enum.GetValues<LabelLaw>()) select new DataSpec { Source = "random-directions", Samples = n, Dimension = 3, LabelLaw = law },
        from n in Gen.Choose(1, 1000) from seed in Seed select new DataSpec { Source = "teacher", Samples = n, Dimension = 3, Neurons = n, Seed = seed },
        from n in Gen.Choose(1, 999) select new DataSpec { Source = "two-clusters", Samples = n, Dimension = 3, Correlation = n / 1000.0 },
        from n in Gen.Choose(1, 999) select new DataSpec { Source = "stewart", Samples = n });

    private static Gen<InitialSpec> Initial => Gen.OneOf(
        from scheme in Gen.Elements(InitialScheme.Balanced, InitialScheme.Unbalanced, InitialScheme.Dominated)
        from scale in Scale
        from seed in Seed
        from neurons in Gen.Elements(Enum.GetValues<InitialNeurons>())
        let drawn = new InitialSpec { Scheme = scheme, Scale = scale, Neurons = neurons }
        select drawn.IsDrawn ? drawn with { Seed = seed } : drawn,
        Path.Select(path => new InitialSpec { Scheme = InitialScheme.File, Path = path }));

    private static Gen<DynamicsSpec> Dynamics => Gen.OneOf(
        from x in Gen.Choose(1, 99_999)
        from integrator in Gen.Elements(Enum.GetValues<FlowIntegrator>())
        from limit in Gen.Elements(true, false)
        from lumping in Gen.Elements(Enum.GetValues<Lumping>())
        let boost = integrator == FlowIntegrator.Boost
        select (DynamicsSpec)new GradientFlowSpec { Tolerance = x / 1e6, Integrator = integrator, Limit = limit && boost, Lumping = boost || lumping != Lumping.On ? lumping : Lumping.Auto },
        from step in Positive
        from batch in Gen.Choose(1, int.MaxValue)
        from seed in Seed
        from decay in Gen.Choose(0, 999_999)
        from adam in Gen.Elements(true, false)
        let mini = seed % 3 > 0
        select adam
            ? (DynamicsSpec)new AdamSpec { Step = step, Batch = mini ? batch : null, Beta1 = decay / 1e6, Beta2 = decay / 2e6, Epsilon = step / 3, Seed = mini ? seed : 1 }
            : new GradientDescentSpec { Step = step, Batch = mini ? batch : null, Momentum = decay / 1e6, Seed = mini ? seed : 1 });

    private static Gen<StopSpec> Stop =>
        from time in Positive
        from loss in Positive
        from steps in Gen.Choose(1, int.MaxValue)
        from milliseconds in Gen.Choose(1, int.MaxValue)
        from given in Gen.Choose(1, 7)
        select new StopSpec
        {
            Time = (given & 1) != 0 ? time : null,
            Loss = loss,
            Steps = (given & 2) != 0 ? (long)steps * 4_000_000_000 : null,
            GradientNorm = loss * 2,
            Wall = (given & 4) != 0 ? TimeSpan.FromMilliseconds(milliseconds) : null,
        };

    private static Gen<SaveSpec> Save => Gen.OneOf(
        from count in Gen.Choose(2, SaveSpec.MostPoints) from spacing in Gen.Elements(Enum.GetValues<SaveSpacing>()) from precision in Gen.Elements(Enum.GetValues<SavePrecision>()) from neurons in Neurons select new SaveSpec { Count = count, Spacing = spacing, Precision = precision, Neurons = neurons },
        from times in Positive.ListOf() from precision in Gen.Elements(Enum.GetValues<SavePrecision>()) select new SaveSpec { Times = [.. times.Distinct().Order()], Precision = precision });

    private static Gen<IReadOnlyList<int>?> Neurons => Gen.OneOf(Gen.Constant((IReadOnlyList<int>?)null), Gen.Choose(0, 1000).NonEmptyListOf().Select(neurons => (IReadOnlyList<int>?)[.. neurons.Distinct().Order()]));

    private static LogNumber Parsed(string text) => LogNumber.TryParse(text, out LogNumber number) ? number : throw new InvalidOperationException(text);
}
