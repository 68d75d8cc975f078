using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Messaging;

namespace FocoBot.WhatsApp;

// What is known of people: who is on WhatsApp, pictures and about texts, and whom this account has blocked.
public sealed partial class WhatsAppClient
{
    /// <summary>Asks which phone numbers are on WhatsApp. To ask for many at once, or often, may cost the account.</summary>
    /// <param name="phoneNumbers">Digits with the country's, with or without <c>+</c>.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>One answer for each number, in the same order.</returns>
    /// <exception cref="ArgumentException">This is no phone number.</exception>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public async Task<IReadOnlyList<NumberLookup>> FindNumbersAsync(IEnumerable<string> phoneNumbers, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(phoneNumbers);
        var numbers = phoneNumbers.Select(UserQueries.Digits).ToArray();
        var online = await OnlineAsync(token);
        var found = new List<NumberLookup>(numbers.Length);
        foreach (var batch in numbers.Chunk(Limits.UserBatch))
            found.AddRange(await UserQueries.FindNumbersAsync(online, _units, batch, token));
        return found;
    }

    /// <summary>Asks what is known of people.</summary>
    /// <param name="users">Who.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>One answer for each who is on WhatsApp, in no order.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public async Task<IReadOnlyList<UserInfo>> GetUsersAsync(IEnumerable<Jid> users, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(users);
        var online = await OnlineAsync(token);
        var found = new List<UserInfo>();
        foreach (var batch in users.Select(Person).Distinct().Chunk(Limits.UserBatch))
            found.AddRange(await UserQueries.GetUsersAsync(online, _units, batch, token));
        return found;
    }

    /// <summary>Asks where the picture of a person or group can be downloaded.</summary>
    /// <param name="of">Whose picture.</param>
    /// <param name="large">The picture itself (640 pixels) instead of a small one (96).</param>
    /// <param name="token">Gives up.</param>
    /// <returns>The picture; null when there is none.</returns>
    /// <exception cref="RequestRefusedException">401: its owner does not show it to this account.</exception>
    /// <exception cref="RequestTimeoutException">The server did not answer in time.</exception>
    /// <exception cref="ConnectionEndedException">There is no connection, or it ended meanwhile.</exception>
    public async Task<ProfilePicture?> GetPictureAsync(Jid of, bool large = false, CancellationToken token = default)
    {
        of = of.WithoutDevice();
        var online = await OnlineAsync(token);
        var query = new Node("picture", [("type", large ? "image" : "preview"), ("query", "url")], await WelcomeAsync(of, token));
        try
        {
            var answer = await online.RequestAsync("w:profile:picture", "get", query, token, target: of);
            return answer.Child("picture") is { } picture && picture["id"] is { } id && Uri.TryCreate(picture["url"], UriKind.Absolute, out var url) ? new(id, url) : null;
        }
        catch (RequestRefusedException none) when (none.Code == 404)
        {
            return null;
        }
    }

    // What shows that somebody wants to hear from this account; nothing for groups.
    private Task<Node?> WelcomeAsync(Jid user, CancellationToken token) =>
        _units.ReadAsync(unit => PrivacyTokens.FindAsync(unit, user, Self, _options.Clock.GetUtcNow(), token).AsTask(), token);

    /// <summary>Asks whom this account has blocked.</summary>
    /// <param name="token">Gives up.</param>
    /// <returns>Who is blocked, by hidden identity where the server gives that.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public async Task<IReadOnlyList<Jid>> GetBlocklistAsync(CancellationToken token = default)
    {
        var answer = await (await OnlineAsync(token)).RequestAsync("blocklist", "get", default, token);
        var blocked = new List<(Jid? Blocked, Jid?)>();
        foreach (var item in answer.Child("list")?.ChildrenOf("item") ?? [])
        {
            if (item.GetJid("jid") is { } jid)
                blocked.Add((jid.WithoutDevice(), item.GetJid("pn_jid")));
        }

        await UserQueries.LearnAsync(_units, blocked, token);
        return [.. blocked.Select(item => item.Blocked!.Value)];
    }

    /// <summary>Asks whether this account has blocked somebody. Whether somebody has blocked this account nobody tells.</summary>
    /// <param name="user">Who.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>Whether nothing comes from there.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public async Task<bool> IsBlockedAsync(Jid user, CancellationToken token = default)
    {
        user = Person(user);
        var blocked = await GetBlocklistAsync(token);
        return await _units.ReadAsync(
            async unit =>
            {
                var asked = await unit.ResolveAsync(user, Self, token);
                foreach (var other in blocked)
                {
                    if (await unit.ResolveAsync(other, Self, token) == asked)
                        return true;
                }

                return false;
            },
            token);
    }

    /// <summary>
    /// Says whether there is a chat with somebody, as far as this device knows: whether a message came in it, be it from there or from the owner's other devices, since this one
    /// was linked or in the history; or the other one has shown that messages are welcome. What this client has sent does not count. Asks nobody, and needs no connection.
    /// </summary>
    /// <param name="user">Who.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>False for a stranger, to whom a first message may be refused: <see cref="RefusalReason.ContactNotEstablished"/>.</returns>
    /// <exception cref="InvalidOperationException">The device is not linked.</exception>
    /// <exception cref="StoreFailedException">The store has failed, and the client has not connected again.</exception>
    public Task<bool> HasChatAsync(Jid user, CancellationToken token = default)
    {
        user = Person(user);
        return _units.ReadAsync(
            async unit => await PrivacyTokens.HasMetAsync(
                unit, user, Device ?? await unit.LoadCredentialsAsync(token) ?? throw new InvalidOperationException("The device is not linked."), token),
            token);
    }

    /// <summary>Blocks somebody: nothing comes from there any more.</summary>
    /// <param name="user">Who.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the server has done it.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public Task BlockAsync(Jid user, CancellationToken token = default) => SetBlockedAsync(user, isBlocked: true, token);

    /// <summary>Ends a block.</summary>
    /// <param name="user">Who.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the server has done it.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public Task UnblockAsync(Jid user, CancellationToken token = default) => SetBlockedAsync(user, isBlocked: false, token);

    // <item action jid="hidden identity" pn_jid="phone number, to block"/>
    private async Task SetBlockedAsync(Jid user, bool isBlocked, CancellationToken token)
    {
        user = Person(user);
        var online = await OnlineAsync(token);
        if ((await ResolveAsync()).Server != JidServer.Lid)
            await UserQueries.GetUsersAsync(online, _units, [user], token);
        var lid = await ResolveAsync();
        var phone = user.Server == JidServer.User ? user : await _units.ReadAsync(unit => unit.PhoneOfAsync(lid, Self, token).AsTask(), token);
        var item = new Node("item", [("action", isBlocked ? "block" : "unblock"), ("jid", lid), ("pn_jid", isBlocked && lid != phone ? phone : null)]);
        await online.RequestAsync("blocklist", "set", item, token);

        Task<Jid> ResolveAsync() => _units.ReadAsync(unit => unit.ResolveAsync(user, Self, token).AsTask(), token);
    }
}
