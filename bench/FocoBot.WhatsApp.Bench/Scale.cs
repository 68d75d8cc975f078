using System.Globalization;

namespace FocoBot.WhatsApp.Bench;

/// <summary>Smaller numbers for a trial, from the environment.</summary>
internal static class Scale
{
    public static int Of(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;
}
