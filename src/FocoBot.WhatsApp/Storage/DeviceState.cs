namespace FocoBot.WhatsApp.Storage;

/// <summary>The credentials in use, and the one place where they change.</summary>
internal sealed class DeviceState(DeviceUnits units, DeviceCredentials credentials)
{
    private volatile DeviceCredentials _credentials = credentials;

    public DeviceUnits Units { get; } = units;

    public DeviceCredentials Credentials => _credentials;

    /// <summary>Changes the credentials within a unit of work, once at most.</summary>
    public void Change(DeviceUnit unit, Func<DeviceCredentials, DeviceCredentials> change)
    {
        var changed = change(Credentials);
        unit.StoreCredentials(changed);
        unit.Accepted += () => _credentials = changed;
    }

    /// <summary>Changes the credentials, and waits until that is stored.</summary>
    public Task ChangeAsync(Func<DeviceCredentials, DeviceCredentials> change, CancellationToken token) =>
        Units.RunAsync(unit => Change(unit, change), token);
}
