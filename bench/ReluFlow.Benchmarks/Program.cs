using System.Globalization;
using ReluFlow.Benchmarks;
using ReluFlow.Benchmarks.Descents;
using ReluFlow.Benchmarks.Peers;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Benchmarks.References;
using ReluFlow.Benchmarks.Results;
using ReluFlow.Benchmarks.Widths;
using ReluFlow.Experiments;
using ReluFlow.Flows;

const double QuickLimit = 3;
Console.OutputEncoding = System.Text.Encoding.UTF8;
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    if (args is ["solve", var input, var output, var method, var tolerance, var threads, var seconds])
    {
        Solve(input, output, Law(method, Arguments.Positive("tolerance", tolerance), threads), Arguments.Seconds(seconds));
        return 0;
    }

    var arguments = Arguments.Parse(args);
    Action<Arguments> run = arguments.Verb switch
    {
        "peers" => Peers,
        "certify" => Certify,
        "descent" => Descend,
        "widths" => Widths,
        _ => Tables,
    };
    run(arguments);
    return 0;
}
catch (InputException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

static void Log(string line) => Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {line}");

static void Peers(Arguments arguments)
{
    var programs = PeerPrograms.Find();
    foreach (string missing in programs.Missing)
    {
        Log($"Missing: {missing}. Going on without.");
    }

    var directory = new ResultDirectory(arguments.Output);
    directory.KeepMachine($"{MachineKind.Describe(programs)}\n");
    foreach (FlowProblem problem in arguments.Problems)
    {
        var plan = new MeasurementPlan(arguments.IsQuick ? 1 : 3, TimeSpan.FromSeconds(arguments.Limit ?? (arguments.IsQuick ? QuickLimit : problem.Limit)));
        if (directory.Has(problem.Name, plan) && !arguments.Again)
        {
            Log($"{problem.Name}: measured already, --again measures it again");
            continue;
        }

        directory.Keep(new ProblemMeasurement(programs, directory.Exchange, plan, Log).Of(problem));
    }

    if (!arguments.IsPart && (!directory.HasDescents || arguments.Again))
    {
        directory.KeepDescents(Descents(programs, arguments));
    }

    Tables(arguments);
}

static void Tables(Arguments arguments)
{
    string markdown = new ResultDirectory(arguments.Output).WriteTables(FlowProblem.All.Select(problem => problem.Name));
    if (arguments.Into is { } document)
    {
        MeasuredSection.ReplaceIn(document, markdown);
    }
    else
    {
        Console.WriteLine(markdown);
    }
}

static void Certify(Arguments arguments)
{
    foreach (FlowProblem problem in arguments.Problems)
    {
        ReferenceFile file = Certification.Of(problem, Log);
        file.Write(Path.Combine(arguments.Output, $"{problem.Name}.json"));
        foreach (Agreement agreement in file.Agreements)
        {
            Log($"{problem.Name}: {agreement.Method}, {agreement.Setting}: {Text.Error(agreement.Distance)}, {agreement.Digits} digits ({agreement.Kind})");
        }
    }
}

static void Widths(Arguments arguments) =>
    Console.WriteLine(new WidthReport(PeerPrograms.Find(), arguments.Output, Log).Write(arguments.IsQuick ? [100, 1_000, 10_000] : [100, 1_000, 10_000, 100_000, 200_000, 1_000_000]));

static void Descend(Arguments arguments) => Console.WriteLine(Descents(PeerPrograms.Find(), arguments));

static string Descents(PeerPrograms programs, Arguments arguments)
{
    Log("descent: the machine's peak");
    double? one = MachineKind.Peak(programs, 1), all = MachineKind.Peak(programs, DescentReport.Threads);
    var text = new StringWriter(CultureInfo.InvariantCulture);
    text.WriteLine("### A step of descent beside PyTorch\n");
    text.WriteLine(arguments.Images is null
        ? "10,000 normal vectors of 784 numbers, 1,000 neurons, descent without momentum; ten classes by cross-entropy, even against odd by squares."
        : "10,000 images of 784 pixels, 1,000 neurons, descent without momentum; ten classes by cross-entropy, odd against even digits by squares.");
    text.WriteLine(one is null ? "No peak was measured: NumPy is missing.\n" : $"The machine's best matrix product (2,048 × 2,048, float64, by NumPy's linear algebra): {one:N0} GFLOP/s on one thread, {all:N0} on {DescentReport.Threads}.\n");
    Log("descent: steps");
    new DescentReport(text, arguments.IsQuick ? 1 : 5, all).Write(DescentProblem.On(arguments.Images));
    return text.ToString();
}

static void Solve(string input, string output, IDynamics law, double seconds) => SolveProgram.Run(input, output, law, TimeSpan.FromSeconds(seconds));

static IDynamics Law(string method, double tolerance, string threads) => method switch
{
    "boost" when int.TryParse(threads, CultureInfo.InvariantCulture, out int count) && count >= 0 => new BoostFlow(new BoostFlowOptions { Tolerance = tolerance, MaximumThreads = count }),
    "reference" => new ReferenceFlow(new ReferenceFlowOptions { Tolerance = tolerance }),
    _ => throw new InputException($"'{method}' on '{threads}' threads: boost or reference and a number of threads are expected.\n{Arguments.Usage}"),
};
