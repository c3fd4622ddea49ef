namespace MkdSeg.IO.Dicom;

/// <summary>What a DICOM series is good for.</summary>
public enum DicomSeriesKind
{
    /// <summary>Slices of a CT or MR scan that make a volume.</summary>
    Scan,

    /// <summary>Slices of a scan that make no volume: some are missing, doubled, damaged or without a position.</summary>
    BrokenScan,

    /// <summary>No scan: a localizer, a secondary capture, a dose report, another modality.</summary>
    NoScan,
}
