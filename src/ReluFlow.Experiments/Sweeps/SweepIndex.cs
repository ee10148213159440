using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>What collecting has read so far, <c>index.sqlite</c>: a cache, which can be deleted at any time.</summary>
/// <remarks>
/// The database is worked on in the machine's temporary folder and put into the sweep directory by a rename, so SQLite never locks a file on a network: its locks are unreliable there. Tables:
/// <c>points</c> (point, key, parameters) and <c>runs</c> (key, stamp, summary), the last of each a JSON object with one entry a column.
/// </remarks>
internal sealed class SweepIndex : IDisposable
{
    private const string FileName = "index.sqlite";

    // Rows of other columns are read anew.
    private const int Schema = 1;

    // Runs whose texts are in memory at once.
    private const int Batch = 4096;

    private readonly SweepDirectory _sweep;
    private readonly string _folder;
    private readonly SqliteConnection _connection;
    private bool _changed;

    private SweepIndex(SweepDirectory sweep, string folder, SqliteConnection connection)
    {
        _sweep = sweep;
        _folder = folder;
        _connection = connection;
    }

    private string LocalPath => Path.Combine(_folder, FileName);

    /// <summary>Opens a copy of a sweep's index; an empty one where there is none or it is damaged or of another version.</summary>
    public static SweepIndex Open(SweepDirectory sweep)
    {
        string folder = Directory.CreateTempSubdirectory("reluflow-index-").FullName, local = Path.Combine(folder, FileName);
        string identity = string.Create(CultureInfo.InvariantCulture, $"{Schema} {Summary.CurrentSchema} {Summary.CurrentVersion} {SweepFile.HashOf(sweep.Plan.Spec)}");
        if (File.Exists(sweep[FileName]))
        {
            File.Copy(sweep[FileName], local);
        }

        if (TryOpen(local, identity) is { } connection)
        {
            return new SweepIndex(sweep, folder, connection);
        }

        File.Delete(local);
        connection = Connect(local);
        Execute(connection, "CREATE TABLE identity (text TEXT)");
        Execute(connection, "CREATE TABLE points (point INTEGER PRIMARY KEY, key TEXT NOT NULL, parameters TEXT NOT NULL)");
        Execute(connection, "CREATE TABLE runs (key TEXT PRIMARY KEY, stamp TEXT NOT NULL, summary TEXT NOT NULL) WITHOUT ROWID");
        Execute(connection, "INSERT INTO identity VALUES ($text)", ("$text", identity));
        return new SweepIndex(sweep, folder, connection) { _changed = true };
    }

    /// <summary>Reads every run that is new or has changed, and forgets those that have gone. Cost a look at each run, and O(new runs).</summary>
    /// <exception cref="InputException">A run cannot be read.</exception>
    public void Update(CancellationToken cancellation)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        AddPoints(cancellation);
        Dictionary<string, string> known = Rows("SELECT key, stamp FROM runs", row => (row.GetString(0), row.GetString(1))).ToDictionary(pair => pair.Item1, pair => pair.Item2);
        IReadOnlySet<string> done = _sweep.DoneKeys();
        string[] gone = [.. known.Keys.Where(key => !done.Contains(key))];
        foreach (string[] batch in done.Chunk(Batch))
        {
            _changed |= Read(batch, known, cancellation);
        }

        Repeat("DELETE FROM runs WHERE key = $0", gone.Select(key => new object[] { key }));
        transaction.Commit();
        _changed |= gone.Length > 0;
    }

    // Whether one of them is new or has changed.
    private bool Read(string[] keys, Dictionary<string, string> known, CancellationToken cancellation)
    {
        (string Key, string Stamp, string Summary)[] read = ParallelWork.Of<(string, string, string)[]>(() =>
        [
            .. keys.AsParallel().WithCancellation(cancellation).Select(key => (Key: key, File: new FileInfo(Path.Combine(_sweep.RunPathOf(key), RunDirectory.SummaryFileName))))
                .Select(run => (run.Key, Stamp: string.Create(CultureInfo.InvariantCulture, $"{run.File.LastWriteTimeUtc.Ticks} {(run.File.Exists ? run.File.Length : 0)}"), run.File))
                .Where(run => known.GetValueOrDefault(run.Key) != run.Stamp)
                .Select(run => (run.Key, run.Stamp, Json(SummaryValues.Read(run.File.FullName)))),
        ]);
        Repeat("INSERT OR REPLACE INTO runs VALUES ($0, $1, $2)", read.Select(run => new object[] { run.Key, run.Stamp, run.Summary }));
        return read.Length > 0;
    }

    /// <summary>Every point whose run is done, in order, with its parameters and values.</summary>
    public IEnumerable<Run> Runs() => Rows(
        "SELECT point, points.key, parameters, summary FROM points JOIN runs ON points.key = runs.key ORDER BY point",
        row => new Run(row.GetInt32(0), row.GetString(1), Parse(row.GetString(2)), Parse(row.GetString(3))));

    /// <summary>The parameters of a point; null for one that is no valid experiment.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? ParametersOf(int point) =>
        Rows(string.Create(CultureInfo.InvariantCulture, $"SELECT parameters FROM points WHERE point = {point}"), row => Parse(row.GetString(0))).SingleOrDefault();

    /// <summary>Puts the index into the sweep directory, where it has changed.</summary>
    public void Keep()
    {
        if (_changed)
        {
            _connection.Close();
            SweepDirectory.WriteWhole(_sweep[FileName], stream =>
            {
                using FileStream local = File.OpenRead(LocalPath);
                local.CopyTo(stream);
            });
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static SqliteConnection? TryOpen(string path, string identity)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        SqliteConnection? connection = null;
        try
        {
            connection = Connect(path);
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT text FROM identity";
            if (command.ExecuteScalar() as string == identity && IsSound(connection))
            {
                return connection;
            }
        }
        catch (SqliteException)
        {
            // Damaged, or no database: made anew.
        }

        connection?.Dispose();
        return null;
    }

    // A page that is damaged shows itself only once it is read.
    private static bool IsSound(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        return command.ExecuteScalar() as string == "ok";
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();

            // A copy in a temporary folder need not survive a power failure.
            Execute(connection, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Execute(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        foreach ((string name, object value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }

    private static string Json(IReadOnlyList<KeyValuePair<string, string>> values)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach ((string key, string value) in values)
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static List<KeyValuePair<string, string>> Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(property => new KeyValuePair<string, string>(property.Name, property.Value.GetString()!))];
    }

    // Points never change, so they are there all or not at all; one that is no valid experiment has no run and no row.
    private void AddPoints(CancellationToken cancellation)
    {
        if (Rows("SELECT point FROM points LIMIT 1", row => row.GetInt32(0)).Any())
        {
            return;
        }

        SweepPlan plan = _sweep.Plan;
        Repeat("INSERT INTO points VALUES ($0, $1, $2)", Enumerable.Range(0, plan.Count).AsParallel().AsOrdered().WithCancellation(cancellation).Select(index => plan.TryPoint(index)).OfType<SweepPoint>()
            .Select(point => new object[] { point.Index, point.Key, Json(PointParameters.Of(plan, point)) }));
        _changed = true;
    }

    private void Repeat(string text, IEnumerable<object[]> rows)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        foreach (object[] row in rows)
        {
            command.Parameters.Clear();
            for (int i = 0; i < row.Length; i++)
            {
                command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i}"), row[i]);
            }

            command.ExecuteNonQuery();
        }
    }

    private IEnumerable<T> Rows<T>(string text, Func<SqliteDataReader, T> read)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return read(reader);
        }
    }

    /// <summary>A run as the index has it.</summary>
    internal sealed record Run(int Point, string Key, IReadOnlyList<KeyValuePair<string, string>> Parameters, IReadOnlyList<KeyValuePair<string, string>> Summary);
}
