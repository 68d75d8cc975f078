namespace FocoBot.Tasks;

/// <summary>Bounds of what one account may store.</summary>
internal static class TaskLimits
{
    /// <summary>Characters of a title: what a phone shows without scrolling; the rest of a long message goes to the notes.</summary>
    public const int Title = 500;

    /// <summary>Characters of the notes: ten full WhatsApp messages.</summary>
    public const int Notes = 16_000;

    /// <summary>Characters of a project's name.</summary>
    public const int ProjectName = 80;

    /// <summary>Open tasks an account may have: beyond it lists and bulk changes stop being useful, and a script has run wild.</summary>
    public const int OpenTasks = 10_000;

    public const int Projects = 500;

    /// <summary>Changes that can still be undone.</summary>
    public const int Undo = 20;

    /// <summary>Tasks one bulk change may touch; its undo row holds them all.</summary>
    public const int Bulk = 1_000;

    /// <summary>Characters of a filter: a few search words.</summary>
    public const int Filter = 200;

    /// <summary>Years a task may be due in: nobody plans outside them, and every zone's clock can be reckoned within.</summary>
    public const int FirstYear = 1970, LastYear = 2199;
}
