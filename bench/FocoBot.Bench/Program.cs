using System.Globalization;
using FocoBot.Bench;
using FocoBot.Bench.Devices;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["load", .. var load])
{
    await LoadGenerator.RunAsync(load);
    return 0;
}

if (args is ["understand", .. { Length: > 0 } texts])
{
    await UnderstandBench.RunAsync(texts);
    return 0;
}

if (args is ["devices", .. var wanted] && DevicesOptions.Parse(wanted) is { } devices) return await DevicesBench.RunAsync(devices) ? 0 : 1;

if (args is not ["webhook", .. var rest] || BenchOptions.Parse(rest) is not { } options)
{
    await Console.Error.WriteLineAsync(string.Join('\n', BenchOptions.Usage, DevicesOptions.Usage, UnderstandBench.Usage));
    return 2;
}

return await WebhookBench.RunAsync(options) ? 0 : 1;
