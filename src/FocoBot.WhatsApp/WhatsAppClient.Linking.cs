using System.Text;
using FocoBot.WhatsApp.Connection;
using FocoBot.WhatsApp.Diagnostics;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp;

// Linking: a connection of its own, after which the device logs in as any other.
public sealed partial class WhatsAppClient
{
    private static readonly TimeSpan RestartTimeout = TimeSpan.FromSeconds(20);

    private volatile Linking? _currentLinking;

    /// <summary>
    /// Links a new device by QR code: <see cref="QrCodeShown"/> comes with each code to be shown. Afterwards the device is connected,
    /// as by <see cref="ConnectAsync"/>.
    /// </summary>
    /// <param name="token">Gives up.</param>
    /// <returns>When the device is linked and online.</returns>
    /// <exception cref="LinkingException">The device was not linked.</exception>
    /// <exception cref="ConnectionEndedException">The device was linked, but can't be connected.</exception>
    /// <exception cref="InvalidOperationException">The device is linked already, or the client is connected.</exception>
    public Task LinkByQrAsync(CancellationToken token = default) => LinkAsync(new LinkMethod(), token);

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
        return LinkAsync(new LinkMethod(PhoneNumber.Normalize(phoneNumber), code is null ? null : LinkCode.Normalize(code)), token);
    }

    /// <summary>Answers <see cref="PasskeyRequested"/>. What comes of it is told by <see cref="PasskeyCodeShown"/> or the end of the linking.</summary>
    /// <param name="credentialId">Which passkey has signed.</param>
    /// <param name="assertion">What it signed: WebAuthn's <c>PublicKeyCredential</c> with its <c>AuthenticatorAssertionResponse</c> as JSON, bytes in base64url.</param>
    /// <exception cref="InvalidOperationException">No passkey is asked for, or it was answered already.</exception>
    public void AnswerPasskey(ReadOnlyMemory<byte> credentialId, string assertion)
    {
        ArgumentException.ThrowIfNullOrEmpty(assertion);
        WaitingLinking.AnswerPasskey(credentialId.ToArray(), Encoding.UTF8.GetBytes(assertion));
    }

    /// <summary>Answers <see cref="PasskeyCodeShown"/>.</summary>
    /// <param name="isSame">Whether the phone shows the same code; if not, the linking ends with <see cref="LinkingFailure.PasskeyNotConfirmed"/>.</param>
    /// <exception cref="InvalidOperationException">There is no code to be compared, or it was answered already.</exception>
    public void ConfirmPasskey(bool isSame) => WaitingLinking.ConfirmPasskey(isSame);

    private async Task LinkAsync(LinkMethod method, CancellationToken token)
    {
        using var activity = Telemetry.Link(method.Phone is null ? "qr" : "code");
        try
        {
            await StartAsync(method, token);
        }
        catch (Exception failed) when (Telemetry.Fail(activity, failed))
        {
            throw;
        }
    }

    private Linking WaitingLinking => _currentLinking ?? throw new InvalidOperationException("The client is not about to link.");

    private async Task<ConnectionEnd> LinkAsync(StanzaConnection connection, LinkMethod method, DeviceCredentials device, CancellationToken stop)
    {
        Move(ConnectionState.Linking);
        ValueTask Tell(ClientEvent happened)
        {
            Publish(happened);
            return default;
        }

        var linking = new Linking(connection, method, device, _units, _options.Random, _options.Clock, Tell);
        var reading = connection.RunAsync(linking.ReceiveAsync);
        _currentLinking = linking;
        try
        {
            var linked = await linking.RunAsync(stop);
            Publish(new DeviceLinked(linked.PhoneJid!.Value, linked.Lid));
            return await connection.Ended.WaitAsync(RestartTimeout, _options.Clock, stop);
        }
        catch (TimeoutException)
        {
            // The server should have ended the connection, for the device to log in on a new one.
            return new(EndCause.Restart);
        }
        finally
        {
            _currentLinking = null;
            await connection.CloseAsync(new(EndCause.Stopped));
            await reading;
        }
    }
}
