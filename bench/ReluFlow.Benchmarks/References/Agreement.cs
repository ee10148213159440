using System.Text.Json.Serialization;

namespace ReluFlow.Benchmarks.References;

/// <summary>How far a method agrees with the reference.</summary>
/// <param name="Method">The method.</param>
/// <param name="Setting">Its tolerance or step.</param>
/// <param name="Kind">What the agreement says.</param>
/// <param name="Distance">The largest over the times of ‖θ − θ'‖/‖θ'‖ and |L − L'|/L(0).</param>
/// <param name="Digits">Decimal digits to which all values agree, twice the distance allowed, so that the rounding of another machine has room.</param>
internal sealed record Agreement(string Method, string Setting, AgreementKind Kind, double Distance, int Digits)
{
    /// <summary>Of a distance.</summary>
    public static Agreement Of(string method, string setting, AgreementKind kind, double distance) =>
        new(method, setting, kind, distance, (int)Math.Floor(-Math.Log10(2 * Math.Max(distance, 1e-16))));
}

/// <summary>What an agreement says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AgreementKind>))]
internal enum AgreementKind
{
    /// <summary>The same engine with another order and another tolerance: the error of its discretisation.</summary>
    OtherOrder,

    /// <summary>A method without a formula in common, of about the same accuracy.</summary>
    Independent,

    /// <summary>A method without a formula in common whose own error, of first order, is the distance: that both have one limit.</summary>
    IndependentFirstOrder,

    /// <summary>The reference's method at a tolerance that takes seconds: what a test recomputes.</summary>
    Quick,
}
