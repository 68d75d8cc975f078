namespace FocoBot.Tasks;

/// <summary>What this room adds to the server.</summary>
public static class TasksRoom
{
    public static void AddTasks(this IServiceCollection services)
    {
        services.AddSingleton<UndoLog>();
        services.AddSingleton<TaskBook>();
        services.AddSingleton<ProjectBook>();
    }

    public static void MapTasks(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api");
        api.MapTaskEndpoints();
        api.MapProjectEndpoints();
    }
}
