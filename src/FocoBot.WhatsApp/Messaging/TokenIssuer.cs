using System.Globalization;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Storage;
using Microsoft.Extensions.Logging;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// Gives people that this account writes to a token with which they may answer, once a week each, beside the stanzas that come.
/// <code>
/// &lt;iq xmlns="privacy" type="set"&gt;&lt;tokens&gt;&lt;token jid t type="trusted_contact"/&gt;&lt;/tokens&gt;&lt;/iq&gt;     the answer may bring theirs
/// </code>
/// </summary>
internal sealed class TokenIssuer(StanzaConnection connection, DeviceState state, TimeProvider clock, ILogger log)
{
    private readonly WorkQueue _queue = new("Privacy token", connection, log);

    /// <summary>Gives somebody a token soon, if it is due.</summary>
    /// <param name="to">Whom.</param>
    /// <param name="anyway">Also if it is not.</param>
    public void Add(Jid to, bool anyway = false)
    {
        if (!state.Credentials.Owns(to) && to is { Domain: not null, IsBot: false })
            _queue.Add(token => IssueAsync(to, anyway, token));
    }

    /// <summary>Begins to issue, until it is told to end.</summary>
    public void Start(CancellationToken token) => _queue.Start(token);

    public Task EndAsync() => _queue.EndAsync();

    private async Task IssueAsync(Jid to, bool anyway, CancellationToken token)
    {
        var now = clock.GetUtcNow();
        var self = state.Credentials;
        var due = await state.Units.ReadAsync(
            async unit => anyway || await PrivacyTokens.IsDueAsync(unit, to, self, now, token) ? await unit.PhoneOfAsync(to, self, token) ?? to : (Jid?)null, token);
        if (due is not { } whom)
            return;
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var issue = new Node("tokens", new Node("token", [("jid", whom.WithoutDevice()), ("t", seconds), ("type", PrivacyTokens.TrustedContact)]));
        var answer = await connection.RequestAsync("privacy", "set", issue, token);
        await state.Units.RunAsync(
            async unit =>
            {
                await PrivacyTokens.IssuedAsync(unit, to, self, now, token);
                if (answer.Child("tokens") is { } theirs)
                    await PrivacyTokens.TakeAsync(unit, to, theirs, self, token);
            },
            token);
    }
}
