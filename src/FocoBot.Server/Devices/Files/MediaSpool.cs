using System.Collections.Concurrent;
using FocoBot.Http;
using FocoBot.Messages;
using FocoBot.Storage;

namespace FocoBot.Devices.Files;

/// <summary>A file that has arrived for a message that is not accepted yet; unless it is kept it goes when disposed of.</summary>
/// <param name="Id">The message's row.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the file as it was given.</param>
/// <param name="Head">Its first bytes.</param>
/// <param name="Ended">Told once it is decided whether the file is kept.</param>
internal sealed record ArrivedFile(Guid Id, long Size, byte[] Sha256, byte[] Head, Action<Guid, bool> Ended) : IDisposable
{
    private bool _isKept;

    /// <summary>What its sender calls its type.</summary>
    public string? SaidType { get; init; }

    /// <summary>What its sender calls it.</summary>
    public string? Name { get; init; }

    public void Keep() => _isKept = true;

    public void Dispose() => Ended(Id, _isKept);
}

/// <summary>Files that wait to be sent, in <c>media/</c> of the data directory: each sealed under its device's key, named by its message's row, and gone once WhatsApp has it.</summary>
internal sealed class MediaSpool(ServerOptions options)
{
    private const string Ending = ".sealed";

    private readonly string _folder = Path.Combine(options.DataDirectory, "media");
    private readonly ConcurrentDictionary<Guid, Guid> _arriving = new();

    /// <summary>Whether an account has as many files arriving as it may.</summary>
    public bool IsBusyFor(Guid account) => _arriving.Values.Count(other => other == account) >= MediaLimits.ArrivingAtOnce;

    /// <summary>Stores a file as it comes; null when it is longer than it may be.</summary>
    public async Task<ArrivedFile?> StoreAsync(KeptDevice device, Guid id, Stream source, long most, CancellationToken cancellation)
    {
        var path = PathOf(id);
        DataDirectory.EnsureFor(path);
        _arriving[id] = device.AccountId;
        var isStored = false;
        try
        {
            var form = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
            if (!OperatingSystem.IsWindows()) form.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using var file = new FileStream(path, form);
            if (await SealedFile.WriteAsync(file, device.Key, id, source, most, cancellation).ConfigureAwait(false) is not var (size, sha256, head)) return null;
            isStored = true;
            return new ArrivedFile(id, size, sha256, head, Ended);
        }
        finally
        {
            if (!isStored) Ended(id, isKept: false);
        }
    }

    /// <summary>A file as it was given.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    public Stream Open(KeptDevice device, Guid id) => SealedFile.Read(new FileStream(PathOf(id), new FileStreamOptions { Options = FileOptions.Asynchronous, Share = FileShare.Read | FileShare.Delete }), device.Key, id);

    /// <summary>Lets a file go; nothing happens when there is none.</summary>
    public void Delete(Guid id)
    {
        if (File.Exists(PathOf(id))) File.Delete(PathOf(id));
    }

    /// <summary>Lets files go that belong to no message on its way: after a crash, or with their device.</summary>
    public async Task SweepAsync(Database database, CancellationToken cancellation)
    {
        if (!Directory.Exists(_folder)) return;
        foreach (var path in Directory.EnumerateFiles(_folder, "*" + Ending))
        {
            // First whether it is arriving: one that no longer is has its row by then.
            if (!Guid.TryParse(Path.GetFileNameWithoutExtension(path), out var id) || _arriving.ContainsKey(id)) continue;
            var isAwaited = await database.AsService("look for left files").ReadAsync(work => work.ScalarAsync<long>("SELECT count(*) FROM whatsapp_device_outbox WHERE id = @id", new { id }), cancellation).ConfigureAwait(false) > 0;
            if (!isAwaited) Delete(id);
        }
    }

    private string PathOf(Guid id) => Path.Combine(_folder, id.ToString("N") + Ending);

    private void Ended(Guid id, bool isKept)
    {
        if (!isKept) Delete(id);
        _arriving.TryRemove(id, out _);
    }
}

/// <summary>Looks for files that belong to nothing, at the start and now and then.</summary>
internal sealed class SpoolSweeper(Database database, MediaSpool spool, DeviceOptions options, TimeProvider clock, ILogger<SpoolSweeper> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.IsEnabled) return;
        using var timer = new PeriodicTimer(MediaLimits.SweepEvery, clock);
        try
        {
            do await SweepAsync(stoppingToken).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        try
        {
            await spool.SweepAsync(database, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            DevicesLog.FilesNotSwept(log, e.GetType().Name);
        }
    }
}
