using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp;

// Linking: a connection of its own, after which the device logs in as any other.
public sealed partial class WhatsAppClient
{
    private static readonly TimeSpan RestartTimeout = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Links a new device by QR code: <see cref="QrCodeShown"/> comes with each code to be shown. Afterwards the device is connected,
    /// as by <see cref="ConnectAsync"/>.
    /// </summary>
    /// <param name="token">Gives up.</param>
    /// <returns>When the device is linked and online.</returns>
    /// <exception cref="LinkingException">The device was not linked.</exception>
    /// <exception cref="ConnectionEndedException">The device was linked, but can't be connected.</exception>
    /// <exception cref="InvalidOperationException">The device is linked already, or the client is connected.</exception>
    public Task LinkByQrAsync(CancellationToken token = default) => StartAsync(new LinkMethod(), token);

    /// <summary>
    /// Links a new device by a code that is typed into the phone: <see cref="LinkCodeShown"/> comes with it. Afterwards the device is connected,
    /// as by <see cref="ConnectAsync"/>.
    /// </summary>
    /// <param name="phoneNumber">The account's number with country code, as people write it.</param>
    /// <param name="code">A code of one's own choice: 8 letters and digits; null to have one made.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>When the device is linked and online.</returns>
    /// <exception cref="FormatException">This is no phone number, or no code.</exception>
    /// <exception cref="LinkingException">The device was not linked.</exception>
    /// <exception cref="ConnectionEndedException">The device was linked, but can't be connected.</exception>
    /// <exception cref="InvalidOperationException">The device is linked already, or the client is connected.</exception>
    public Task LinkByCodeAsync(string phoneNumber, string? code = null, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(phoneNumber);
        return StartAsync(new LinkMethod(PhoneNumber.Normalize(phoneNumber), code is null ? null : LinkCode.Normalize(code)), token);
    }

    private async Task<ConnectionEnd> LinkAsync(StanzaConnection connection, LinkMethod method, DeviceCredentials device, CancellationToken stop)
    {
        Move(ConnectionState.Linking);
        ValueTask Tell(ClientEvent happened)
        {
            Publish(happened);
            return default;
        }

        var linking = new Linking(connection, method, device, units, options.Random, options.Clock, Tell);
        var reading = connection.RunAsync(linking.ReceiveAsync);
        try
        {
            var linked = await linking.RunAsync(stop);
            Publish(new DeviceLinked(linked.PhoneJid!.Value, linked.Lid));
            return await connection.Ended.WaitAsync(RestartTimeout, options.Clock, stop);
        }
        catch (TimeoutException)
        {
            // The server should have ended the connection, for the device to log in on a new one.
            return new(EndCause.Restart);
        }
        finally
        {
            await connection.CloseAsync(new(EndCause.Stopped));
            await reading;
        }
    }
}
