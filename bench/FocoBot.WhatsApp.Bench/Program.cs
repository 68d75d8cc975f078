using System.Globalization;
using FocoBot.WhatsApp.Bench;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await Parts.RunAsync(args);
