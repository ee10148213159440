using System.Text;

namespace ReluFlow.Cli;

/// <summary>Mathematical text in ASCII, for terminals whose encoding has no more.</summary>
internal static class AsciiText
{
    private static readonly Dictionary<char, string> s_replacements = new()
    {
        ['λ'] = "lambda", ['τ'] = "tau", ['θ'] = "theta", ['σ'] = "sigma", ['Σ'] = "sum", ['ρ'] = "rho", ['∇'] = "grad ", ['‖'] = "||",
        ['²'] = "^2", ['√'] = "sqrt ", ['±'] = "+-", ['−'] = "-", ['·'] = "*", ['×'] = "x", ['≤'] = "<=", ['≥'] = ">=", ['→'] = "->", ['≠'] = "/=",
        ['⟨'] = "<", ['⟩'] = ">", ['ₖ'] = "_k", ['∞'] = "inf", ['…'] = "...", ['–'] = "-", ['½'] = "1/2 ",
        ['ε'] = "eps", ['Δ'] = "Delta", ['∫'] = "int ", ['₊'] = "_+", ['₋'] = "_-", ['₀'] = "_0", ['⁰'] = "^0", ['⌊'] = "floor(", ['⌋'] = ")", ['û'] = "u", ['ᵀ'] = "^T",
    };

    public static string Of(string text)
    {
        var ascii = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            ascii.Append(char.IsAscii(c) ? c.ToString() : s_replacements.GetValueOrDefault(c, "?"));
        }

        return ascii.ToString();
    }
}
