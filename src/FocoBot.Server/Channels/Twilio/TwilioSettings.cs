using System.Globalization;

namespace FocoBot.Channels.Twilio;

/// <summary>Reads single variables and collects what is wrong with them, by name and without their values.</summary>
internal sealed class TwilioSettings(IConfiguration configuration)
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public bool IsSet(string name) => Raw(name) is not null;

    public string? Text(string name, Func<string, bool> isValid, string rule)
    {
        if (Raw(name) is not { } text)
            return null;
        if (isValid(text))
            return text;
        _problems.Add($"{name} {rule}.");
        return null;
    }

    public IReadOnlyList<string> AuthTokens(string name)
    {
        if (Raw(name) is not { } text)
            return [];
        var tokens = text.Split(',', StringSplitOptions.TrimEntries);
        if (tokens.Length <= 2 && tokens.All(token => token.Length is >= 16 and <= 256))
            return tokens;
        _problems.Add($"{name} must be one token, or two with a comma between, of at least 16 characters each.");
        return [];
    }

    public ChannelAddress? Phone(string name)
    {
        if (Raw(name) is not { } text)
            return null;
        if (ChannelAddress.TryParsePhone(text, out var address))
            return address;
        _problems.Add($"{name} must be a phone number in E.164 form (+ and digits), with or without \"whatsapp:\" before it.");
        return null;
    }

    // Credentials travel with every request, so plain http is for this machine only.
    public Uri? ApiBase(string name)
    {
        if (Raw(name) is not { } text)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback)))
            return new Uri(uri.GetLeftPart(UriPartial.Authority));
        _problems.Add($"{name} must be an https URL, or http on this machine.");
        return null;
    }

    public int? Number(string name, int least, int most)
    {
        if (Raw(name) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from {least} to {most}."));
        return null;
    }

    public void RequireTogether(string one, string other)
    {
        if (IsSet(one) != IsSet(other))
            _problems.Add($"{(IsSet(one) ? other : one)} is missing; {(IsSet(one) ? one : other)} needs it.");
    }

    /// <param name="names">Variables that must be set; alternatives are parted by a bar.</param>
    public void Require(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            var alternatives = name.Split('|');
            if (!alternatives.Any(IsSet))
                _problems.Add($"{string.Join(" or ", alternatives)} is missing.");
        }
    }

    private string? Raw(string name) => configuration[name]?.Trim() is { Length: > 0 } text ? text : null;
}
