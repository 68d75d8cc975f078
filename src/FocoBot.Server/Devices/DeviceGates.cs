namespace FocoBot.Devices;

/// <summary>Lets one at a time do something with a device. Devices don't wait for each other; one that nobody is busy with takes no room.</summary>
internal sealed class DeviceGates
{
    private readonly Dictionary<Guid, Gate> _gates = [];

    /// <summary>Waits for one's turn with a device; it lasts until what is returned is disposed of.</summary>
    /// <exception cref="OperationCanceledException">The caller has given up.</exception>
    public async Task<IDisposable> EnterAsync(Guid device, CancellationToken cancellation)
    {
        Gate gate;
        lock (_gates)
        {
            if (!_gates.TryGetValue(device, out gate!)) _gates[device] = gate = new Gate();
            gate.Users++;
        }

        try
        {
            await gate.Turn.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            Leave(device, gate);
            throw;
        }

        return new Turn(this, device, gate);
    }

    private void Leave(Guid device, Gate gate)
    {
        lock (_gates)
        {
            if (--gate.Users > 0) return;
            _gates.Remove(device);
        }

        gate.Turn.Dispose();
    }

    private sealed class Gate
    {
        public SemaphoreSlim Turn { get; } = new(1);

        /// <summary>Who has the turn, and who waits for it.</summary>
        public int Users { get; set; }
    }

    private sealed class Turn(DeviceGates gates, Guid device, Gate gate) : IDisposable
    {
        public void Dispose()
        {
            gate.Turn.Release();
            gates.Leave(device, gate);
        }
    }
}
