using System.Data;
using System.Globalization;
using System.Net;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace FocoBot.Storage;

/// <summary>JSON text for a <c>jsonb</c> column.</summary>
public readonly record struct Json(string Text);

/// <summary>
/// Values that SQLite has no type for are kept as readable, sortable text: ids as lower-case UUIDs, times as
/// UTC with microseconds (PostgreSQL's resolution), dates and clock times in ISO form.
/// </summary>
internal static class TypeHandlers
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;
    private static int _registered;

    public static void Register()
    {
        if (Interlocked.Exchange(ref _registered, 1) == 1) return;
        Add(new Handler<Guid>(id => id.ToString("D"), text => Guid.ParseExact(text, "D")));
        Add(new Handler<DateTimeOffset>(
            time => time.UtcDateTime.ToString(TimeFormat, Invariant),
            text => new DateTimeOffset(DateTime.ParseExact(text, TimeFormat, Invariant, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal)),
            time => time.UtcDateTime,
            value => new DateTimeOffset(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc))));
        Add(new Handler<DateOnly>(
            date => date.ToString("yyyy-MM-dd", Invariant),
            text => DateOnly.ParseExact(text, "yyyy-MM-dd", Invariant),
            fromPostgres: value => value is DateTime day ? DateOnly.FromDateTime(day) : (DateOnly)value));
        Add(new Handler<TimeOnly>(
            time => time.ToString("HH:mm", Invariant),
            text => TimeOnly.ParseExact(text, "HH:mm", Invariant),
            fromPostgres: value => value is TimeSpan span ? TimeOnly.FromTimeSpan(span) : (TimeOnly)value));
        Add(new Handler<IPAddress>(address => address.ToString(), IPAddress.Parse));
        Add(new BooleanHandler());
        Add(new IntegerHandler());
        Add(new BytesHandler());
        SqlMapper.AddTypeHandler(new JsonHandler());
    }

    private static void Add<T>(SqlMapper.TypeHandler<T> handler)
    {
        // Dapper's own map would win over the handler.
        SqlMapper.RemoveTypeMap(typeof(T));
        if (typeof(T).IsValueType) SqlMapper.RemoveTypeMap(typeof(Nullable<>).MakeGenericType(typeof(T)));
        SqlMapper.AddTypeHandler(handler);
    }

    private sealed class Handler<T>(
        Func<T, string> toText, Func<string, T> fromText, Func<T, object>? toPostgres = null, Func<object, T>? fromPostgres = null)
        : SqlMapper.TypeHandler<T>
    {
        public override void SetValue(IDbDataParameter parameter, T? value) =>
            parameter.Value = value is null ? DBNull.Value
                : parameter is SqliteParameter ? toText(value)
                : toPostgres is null ? value : toPostgres(value);

        public override T Parse(object value) =>
            value is string text ? fromText(text) : fromPostgres is null ? (T)value : fromPostgres(value);
    }

    private sealed class BooleanHandler : SqlMapper.TypeHandler<bool>
    {
        public override void SetValue(IDbDataParameter parameter, bool value) => parameter.Value = value;
        public override bool Parse(object value) => value is bool flag ? flag : Convert.ToInt64(value, Invariant) != 0;
    }

    private sealed class IntegerHandler : SqlMapper.TypeHandler<int>
    {
        public override void SetValue(IDbDataParameter parameter, int value) => parameter.Value = value;
        public override int Parse(object value) => Convert.ToInt32(value, Invariant);
    }

    // SQLite calls a bytea column text until it sees a value, and Dapper then finds no constructor for a row that holds bytes.
    private sealed class BytesHandler : SqlMapper.TypeHandler<byte[]>
    {
        public override void SetValue(IDbDataParameter parameter, byte[]? value) => parameter.Value = (object?)value ?? DBNull.Value;
        public override byte[] Parse(object value) => (byte[])value;
    }

    private sealed class JsonHandler : SqlMapper.TypeHandler<Json>
    {
        public override void SetValue(IDbDataParameter parameter, Json value)
        {
            if (parameter is NpgsqlParameter postgres) postgres.NpgsqlDbType = NpgsqlDbType.Jsonb;
            parameter.Value = value.Text;
        }

        public override Json Parse(object value) => new((string)value);
    }
}
