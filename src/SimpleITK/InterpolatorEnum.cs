namespace itk.simple;

public sealed class InterpolatorEnum
{
    public static readonly InterpolatorEnum sitkNearestNeighbor = new("sitkNearestNeighbor", 1);
    public static readonly InterpolatorEnum sitkLinear = new("sitkLinear", 2);
    public static readonly InterpolatorEnum sitkBSpline = new("sitkBSpline", 3);

    public readonly int swigValue;
    private readonly string name;

    private InterpolatorEnum(string name, int value) => (this.name, swigValue) = (name, value);

    public override string ToString() => name;
}
