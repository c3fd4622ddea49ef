using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.IO;
using MkdSeg.ML.Transforms;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Fixtures;

/// <summary>A row that has a column of every type, made from nothing but its number.</summary>
internal sealed class TestRow
{
    public string Name { get; set; } = "";

    public Volume<float> Volume
    {
        get => Read(field);
        set;
    } = null!;

    public Volume<byte> Label
    {
        get => Read(field);
        set;
    } = null!;

    public ProbabilityVolume P
    {
        get => Read(field);
        set;
    } = null!;

    public ProbabilityVolume Q
    {
        get => Read(field);
        set;
    } = null!;

    public HeartBox Box
    {
        get => Read(field);
        set;
    } = null!;

    public Volume<byte> OtherLabel
    {
        get => Read(field);
        set;
    } = null!;

    public string ImagePath
    {
        get => Read(field);
        set;
    } = "";

    public string LabelPath
    {
        get => Read(field);
        set;
    } = "";

    /// <summary>How often values other than the name were read.</summary>
    [NoColumn]
    public int Reads { get; private set; }

    /// <summary>Where the rows' files lie; processes that are started from this one find them too.</summary>
    private static string Folder => Environment.GetEnvironmentVariable(FolderVariable) ?? "";

    private const string FolderVariable = "MKDSEG_TEST_ROWS";

    /// <summary>Writes the files that the rows name.</summary>
    public static void WriteFiles(string folder)
    {
        Environment.SetEnvironmentVariable(FolderVariable, folder);
        foreach (var row in Create())
        {
            VolumeFile.Write(row.Volume, row.ImagePath);
            VolumeFile.Write(TestNetworks.Labels.ToValues(row.Label), row.LabelPath);
        }
    }

    public static TestRow Create(int number)
    {
        var grid = TestVolumes.Grid(new(32, 28, 8 + number), new(3, 3, 6), TestVolumes.Flipped);
        // Oriented as networks see it, so that it can be restored onto the volume's grid.
        var frame = NetworkGrid.Create(
            Orientation.Reorient(grid, "LPS"), TestNetworks.Preprocessing with { Crop = CropRule.Whole }, null, 4);
        var shifted = Shifted(TestVolumes.Classes(grid), number + 1);
        return new()
        {
            Name = $"case {number}",
            Volume = TestVolumes.Image(grid),
            Label = TestVolumes.Classes(grid),
            P = Probabilities(frame, number),
            Q = Probabilities(frame, number + 100),
            Box = HeartBox.FromClasses(TestVolumes.Classes(grid))!,
            OtherLabel = shifted,
            ImagePath = Path.Combine(Folder, $"image{number}.nii"),
            LabelPath = Path.Combine(Folder, $"label{number}.nii.gz"),
        };
    }

    public static TestRow[] Create() => [Create(0), Create(1), Create(2)];

    private T Read<T>(T value)
    {
        Reads++;
        return value;
    }

    private static Volume<byte> Shifted(Volume<byte> classes, int voxels) =>
        new(classes.Grid, [.. classes.Voxels[voxels..], .. new byte[voxels]]);

    private static ProbabilityVolume Probabilities(Grid grid, int seed)
    {
        var random = new Random(seed);
        var values = new float[grid.Size.VoxelCount * 3];
        foreach (ref var value in values.AsSpan())
            value = random.NextSingle();
        return new(grid, 3, values);
    }
}

/// <summary>Reads columns of any of the types as texts that tell values apart to the last bit.</summary>
internal static class Digest
{
    /// <summary>One text per row.</summary>
    public static string[] Column(IDataView data, string name)
    {
        var column = data.Schema[name];
        using var cursor = data.GetRowCursor([column]);
        var read = Reader(cursor, column);
        var digests = new List<string>();
        while (cursor.MoveNext())
            digests.Add(read());
        return [.. digests];
    }

    public static string Of(object value) => value switch
    {
        Volume<float> volume => Hash(volume.Grid, MemoryMarshal.AsBytes<float>(volume.Voxels)),
        Volume<byte> volume => Hash(volume.Grid, volume.Voxels),
        ProbabilityVolume volume => Hash(volume.Grid, MemoryMarshal.AsBytes<float>(volume.Values)),
        HeartBox box => box.ToString(),
        float[] values => string.Join(' ', values.Select(value => value.ToString("r", CultureInfo.InvariantCulture))),
        string text => text,
        _ => throw new NotSupportedException($"{value.GetType()} has no digest."),
    };

    public static Func<string> Reader(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        ObjectDataViewType<Volume<float>> => Reader<Volume<float>>(row, column),
        ObjectDataViewType<Volume<byte>> => Reader<Volume<byte>>(row, column),
        ObjectDataViewType<ProbabilityVolume> => Reader<ProbabilityVolume>(row, column),
        ObjectDataViewType<HeartBox> => Reader<HeartBox>(row, column),
        VectorDataViewType => () =>
        {
            VBuffer<float> values = default;
            row.GetGetter<VBuffer<float>>(column)(ref values);
            return Of(values.DenseValues().ToArray());
        },
        TextDataViewType => () =>
        {
            ReadOnlyMemory<char> text = default;
            row.GetGetter<ReadOnlyMemory<char>>(column)(ref text);
            return text.ToString();
        },
        _ => throw new NotSupportedException($"Columns of type {column.Type} have no digest."),
    };

    private static Func<string> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return Of(value!);
        };
    }

    private static string Hash(Grid grid, ReadOnlySpan<byte> values) =>
        $"{grid.Size} {grid.OriginMm} {grid.Direction.AxisX} {Convert.ToHexStringLower(SHA256.HashData(values))}";
}
