using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ReluFlow.Tests.Architecture;

/// <summary>Dependencies point one way: Cli → Lab → Experiments → ReluFlow, and inside ReluFlow Networks ← Flows ← Theory, Neurons ← Capacity.</summary>
public partial class DependencyTests
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static string ScienceRoot { get; } = Path.Combine(Checkout.Root, "src", "ReluFlow");

    private static readonly Dictionary<string, string[]> s_projects = new()
    {
        ["ReluFlow"] = [],
        ["ReluFlow.Experiments"] = ["ReluFlow"],
        ["ReluFlow.Cli"] = ["ReluFlow.Lab", "ReluFlow.Experiments"],
        ["ReluFlow.Lab"] = ["ReluFlow.Experiments"],
    };

    private static readonly Dictionary<string, string[]> s_namespaces = new()
    {
        ["Networks"] = [],
        ["Flows"] = ["Networks"],
        ["Theory"] = ["Networks", "Flows"],
        ["Neurons"] = ["Networks", "Flows"],
        ["Capacity"] = ["Networks", "Flows", "Theory", "Neurons"],
    };

    [Fact]
    public void Projects_References_PointDown()
    {
        string[] files = Directory.GetFiles(Path.Combine(Checkout.Root, "src"), "*.csproj", SearchOption.AllDirectories);
        files.ShouldNotBeEmpty();
        foreach (string file in files)
        {
            string project = Path.GetFileNameWithoutExtension(file);
            s_projects.ShouldContainKey(project, $"{file} has no place in the order of the projects.");
            foreach (XElement reference in XDocument.Load(file).Descendants("ProjectReference"))
            {
                string target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'));
                s_projects[project].ShouldContain(target, $"{project} refers to {target}.");
            }
        }
    }

    [Fact]
    public void Science_Sources_LiveInAKnownNamespace()
    {
        foreach (string file in ScienceSources())
        {
            s_namespaces.ShouldContainKey(Layer(file), $"{file} lies in no namespace of the order.");
            string folders = Path.GetRelativePath(ScienceRoot, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            File.ReadAllText(file).ShouldContain($"namespace ReluFlow.{folders};", customMessage: file);
        }
    }

    [Fact]
    public void Science_Sources_NameNoNamespaceAbove()
    {
        foreach (string file in ScienceSources())
        {
            string own = Layer(file);
            foreach (string line in File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            {
                foreach (Match match in QualifiedName().Matches(line))
                {
                    RequireAllowed(own, match.Groups["layer"].Value, $"{file}: {line.Trim()}");
                }
            }
        }
    }

    [Fact]
    public void Science_TypesAndSignatures_UseNoTypeFromAbove()
    {
        Type[] types = typeof(ReluFlow.Networks.ReluNetwork).Assembly.GetTypes();
        types.Length.ShouldBeGreaterThan(10);
        foreach (Type type in types.Where(type => Layer(type) is not null))
        {
            foreach (Type used in UsedBy(type).SelectMany(Parts))
            {
                if (Layer(used) is { } layer)
                {
                    RequireAllowed(Layer(type)!, layer, $"{type} uses {used}");
                }
            }
        }
    }

    private static void RequireAllowed(string own, string other, string where)
    {
        if (own != other)
        {
            s_namespaces[own].ShouldContain(other, $"{own} may not use {other}. {where}");
        }
    }

    private static IEnumerable<string> ScienceSources()
    {
        return Directory.GetFiles(ScienceRoot, "*.cs", SearchOption.AllDirectories).Where(file => Layer(file) is not ("bin" or "obj"));
    }

    // The first folder below the library: Flows for Flows/Boost/Gate.cs.
    private static string Layer(string file) => Path.GetRelativePath(ScienceRoot, file).Split(Path.DirectorySeparatorChar)[0];

    private static string? Layer(Type type) => type.Namespace is { } name && name.StartsWith("ReluFlow.", StringComparison.Ordinal) ? name.Split('.')[1] : null;

    private static IEnumerable<Type> UsedBy(Type type)
    {
        IEnumerable<Type?> used = [type.BaseType, .. type.GetInterfaces()];
        used = used.Concat(type.GetFields(Everything).Select(field => field.FieldType));
        foreach (MethodBase method in type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)))
        {
            used = used.Concat(method.GetParameters().Select(parameter => parameter.ParameterType));
            used = used.Append((method as MethodInfo)?.ReturnType);
            used = used.Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []);
        }

        return used.OfType<Type>();
    }

    // List<T[]> uses T: unwrap arrays, spans, references and generic arguments.
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : [type, .. type.GetGenericArguments().Where(argument => !argument.IsGenericParameter).SelectMany(Parts)];

    // ReluFlow.Flows anywhere, or Flows.Trajectory without a using; a property named Neurons by itself is none.
    [GeneratedRegex(@"(?<![\w.])(ReluFlow\.(?<layer>[A-Z]\w*)|(?<layer>Networks|Flows|Theory|Neurons|Capacity)\.[A-Z])")]
    private static partial Regex QualifiedName();
}
