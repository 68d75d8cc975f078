namespace FocoBot.WhatsApp.Storage;

/// <summary>The credentials in use, and the one place where they change: in the store first, one change after the other.</summary>
internal sealed class DeviceState(IDeviceStore store, DeviceCredentials credentials)
{
    private readonly SemaphoreSlim changing = new(1);

    public IDeviceStore Store { get; } = store;

    public DeviceCredentials Credentials { get; private set; } = credentials;

    /// <summary>Changes the credentials, and what belongs to the change, in one unit of work.</summary>
    /// <param name="change">Gets the credentials and the unit of work, gives the new credentials.</param>
    /// <param name="token">Gives up.</param>
    public async Task ChangeAsync(Func<DeviceCredentials, IDeviceUnit, ValueTask<DeviceCredentials>> change, CancellationToken token)
    {
        await changing.WaitAsync(token);
        try
        {
            await using var unit = await Store.BeginAsync(token);
            var changed = await change(Credentials, unit);
            await unit.StoreCredentialsAsync(changed, token);
            await unit.CommitAsync(token);
            Credentials = changed;
        }
        finally
        {
            changing.Release();
        }
    }

    /// <summary>Changes the credentials alone.</summary>
    public Task ChangeAsync(Func<DeviceCredentials, DeviceCredentials> change, CancellationToken token) =>
        ChangeAsync((credentials, _) => new(change(credentials)), token);
}
