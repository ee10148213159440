using System.Globalization;
using ReluFlow.Benchmarks;
using ReluFlow.Benchmarks.Descents;
using ReluFlow.Benchmarks.Peers;
using ReluFlow.Benchmarks.Problems;

const string Usage = "usage: ReluFlow.Benchmarks flow [--problem toy2|toy5|orth|hd|all] [--quick] [--limit SECONDS]\n   or: ReluFlow.Benchmarks descent --images IDX-FILE [--quick]";

FlowProblem[] problems = [new OrthogonalToy(), new FivePointToy(), new RandomOrthogonal(), new HighDimension()];
string wanted = "all";
bool isQuick = false;
double? limit = null;
string? images = null;
for (int i = 1; i < args.Length; i++)
{
    bool hasValue = i + 1 < args.Length;
    switch (args[i])
    {
        case "--problem" when hasValue:
            wanted = args[++i];
            break;
        case "--images" when hasValue:
            images = args[++i];
            break;
        case "--quick":
            isQuick = true;
            break;
        case "--limit" when hasValue && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out double seconds) && seconds > 0:
            limit = seconds;
            i++;
            break;
        default:
            return Refuse($"'{args[i]}' is not understood");
    }
}

Console.OutputEncoding = System.Text.Encoding.UTF8;
if (args is ["descent", ..])
{
    if (images is null)
    {
        return Refuse("descent needs a file of images");
    }

    new DescentReport(Console.Out, isQuick ? 3 : 15).Write(DescentProblem.On(images));
    return 0;
}

FlowProblem[] chosen = wanted == "all" ? problems : [.. problems.Where(problem => problem.Name == wanted)];
if (args is not ["flow", ..] || chosen.Length == 0)
{
    return Refuse(chosen.Length == 0 ? $"there is no problem '{wanted}'" : "a benchmark is expected");
}

CvodeProgram? cvode = CvodeProgram.TryCompile(out string? missing);
if (missing is not null)
{
    Console.WriteLine($"Without CVODE: {missing}.\n");
}

var plan = new MeasurementPlan(isQuick ? 1 : 5, TimeSpan.FromSeconds(limit ?? (isQuick ? 3 : 30)));
var report = new FlowReport(Console.Out, plan, cvode);
foreach (FlowProblem problem in chosen)
{
    report.Write(problem);
}

return 0;

static int Refuse(string reason)
{
    Console.Error.WriteLine($"{reason}; {Usage}");
    return 2;
}
