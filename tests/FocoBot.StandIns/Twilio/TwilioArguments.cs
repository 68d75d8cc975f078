using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FocoBot.StandIns.Twilio;

/// <summary>The command line of the stand-in as a process.</summary>
public static class TwilioArguments
{
    /// <summary>What may follow <c>twilio</c>.</summary>
    public const string Usage =
        "FocoBot.StandIns twilio [--urls http://127.0.0.1:4020] [--account AC…] [--auth-token …] [--api-key SK… --api-secret …] " +
        "[--statuses sent,delivered,read] [--capacity 200000]";

    /// <summary>Reads the options; false when one is unknown or has no value.</summary>
    public static bool TryParse(IReadOnlyList<string> args, [NotNullWhen(true)] out TwilioStandInOptions? options)
    {
        options = new TwilioStandInOptions { Url = "http://127.0.0.1:4020" };
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count || Set(options, args[i], args[i + 1]) is not { } changed)
            {
                options = null;
                return false;
            }

            options = changed;
        }

        return true;
    }

    private static TwilioStandInOptions? Set(TwilioStandInOptions options, string name, string value) => name switch
    {
        "--urls" => options with { Url = value },
        "--account" => options with { AccountSid = value },
        "--auth-token" => options with { AuthToken = value },
        "--api-key" => options with { ApiKeySid = value },
        "--api-secret" => options with { ApiKeySecret = value },
        "--statuses" => options with { Statuses = value.Split(',', StringSplitOptions.RemoveEmptyEntries) },
        "--capacity" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var capacity) => options with { Capacity = capacity },
        _ => null,
    };
}
