using FocoBot.Sandbox.Directory;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Pairing;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;
using Google.Protobuf;

namespace FocoBot.Sandbox.Phones;

// Linking companions: by scanning a QR code, by typing a code in, and unlinking.
public sealed partial class VirtualPhone
{
    private const string CompanionIsOnline = "companion-online";

    private readonly HashSet<int> _welcomed = [];
    private (KeyPair Ephemeral, byte[] CompanionEphemeral)? _typed;
    private int _lastDevice;

    /// <summary>Whether the account is one that Meta hosts, whose phone signs for companions in another way.</summary>
    public bool IsHosted { get; set; }

    /// <summary>Lets the server ask the client behind a QR code to make its secret anew. Baileys does not know how.</summary>
    /// <param name="qr">The text of the code.</param>
    /// <param name="reason">The kind of request: <c>companion_reg_refresh</c> or <c>pair-device-rotate-qr</c>.</param>
    /// <exception cref="SandboxException">The code is old.</exception>
    public void RefreshQr(string qr, string reason = "companion_reg_refresh")
    {
        lock (_network.Gate)
        {
            if (!_network.Linking.Refresh(QrCode.Parse(qr).Ref, reason)) throw new SandboxException("QR_EXPIRED", "Nobody waits behind this code.");
        }
    }

    /// <summary>Lets the server tell a companion that its link code is too old. Baileys does not know how.</summary>
    /// <param name="byHand">Whether the companion's user must ask for another one.</param>
    /// <exception cref="SandboxException">No companion waits for this phone.</exception>
    public void RefreshCode(bool byHand)
    {
        lock (_network.Gate)
        {
            if (!_network.Linking.RefreshCode(Number, byHand)) throw new SandboxException("CODE_EXPIRED", "No companion waits for a code of this phone.");
        }
    }

    /// <summary>Scans a companion's QR code and vouches for it.</summary>
    /// <param name="qr">The text of the code.</param>
    /// <exception cref="ProtocolException">It is no such code.</exception>
    /// <exception cref="SandboxException">It is old, or there are too many companions.</exception>
    public void Scan(string qr)
    {
        var code = QrCode.Parse(qr);
        lock (_network.Gate)
        {
            var session = _network.Linking.Find(code.Ref);
            if (session is null || !session.NoiseKey.AsSpan().SequenceEqual(code.NoiseKey) || !session.Registration.Identity.Span.SequenceEqual(code.IdentityKey))
                throw new SandboxException("QR_EXPIRED", "Nobody waits behind this code.");
            Admit(session, code.AdvSecret);
        }
    }

    /// <summary>Whether a companion waits for this phone's owner to type in a code, as the phone would show.</summary>
    public bool IsAskedForCode
    {
        get
        {
            lock (_network.Gate) return _network.Linking.FindCode(Number) is not null;
        }
    }

    /// <summary>Types in the code that a companion shows.</summary>
    /// <param name="code">Eight letters and digits, with or without a dash.</param>
    /// <exception cref="FormatException">It is no such code.</exception>
    /// <exception cref="SandboxException">No companion waits for this phone, or it was answered too often.</exception>
    public void EnterCode(string code)
    {
        var typed = LinkCode.Normalize(code);
        LinkCodeRequest request;
        lock (_network.Gate)
            request = _network.Linking.FindCode(Number)?.Code ?? throw new SandboxException("CODE_EXPIRED", "No companion waits for a code of this phone.");
        // Slow on purpose, so not under the lock.
        var ephemeral = _keys.NewPair();
        var companionEphemeral = LinkCode.Unwrap(typed, request.WrappedEphemeral);
        var wrapped = LinkCode.Wrap(typed, ephemeral.Public.Span, _keys.RandomBytes(32), _keys.RandomBytes(16));
        lock (_network.Gate)
        {
            _typed = (ephemeral, companionEphemeral);
            if (!_network.Linking.PhoneHello(request, wrapped, _keys.Identity.Public.ToArray()))
                throw new SandboxException("CODE_EXPIRED", "The companion has gone, or was answered too often.");
        }
    }

    /// <summary>Removes a companion.</summary>
    /// <param name="companion">Its address.</param>
    /// <exception cref="SandboxException">There is none.</exception>
    public void Unlink(Jid companion)
    {
        lock (_network.Gate)
        {
            if (_network.Accounts.FindDevice(companion) is not { Id: > 0 } device || device.Account != _account) throw new SandboxException("NOT_FOUND", "This phone has no such companion.");
            _network.Relay.Remove(device);
            _welcomed.Remove(device.Id);
        }
    }

    /// <summary>The companion's last part of linking by code: it vouches if the code was the right one.</summary>
    internal void Finish(LinkingSession session, ReadOnlySpan<byte> bundle, ReadOnlySpan<byte> companionIdentity)
    {
        if (_typed is not var (ephemeral, companionEphemeral)) return;
        try
        {
            Admit(session, LinkCodeFinish.Phone(ephemeral, _keys.Identity, companionEphemeral, companionIdentity, bundle));
        }
        catch (ProtocolException)
        {
            // Another code than the companion's was typed in: it shows, and the companion waits on.
        }
    }

    /// <summary>What a companion has signed back, completed for others to see.</summary>
    internal void Signed(Device device, ReadOnlySpan<byte> signed, out byte[] identity)
    {
        var complete = ProtoReader.Parse<AdvSignedDeviceIdentity>(signed);
        complete.AccountSignatureKey = ByteString.CopyFrom(_keys.Identity.Public.Span);
        if (!DeviceIdentity.Verify(complete, device.Keys.Identity)) throw new ProtocolException("The companion signed something else.");
        identity = complete.ToByteArray();
    }

    /// <summary>A companion is there and has its backlog. The first time it gets what a new companion needs.</summary>
    internal void CompanionOnline(Device device)
    {
        if (_welcomed.Add(device.Id)) _incoming.Writer.TryWrite(new Node(CompanionIsOnline, [("jid", device.Pn)]));
    }

    // A passkey comes between what was scanned or typed in and the phone's word.
    private void Admit(LinkingSession session, byte[] advSecret)
    {
        if (Passkey is null)
        {
            Vouch(session, advSecret);
            return;
        }

        (_decision, _deciding, PasskeyCode) = (null, null, null);
        _network.Linking.AskForPasskey(session, _account, advSecret);
    }

    private void Vouch(LinkingSession session, ReadOnlySpan<byte> advSecret)
    {
        if (_account.Devices.Count > ServerLimits.Companions) throw new SandboxException("TOO_MANY_COMPANIONS", "A phone has at most four companions.");
        var id = Enumerable.Range(1, ServerLimits.LastDevice).First(number => number > _lastDevice && !_account.Devices.ContainsKey(number));
        _lastDevice = id;
        var kind = IsHosted ? AdvEncryptionType.Hosted : AdvEncryptionType.E2Ee;
        var details = new AdvDeviceIdentity { AccountType = kind, DeviceType = kind, RawId = _keys.RegistrationId, Timestamp = (ulong)_network.Clock.GetUtcNow().ToUnixTimeSeconds(), KeyIndex = ++_account.LastKeyIndex };
        var identity = DeviceIdentity.Sign(details, _keys.Identity, session.Registration.Identity.Span, _keys.RandomBytes(XEdDsa.RandomSize));
        _network.Linking.Promise(session, _account, id, details.KeyIndex, DeviceIdentity.Seal(identity, IsHosted, advSecret));
    }
}
