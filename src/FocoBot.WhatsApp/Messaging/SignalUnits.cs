using System.Security.Cryptography;
using FocoBot.WhatsApp.Signal;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.Messaging;

/// <summary>
/// The one door to the sessions: one unit of work after the other, each with all its changes or none. It outlives connections, for what
/// was begun on one may end after the next has come.
/// </summary>
internal sealed class SignalUnits(IDeviceStore store, RandomNumberGenerator random)
{
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Does what it is given, and commits unless that throws. Nothing in there may wait for the server.</summary>
    public async Task<T> RunAsync<T>(DeviceCredentials device, Func<SignalUnit, Task<T>> work, CancellationToken token)
    {
        await turn.WaitAsync(token);
        try
        {
            await using var unit = await store.BeginAsync(token);
            var result = await work(new(new(new(device.Identity, device.RegistrationId), unit, random), unit));
            await unit.CommitAsync(token);
            return result;
        }
        finally
        {
            turn.Release();
        }
    }
}

/// <summary>Sessions within a unit of work.</summary>
internal sealed record SignalUnit(SignalSessions Sessions, IDeviceUnit Store)
{
    /// <summary>Moves what is kept of a device under its phone number to its hidden identity, unless there is something already.</summary>
    public async Task MigrateAsync(Jid phone, Jid lid, CancellationToken token)
    {
        SignalAddress from = phone.ToAddress(), to = lid.ToAddress();
        if (await Store.LoadSessionAsync(from, token) is not { } session)
            return;
        if (await Store.LoadSessionAsync(to, token) is null)
        {
            await Store.StoreSessionAsync(to, session, token);
            if (await Store.LoadIdentityAsync(from, token) is { } identity)
                await Store.StoreIdentityAsync(to, identity, token);
        }

        await Sessions.ForgetAsync(from, token);
    }
}
