using FocoBot.Http;
using Microsoft.AspNetCore.Mvc;

namespace FocoBot.Oversight;

/// <summary>What this room adds to the server: looking at what was done, and stopping it.</summary>
public static class OversightRoom
{
    /// <summary>Bytes of a request: a password is the longest.</summary>
    private const int RequestBytes = 4096;

    public static void AddOversight(this IServiceCollection services) => services.AddSingleton<SecurityLock>();

    public static void MapOversight(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api").WithTags("Oversight").WithMetadata(new RequestSizeLimitAttribute(RequestBytes));
        api.AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store"; // who did what from where
            return await next(context).ConfigureAwait(false);
        });
        api.MapAuditTrail();
        api.MapSecurityLock();
        api.MapAdminLists();
    }
}

/// <summary>A place in a list that is ordered by id, newest first.</summary>
internal sealed record RowPosition(Guid Id)
{
    /// <summary>Before all that there is.</summary>
    public static readonly Guid Start = Guid.AllBitsSet;
}

/// <summary>Cuts a page out of rows of which one more than the page holds was asked for.</summary>
internal static class Pages
{
    public static Page<TView> Cut<TRow, TView, TPosition>(List<TRow> rows, int limit, Func<TRow, TView> view, Cursors cursors, string list, Func<TRow, TPosition> position) where TPosition : class =>
        new([.. rows.Take(limit).Select(view)], rows.Count > limit ? cursors.Write(list, position(rows[limit - 1])) : null);
}
