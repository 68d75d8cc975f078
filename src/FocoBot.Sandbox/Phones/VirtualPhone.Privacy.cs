using System.Text.Json;
using FocoBot.Sandbox.Server;
using FocoBot.WhatsApp;
using FocoBot.WhatsApp.Binary;
using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Signal.Curve25519;
using Google.Protobuf;

namespace FocoBot.Sandbox.Phones;

// Who may write to this account, what the server refuses it, and which companions it vouches for.
public sealed partial class VirtualPhone
{
    private (string Indexes, byte[] List)? _signedIndexes;

    /// <summary>Whether strangers are kept off: who has no token of this account can't write to it (463), nor see its picture and presence, nor add it to groups.</summary>
    public bool RequiresTokens
    {
        get
        {
            lock (_network.Gate) return _account.RequiresTokens;
        }

        set
        {
            lock (_network.Gate) _account.RequiresTokens = value;
        }
    }

    /// <summary>What the account's companions make tokens from for those who have given them none; empty for nothing.</summary>
    public ReadOnlyMemory<byte> ChatTokenSalt
    {
        get
        {
            lock (_network.Gate) return _account.ChatTokenSalt;
        }

        set
        {
            lock (_network.Gate) _account.ChatTokenSalt = value.ToArray();
        }
    }

    /// <summary>Who has been given a token, by this phone or its companions.</summary>
    public IReadOnlyList<Jid> Trusted
    {
        get
        {
            lock (_network.Gate) return [.. _account.Tokens.Keys.Select(trusted => trusted.Lid)];
        }
    }

    /// <summary>Gives somebody a token, with which he may write to this account.</summary>
    /// <param name="user">Whom.</param>
    public void Trust(Jid user)
    {
        lock (_network.Gate)
            _network.Ask(_device, new Node("iq", [("to", Jid.Service), ("type", "set"), ("xmlns", "privacy"), ("id", _network.NewId())],
                new Node("tokens", new Node("token", [("jid", user), ("t", _network.Now), ("type", PrivacyTokens.TrustedContact)]))));
    }

    /// <summary>Has the server refuse the next messages of the account's companions.</summary>
    /// <param name="code">The server's number for it: 421, 463, 475, 479….</param>
    /// <param name="count">How many messages.</param>
    public void RefuseMessages(int code, int count = 1)
    {
        lock (_network.Gate)
        {
            for (var i = 0; i < Math.Min(count, ServerLimits.Refusals); i++) _account.Refusals.Enqueue(code);
        }
    }

    /// <summary>Has the server tell the account's companions that it may begin no chats, or may again.</summary>
    /// <param name="until">Until when it may not; null when it may.</param>
    public void RestrictNewChats(DateTimeOffset? until)
    {
        var notice = new { data = new { xwa2_notify_account_reachout_timelock = new { is_active = until is not null, enforcement_type = "DEFAULT", time_enforcement_ends = until is { } end ? Stanzas.Seconds(end) : null } } };
        lock (_network.Gate)
        {
            foreach (var device in _account.Devices.Values.Where(device => device.Id > 0))
                _network.Relay.Deliver(device, new Node("notification", [("from", Jid.Service), ("type", "mex"), ("id", _network.NewId()), ("t", _network.Now)],
                    new Node("update", [("op_name", "NotificationUserReachoutTimelockUpdate")], JsonSerializer.SerializeToUtf8Bytes(notice))));
        }
    }

    /// <summary>The companions that this phone vouches for: its own signature over <c>06 02 | AdvKeyIndexList</c>.</summary>
    internal byte[] SignedKeyIndexes()
    {
        var indexes = _account.Devices.Values.Select(device => device.KeyIndex).ToArray();
        var name = string.Join(' ', indexes);
        if (_signedIndexes is var (known, list) && known == name) return list;
        var details = new AdvKeyIndexList
        {
            RawId = _keys.RegistrationId, Timestamp = (ulong)_network.Clock.GetUtcNow().ToUnixTimeSeconds(), CurrentIndex = _account.LastKeyIndex, ValidIndexes = { indexes },
        }.ToByteArray();
        var signature = new byte[XEdDsa.SignatureSize];
        XEdDsa.Sign(_keys.Identity.Private.Span, [6, 2, .. details], _keys.RandomBytes(XEdDsa.RandomSize), signature);
        var signed = new AdvSignedKeyIndexList
        {
            Details = ByteString.CopyFrom(details), AccountSignature = ByteString.CopyFrom(signature), AccountSignatureKey = ByteString.CopyFrom(_keys.Identity.Public.Span),
        }.ToByteArray();
        _signedIndexes = (name, signed);
        return signed;
    }
}
