using FocoBot.WhatsApp.Proto;

namespace FocoBot.WhatsApp.AppState;

/// <summary>One change of a setting, decrypted.</summary>
/// <param name="Operation">Whether the setting is made or taken back.</param>
/// <param name="IndexJson">Which setting: a JSON array of strings, e.g. <c>["mute","1555…@s.whatsapp.net"]</c>, as UTF-8.</param>
/// <param name="Value">What it is set to; a removal carries the value that was.</param>
/// <param name="ActionVersion">The version of this kind of action.</param>
/// <param name="IndexMac">The index as storage and server know it.</param>
/// <param name="ValueMac">What the running hash counts; storage keeps it by <see cref="IndexMac"/>.</param>
internal sealed record Mutation(
    SyncdMutation.Types.Operation Operation, byte[] IndexJson, SyncActionValue Value, int ActionVersion, byte[] IndexMac, byte[] ValueMac);
