using FocoBot.Sandbox.Directory;
using FocoBot.WhatsApp.Binary;

namespace FocoBot.Sandbox.Server;

/// <summary>What goes wrong on the way to somebody. Each of the first four is a probability, from 0 to 1, for every stanza that the somebody would get.</summary>
/// <param name="Drop">It is not sent, and comes at the next login.</param>
/// <param name="Duplicate">It comes twice.</param>
/// <param name="Reorder">It comes after the one behind it.</param>
/// <param name="Corrupt">Its ciphertext is damaged, for this time.</param>
/// <param name="DelayMs">It comes later, in milliseconds.</param>
/// <param name="DisconnectAfter">The connection breaks after so many stanzas; once.</param>
/// <param name="StreamError">The connection ends at once with this code.</param>
/// <param name="Count">After so many stanzas all is well again; null for never.</param>
public sealed record FaultPlan(double Drop = 0, double Duplicate = 0, double Reorder = 0, double Corrupt = 0, int DelayMs = 0, int? DisconnectAfter = null, int? StreamError = null, int? Count = null);

/// <summary>Sends stanzas to devices, or what the planned faults make of that.</summary>
internal sealed class Faults(SandboxNetwork network)
{
    private readonly Dictionary<Device, State> _planned = [];

    /// <summary>Plans faults for a device; null ends them.</summary>
    public void Plan(Device device, FaultPlan? plan)
    {
        if (_planned.Remove(device, out var before) && before.Held is { } held) device.Connection?.Send(held);
        if (plan is null) return;
        _planned[device] = new State(plan);
        if (plan.StreamError is not { } code || device.Connection is not { } client) return;
        client.Send(Stanzas.StreamError(code));
        client.Close();
    }

    /// <summary>Sends a stanza to a device that is connected.</summary>
    public void Send(Device device, ClientConnection client, Node stanza)
    {
        if (!_planned.TryGetValue(device, out var state))
        {
            client.Send(stanza);
            return;
        }

        state.Seen++;
        if (state.Seen == state.Plan.Count) _planned.Remove(device);
        Send(client, stanza, state);
        // Whatever became of the stanza itself.
        if (state.Seen == state.Plan.DisconnectAfter) client.Abort();
    }

    private void Send(ClientConnection client, Node stanza, State state)
    {
        var plan = state.Plan;
        if (Chance(plan.Drop)) return;
        if (Chance(plan.Corrupt)) stanza = Corrupted(stanza);
        if (state.Held is null && state.Seen != plan.Count && Chance(plan.Reorder))
        {
            state.Held = stanza;
            return;
        }

        Pass(client, stanza, plan);
        if (Chance(plan.Duplicate)) Pass(client, stanza, plan);
        if (state.Held is { } held)
        {
            state.Held = null;
            Pass(client, held, plan);
        }
    }

    private void Pass(ClientConnection client, Node stanza, FaultPlan plan)
    {
        if (plan.DelayMs == 0) client.Send(stanza);
        else _ = LaterAsync(client, stanza, TimeSpan.FromMilliseconds(plan.DelayMs));
    }

    private async Task LaterAsync(ClientConnection client, Node stanza, TimeSpan delay)
    {
        await Task.Delay(delay, network.Clock).ConfigureAwait(false);
        client.Send(stanza);
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
        public Node? Held { get; set; }
        public int Seen { get; set; }
    }
}
