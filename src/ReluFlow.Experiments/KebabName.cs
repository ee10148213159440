using System.Text.Json;

namespace ReluFlow.Experiments;

/// <summary>The names of enumeration values in files: <c>TimeReached</c> is <c>time-reached</c>.</summary>
internal static class KebabName
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    public static IEnumerable<string> All<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(Of);

    /// <summary>The value of a name; null where there is none.</summary>
    public static T? Find<T>(string? name)
        where T : struct, Enum => Enum.GetValues<T>().Where(value => Of(value) == name).Select(value => (T?)value).FirstOrDefault();
}
