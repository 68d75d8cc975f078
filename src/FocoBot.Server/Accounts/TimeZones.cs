namespace FocoBot.Accounts;

/// <summary>Time zones by IANA id.</summary>
internal static class TimeZones
{
    private const int LongestId = 64;

    /// <summary>True for an IANA id known here, such as <c>America/Mexico_City</c>; a Windows name is none.</summary>
    public static bool IsIana(string id) =>
        id.Length is > 0 and <= LongestId
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
        && !id.StartsWith('/')
        && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId && zone.Id == id;
}
