using System.Text;
using FocoBot.WhatsApp.AppState;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Connection;

namespace FocoBot.WhatsApp;

// The account itself: its profile, its privacy, and its end on this device.
public sealed partial class WhatsAppClient
{
    /// <summary>Asks for the account's privacy settings.</summary>
    /// <param name="token">Gives up.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="RequestRefusedException">The server refused.</exception>
    /// <exception cref="RequestTimeoutException">The server did not answer in time.</exception>
    /// <exception cref="ConnectionEndedException">There is no connection, or it ended meanwhile.</exception>
    public async Task<PrivacySettings> GetPrivacyAsync(CancellationToken token = default)
    {
        var answer = await (await OnlineAsync(token)).RequestAsync("privacy", "get", new Node("privacy"), token);
        return PrivacySettings.Read(answer.RequireChild("privacy"));
    }

    /// <summary>Changes a privacy setting of the account.</summary>
    /// <param name="setting">Which.</param>
    /// <param name="audience">For whom it is from now on; not all fit every setting.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the server has done it.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public async Task SetPrivacyAsync(PrivacySetting setting, PrivacyAudience audience, CancellationToken token = default)
    {
        await (await OnlineAsync(token)).RequestAsync("privacy", "set", PrivacySettings.Write(setting, audience), token);
        _privacy = null;
    }

    /// <summary>Changes the account's about text.</summary>
    /// <param name="text">The text; up to 139 characters are shown.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the server has done it.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public async Task SetAboutAsync(string text, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        await (await OnlineAsync(token)).RequestAsync("status", "set", new Node("status", Encoding.UTF8.GetBytes(text)), token);
    }

    /// <summary>Changes what the account calls itself, on all its devices.</summary>
    /// <param name="name">The name; up to 25 characters are shown.</param>
    /// <param name="token">Gives up; it may be changed all the same.</param>
    /// <inheritdoc cref="WriteAsync"/>
    public async Task SetNameAsync(string name, CancellationToken token = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        await WriteAsync(CollectionNames.CriticalBlock, [new(["setting_pushName"], new() { PushNameSetting = new() { Name = name } }, 1)], token);
        await _state!.ChangeAsync(device => device with { PushName = name }, token);
        await (await OnlineAsync(token)).SendAsync(new Node("presence", [("name", name.Replace("@", "", StringComparison.Ordinal))]), token);
    }

    /// <summary>Changes the picture of the account, or of a group.</summary>
    /// <param name="jpeg">A JPEG file, square, 640 pixels wide.</param>
    /// <param name="group">The group; null for the account.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>The picture's id, if the server tells it.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public async Task<string?> SetPictureAsync(ReadOnlyMemory<byte> jpeg, Jid? group = null, CancellationToken token = default)
    {
        if (jpeg.IsEmpty)
            throw new ArgumentException("There is no picture.", nameof(jpeg));
        var picture = new Node("picture", [("type", "image")], jpeg.ToArray());
        return (await (await OnlineAsync(token)).RequestAsync("w:profile:picture", "set", picture, token, target: group)).Child("picture")?["id"];
    }

    /// <summary>Removes the picture of the account, or of a group.</summary>
    /// <param name="group">The group; null for the account.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the server has done it.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public async Task RemovePictureAsync(Jid? group = null, CancellationToken token = default) =>
        await (await OnlineAsync(token)).RequestAsync("w:profile:picture", "set", default, token, target: group);

    /// <summary>
    /// Unlinks the device: tells the server, and removes all keys from the store once it has agreed. When it does not answer, everything stays
    /// as it was.
    /// </summary>
    /// <param name="token">Gives up.</param>
    /// <returns>When the device is unlinked and removed.</returns>
    /// <inheritdoc cref="GetPrivacyAsync"/>
    public async Task LogoutAsync(CancellationToken token = default)
    {
        var online = await OnlineAsync(token);
        var leave = new Node("remove-companion-device", [("jid", Self.PhoneJid), ("reason", "user_initiated")]);
        try
        {
            await online.RequestAsync("md", "set", leave, token);
        }
        catch (ConnectionEndedException over) when (over.End.Cause is EndCause.LoggedOut)
        {
            // The end of the stream came before the answer, and says the same.
        }

        // From here on the credentials are dead: nothing may keep them.
        await DisconnectAsync();
        await ForgetAsync(CancellationToken.None);
    }
}
