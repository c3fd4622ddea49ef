namespace MkdSeg.Phantom.Internals;

/// <summary>Each tissue's mean, coarse unevenness (unmixed contrast agent, flow) and fine texture.</summary>
internal sealed class TissueIntensities(ulong seed)
{
    private readonly float[] _mean = new float[TissueClass.TissueCount];
    private readonly float[] _mottle = new float[TissueClass.TissueCount];
    private readonly float[] _texture = new float[TissueClass.TissueCount];
    private readonly LatticeNoise _coarse = new(seed, 13);
    private readonly LatticeNoise _middle = new(seed + 1, 6);
    private readonly LatticeNoise _fine = new(seed + 2, 3.5);

    /// <summary>The means of all tissues, by index.</summary>
    public ReadOnlySpan<float> Means => _mean;

    /// <summary>Strength of each tissue's fine texture.</summary>
    public ReadOnlySpan<float> Textures => _texture;

    /// <summary>Strength of each tissue's coarse unevenness.</summary>
    public ReadOnlySpan<float> Mottles => _mottle;

    /// <summary>The mean of a tissue.</summary>
    public double this[PhantomTissue tissue] => _mean[(int)tissue];

    /// <summary>Sets the intensities of a tissue.</summary>
    public void Set(PhantomTissue tissue, double mean, double texture = 0, double mottle = 0)
    {
        _mean[(int)tissue] = (float)mean;
        _texture[(int)tissue] = (float)texture;
        _mottle[(int)tissue] = (float)mottle;
    }

    /// <summary>Returns the intensity of a tissue at a point.</summary>
    public float At(byte tissue, Vector3D p)
    {
        var value = (double)_mean[tissue];
        if (_mottle[tissue] != 0)
            value += _mottle[tissue] * (_coarse.At(p) + (0.6 * _middle.At(p)));
        if (_texture[tissue] != 0)
            value += _texture[tissue] * _fine.At(p);
        return (float)value;
    }
}
