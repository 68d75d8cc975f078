using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Server;

/// <summary>What goes wrong on the way to somebody. Each of the first four is a probability, from 0 to 1, for every stanza that the somebody would get.</summary>
/// <param name="Drop">It is not sent, and comes at the next login.</param>
/// <param name="Duplicate">It comes twice.</param>
/// <param name="Reorder">It comes after the one behind it.</param>
/// <param name="Corrupt">Its ciphertext is damaged, for this time; stanzas without one are then left alone.</param>
/// <param name="DelayMs">It comes later by so many milliseconds, and so does what is behind it.</param>
/// <param name="DisconnectAfter">The connection breaks after so many stanzas; once.</param>
/// <param name="StreamError">The connection ends at once with this code; 440 as if another one had taken its place.</param>
/// <param name="Count">After so many stanzas all is well again; null for never.</param>
/// <param name="LoseAcks">The probability, for every message that the somebody sends, that it is taken and the sender does not learn of it.</param>
/// <param name="Deafens">The server looks at nothing any more that comes on the connection of this moment, and says nothing on it; the next one is fine.</param>
/// <param name="Failure">The connection ends at once, and every login is refused, for this reason: 402 a ban for a time, 403 a lock, 406 a ban.</param>
/// <param name="BanCode">Why there is a ban.</param>
/// <param name="BanSeconds">How long it lasts.</param>
public sealed record FaultPlan(
    double Drop = 0, double Duplicate = 0, double Reorder = 0, double Corrupt = 0, int DelayMs = 0, int? DisconnectAfter = null, int? StreamError = null, int? Count = null, double LoseAcks = 0, bool Deafens = false,
    int? Failure = null, int? BanCode = null, int? BanSeconds = null);

/// <summary>Sends stanzas to devices, or what the planned faults make of that.</summary>
internal sealed class Faults(SandboxNetwork network)
{
    private const int Replaced = 440;

    private readonly Dictionary<Device, State> _planned = [];

    /// <summary>Plans faults for a device; null ends them.</summary>
    public void Plan(Device device, FaultPlan? plan)
    {
        if (_planned.Remove(device, out var before) && device.Connection is { } there) Release(before, there);
        if (plan is null) return;
        _planned[device] = new State(plan);
        if (device.Connection is not { } client) return;
        if (plan.Deafens) client.IsDeaf = true;
        var end = plan.StreamError is { } code ? code == Replaced ? Stanzas.Replaced() : Stanzas.StreamError(code) : Refusal(device);
        if (end is null) return;
        client.Send(end);
        client.Close();
    }

    /// <summary>What a device is told instead of being let in; null when it is let in.</summary>
    public Node? Refusal(Device device) => _planned.GetValueOrDefault(device)?.Plan is { Failure: { } reason } plan ? Stanzas.Failure(reason, plan.BanCode, plan.BanSeconds) : null;

    /// <summary>Sends a stanza to a device that is connected.</summary>
    public void Send(Device device, ClientConnection client, Node stanza)
    {
        // A plan to damage ciphertexts counts those that have one.
        if (!_planned.TryGetValue(device, out var state) || (state.Plan.Corrupt > 0 && stanza.Child("enc") is null))
        {
            client.Send(stanza);
            return;
        }

        if (++state.Seen == state.Plan.Count) _planned.Remove(device);
        if (!Chance(state.Plan.Drop)) Pass(client, stanza, state);
        // Whatever became of the stanza.
        if (state.Seen == state.Plan.DisconnectAfter) client.Abort();
    }

    /// <summary>Whether the acknowledgement of a message that a device has just sent gets lost.</summary>
    public bool LosesAck(Device device) => _planned.TryGetValue(device, out var state) && Chance(state.Plan.LoseAcks);

    private void Pass(ClientConnection client, Node stanza, State state)
    {
        var plan = state.Plan;
        var delay = TimeSpan.FromMilliseconds(plan.DelayMs);
        if (Chance(plan.Corrupt)) stanza = Corrupted(stanza);
        if (state.Held is null && state.Seen != plan.Count && Chance(plan.Reorder))
        {
            state.Held = (client, stanza);
            return;
        }

        client.Send(stanza, delay);
        if (Chance(plan.Duplicate)) client.Send(stanza, delay);
        Release(state, client);
    }

    // What was held back on a connection that is gone comes with all that the device has missed.
    private static void Release(State state, ClientConnection client)
    {
        if (state.Held is { } held && held.Client == client) client.Send(held.Stanza, TimeSpan.FromMilliseconds(state.Plan.DelayMs));
        state.Held = null;
    }

    private bool Chance(double probability)
    {
        if (probability <= 0) return false;
        Span<byte> bytes = stackalloc byte[4];
        network.Random.GetBytes(bytes);
        return BitConverter.ToUInt32(bytes) < probability * uint.MaxValue;
    }

    // Behind the ciphertext come a MAC and, in first messages, some ids; this far from the end it is one of the former two.
    private static Node Corrupted(Node stanza) => new(stanza.Tag, [.. stanza.Attributes], stanza.Children.Select(child =>
    {
        if (child.Tag != "enc" || child.Content.Bytes.IsEmpty) return child;
        var bytes = child.Content.Bytes.ToArray();
        bytes[^Math.Min(20, bytes.Length)] ^= 1;
        return new Node(child.Tag, [.. child.Attributes], bytes);
    }).ToArray());

    private sealed class State(FaultPlan plan)
    {
        public FaultPlan Plan { get; } = plan;
        public (ClientConnection Client, Node Stanza)? Held { get; set; }
        public int Seen { get; set; }
    }
}
