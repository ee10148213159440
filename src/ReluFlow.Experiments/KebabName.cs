using System.Text.Json;

namespace ReluFlow.Experiments;

/// <summary>The names of enumeration values in files: <c>TimeReached</c> is <c>time-reached</c>.</summary>
public static class KebabName
{
    /// <summary>The name of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The names of all values, in their order.</summary>
    public static IEnumerable<string> All<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(Of);

    /// <summary>The value of a name; null where there is none.</summary>
    public static T? Find<T>(string? name)
        where T : struct, Enum => Enum.GetValues<T>().Where(value => Of(value) == name).Select(value => (T?)value).FirstOrDefault();
}
