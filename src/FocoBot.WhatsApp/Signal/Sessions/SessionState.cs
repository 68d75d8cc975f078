using System.Collections.Immutable;
using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Signal.Sessions;

/// <summary>One session with a device: the double ratchet between two of its steps. Immutable.</summary>
internal sealed record SessionState
{
    public required uint RemoteRegistrationId { get; init; }

    public required byte[] RemoteIdentity { get; init; }

    /// <summary>The initiator's ephemeral key of the key agreement, by which both sides know the session.</summary>
    public required byte[] BaseKey { get; init; }

    public required byte[] RootKey { get; init; }

    public required KeyPair OwnRatchet { get; init; }

    public required MessageChain SendingChain { get; init; }

    /// <summary>The counter of the last message of the sending chain before this one; 0 also if there was none.</summary>
    public uint PreviousCounter { get; init; }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<ReceivingChain> ReceivingChains { get; init; } = [];

    /// <summary>While it is set, no reply has come, and each message carries what the peer needs to start the session.</summary>
    public PendingPreKey? Pending { get; init; }

    public ReceivingChain? FindChain(ReadOnlySpan<byte> ratchetKey)
    {
        foreach (var chain in ReceivingChains)
        {
            if (ratchetKey.SequenceEqual(chain.RatchetKey))
                return chain;
        }
        return null;
    }

    /// <summary>How many keys of missing messages there are.</summary>
    public int SkippedCount
    {
        get
        {
            var count = 0;
            foreach (var chain in ReceivingChains)
                count += chain.Chain.Skipped.Count;
            return count;
        }
    }

    /// <summary>Forgets the oldest keys of missing messages, where there are more than so many.</summary>
    public SessionState KeepSkipped(int count)
    {
        if (SkippedCount <= count)
            return this;
        var chains = ReceivingChains.ToBuilder();
        for (var i = chains.Count - 1; i >= 0; i--)
        {
            chains[i] = chains[i] with { Chain = chains[i].Chain.KeepSkipped(count) };
            count -= chains[i].Chain.Skipped.Count;
        }
        return this with { ReceivingChains = chains.MoveToImmutable() };
    }

    // registration u32 ‖ identity ‖ base ‖ root ‖ own ratchet (private ‖ public) ‖ sending chain ‖ previous counter u32
    // ‖ pending u8 (0 no, 1 without, 2 with one-time prekey) [‖ signed prekey u32 [‖ prekey u32]] ‖ count u8 ‖ (ratchet key ‖ chain) each
    public void Write(in RecordWriter writer)
    {
        writer.UInt32(RemoteRegistrationId);
        writer.Bytes(RemoteIdentity);
        writer.Bytes(BaseKey);
        writer.Bytes(RootKey);
        writer.KeyPair(OwnRatchet);
        writer.Chain(SendingChain);
        writer.UInt32(PreviousCounter);
        writer.Byte((byte)(Pending is null ? 0 : Pending.PreKeyId is null ? 1 : 2));
        if (Pending is not null)
            writer.UInt32(Pending.SignedPreKeyId);
        if (Pending?.PreKeyId is { } preKeyId)
            writer.UInt32(preKeyId);
        writer.Byte((byte)ReceivingChains.Length);
        foreach (var chain in ReceivingChains)
        {
            writer.Bytes(chain.RatchetKey);
            writer.Chain(chain.Chain);
        }
    }

    public static SessionState Read(ref RecordReader reader)
    {
        var state = new SessionState
        {
            RemoteRegistrationId = reader.UInt32(),
            RemoteIdentity = reader.Key(),
            BaseKey = reader.Key(),
            RootKey = reader.Key(),
            OwnRatchet = reader.KeyPair(),
            SendingChain = reader.Chain(),
            PreviousCounter = reader.UInt32(),
            Pending = ReadPending(ref reader),
        };
        var count = reader.Byte(Limits.ReceiverChains);
        var chains = ImmutableArray.CreateBuilder<ReceivingChain>(count);
        for (var i = 0; i < count; i++)
            chains.Add(new(reader.Key(), reader.Chain()));
        return state with { ReceivingChains = chains.MoveToImmutable() };
    }

    private static PendingPreKey? ReadPending(ref RecordReader reader)
    {
        var kind = reader.Byte(2);
        if (kind == 0)
            return null;
        var signedPreKeyId = reader.UInt32();
        return new(signedPreKeyId, kind == 2 ? reader.UInt32() : null);
    }
}

/// <summary>The messages under one ratchet key of the peer.</summary>
internal sealed record ReceivingChain(byte[] RatchetKey, MessageChain Chain);

/// <summary>Which prekeys of the peer a session was started with.</summary>
internal sealed record PendingPreKey(uint SignedPreKeyId, uint? PreKeyId);
