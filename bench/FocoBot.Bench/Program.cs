using System.Globalization;
using FocoBot.Bench;

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

if (args is not ["webhook", .. var rest] || BenchOptions.Parse(rest) is not { } options)
{
    await Console.Error.WriteLineAsync(BenchOptions.Usage + "\n" + UnderstandBench.Usage);
    return 2;
}

return await WebhookBench.RunAsync(options) ? 0 : 1;
