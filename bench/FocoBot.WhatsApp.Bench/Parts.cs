namespace FocoBot.WhatsApp.Bench;

/// <summary>The command line: which parts to measure.</summary>
internal static class Parts
{
    private static readonly Dictionary<string, Func<Task>> All = new()
    {
        ["crypto"] = CryptoPart.RunAsync,
        ["signal"] = SignalPart.RunAsync,
        ["nodes"] = NodesPart.RunAsync,
        ["link"] = LinkPart.RunAsync,
        ["messages"] = MessagesPart.RunAsync,
        ["group"] = MessagesPart.RunGroupAsync,
        ["idle"] = IdlePart.RunAsync,
        ["many"] = IdlePart.RunManyAsync,
        ["start"] = StartPart.RunAsync,
    };

    public static async Task<int> RunAsync(string[] names)
    {
        if (names is ["clients"])
            return await Clients.RunAsync();
        if (names is ["fuzz", .. var fuzz])
            return Fuzz.Run(fuzz);
        if (names is ["first-qr", var url, var root])
            return await FirstQr.RunAsync(url, root);
        if (names.FirstOrDefault(name => !All.ContainsKey(name)) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"There is no part {unknown}. Parts: {string.Join(' ', All.Keys)}; without any, all of them.");
            return 2;
        }

        Console.WriteLine($"Machine: {Machine.Describe()}.");
        foreach (var name in names.Length == 0 ? All.Keys.AsEnumerable() : names)
        {
            try
            {
                await All[name]();
            }
            catch (Exception failed)
            {
                // Caught here, so that the processes of the part are ended.
                await Console.Error.WriteLineAsync($"The part {name} failed: {failed}");
                return 1;
            }
        }

        return 0;
    }
}
