using FocoBot.WhatsApp.Signal.Chains;
using FocoBot.WhatsApp.Signal.Curve25519;
using FocoBot.WhatsApp.Signal.Storage;

namespace FocoBot.WhatsApp.Signal.SenderKeys;

/// <summary>One sender key: a chain of message seeds and the key that signs. Immutable.</summary>
/// <param name="Id">The number that messages name it by.</param>
/// <param name="Chain">The seeds; its index is the next iteration.</param>
/// <param name="SigningPublic">Verifies the messages.</param>
/// <param name="Signing">Signs them; only of our own sender keys.</param>
internal sealed record SenderKeyState(uint Id, MessageChain Chain, byte[] SigningPublic, SigningKey? Signing)
{
    // id u32 ‖ chain ‖ signing public ‖ own u8 [‖ signing private ‖ its Edwards public key]
    public void Write(in RecordWriter writer)
    {
        writer.UInt32(Id);
        writer.Chain(Chain);
        writer.Bytes(SigningPublic);
        writer.Byte(Signing is null ? (byte)0 : (byte)1);
        if (Signing is null)
            return;
        writer.Bytes(Signing.Private);
        writer.Bytes(Signing.Edwards);
    }

    public static SenderKeyState Read(ref RecordReader reader) =>
        new(reader.UInt32(), reader.Chain(), reader.Key(), reader.Byte(1) == 1 ? SigningKey.FromStored(reader.Key(), reader.Key()) : null);
}
