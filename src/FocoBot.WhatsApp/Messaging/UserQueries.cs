using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Asks the server about people.
/// <code>
/// &lt;usync sid mode context last index&gt;&lt;query&gt;(what is asked)&lt;/query&gt;&lt;list&gt;&lt;user jid&gt; | &lt;user&gt;&lt;contact&gt;+number&lt;/contact&gt;&lt;/user&gt;…&lt;/list&gt;
/// &lt;usync&gt;&lt;list&gt;&lt;user jid pn_jid?&gt;&lt;contact type="in|out"&gt;number?&lt;/contact&gt; &lt;lid val/&gt; &lt;status&gt;text&lt;/status&gt; &lt;picture id/&gt; &lt;business&gt;&lt;verified_name/&gt;&lt;/business&gt;
/// </code>
/// </summary>
internal static class UserQueries
{
    private static readonly Node Business = new("business", new Node("verified_name"));

    /// <summary>The digits of a phone number.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static string Digits(string phoneNumber)
    {
        var digits = phoneNumber.AsSpan().TrimStart('+');
        return digits.Length is >= 5 and <= 20 && !digits.ContainsAnyExceptInRange('0', '9') ? digits.ToString() : throw new ArgumentException("This is no phone number.");
    }

    public static async Task<IEnumerable<NumberLookup>> FindNumbersAsync(StanzaConnection connection, DeviceUnits units, string[] numbers, CancellationToken token)
    {
        var asked = numbers.Select(number => new Node("user", new Node("contact", $"+{number}")));
        var found = new Dictionary<string, NumberLookup>(StringComparer.Ordinal);
        var addresses = new List<(Jid?, Jid?)>();
        foreach (var user in await AskAsync(connection, "query", "interactive", [new("contact"), new("lid"), Business], asked, token))
        {
            if (user.Child("contact") is not { } contact || contact["type"] != "in" || user.GetJid("jid") is not { } jid)
                continue;
            var phone = jid.Server == JidServer.User ? jid.WithoutDevice() : user.GetJid("pn_jid")?.WithoutDevice();
            var lid = LidOf(user, jid);
            addresses.Add((phone, lid));
            // The server may know the account by another number than the one dialled.
            var number = contact.Content.Text.TrimStart('+').Split('@')[0] is { Length: > 0 } echoed ? echoed : phone?.User;
            if (number is not null)
                found[number] = new(number, phone, lid, IsBusiness(user));
        }

        await LearnAsync(units, addresses, token);
        return numbers.Select(number => found.GetValueOrDefault(number) ?? new(number, null, null, false));
    }

    public static async Task<List<UserInfo>> GetUsersAsync(StanzaConnection connection, DeviceUnits units, Jid[] users, CancellationToken token)
    {
        var found = new List<UserInfo>();
        var asked = users.Select(user => new Node("user", [("jid", user)]));
        foreach (var user in await AskAsync(connection, "full", "background", [Business, new("status"), new("picture"), new("lid")], asked, token))
        {
            if (user.GetJid("jid") is not { } jid || !users.Contains(jid) || user.Children.IsEmpty)
                continue;
            var lid = LidOf(user, jid);
            var about = user.Child("status")?.Content.Text;
            found.Add(new(jid, lid, string.IsNullOrEmpty(about) ? null : about, user.Child("picture")?["id"], IsBusiness(user)));
        }

        await LearnAsync(units, found.Select(user => ((Jid?)user.Jid, user.Lid)), token);
        return found;
    }

    /// <summary>Takes note of people's two addresses.</summary>
    public static Task LearnAsync(DeviceUnits units, IEnumerable<(Jid? One, Jid? Other)> addresses, CancellationToken token) => units.RunAsync(
        async unit =>
        {
            foreach (var (one, other) in addresses)
                await unit.LearnAsync(one, other, token);
        },
        token);

    private static async Task<IEnumerable<Node>> AskAsync(
        StanzaConnection connection, string mode, string context, Node[] what, IEnumerable<Node> users, CancellationToken token)
    {
        var usync = new Node(
            "usync",
            [("sid", connection.NextId()), ("mode", mode), ("last", "true"), ("index", "0"), ("context", context)],
            [new("query", what), new("list", users.ToArray())]);
        var answer = await connection.RequestAsync("usync", "get", usync, token);
        return answer.RequireChild("usync").RequireChild("list").ChildrenOf("user");
    }

    private static Jid? LidOf(Node user, Jid jid) =>
        jid.Server == JidServer.Lid ? jid.WithoutDevice() : user.Child("lid")?.GetJid("val") is { Server: JidServer.Lid } lid ? lid.WithoutDevice() : null;

    private static bool IsBusiness(Node user) => user.Child("business")?.Child("verified_name") is not null;
}
