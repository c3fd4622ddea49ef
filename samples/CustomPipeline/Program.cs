// CustomPipeline BUNDLE VOLUME MODEL: custom steps before and after the segmentation; the whole pipeline is saved to the
// file MODEL, loaded from there, and scores the volume.
using CustomPipeline;
using Microsoft.ML;
using MkdSeg.ML.Catalog;

var (bundle, path, saved) = (args[0], args[1], args[2]);
var ml = new MLContext();
var volumes = ml.Data.LoadVolumes([path]);
var pipeline = ml.Transforms.LoadVolume("Raw", "Path")
    .Append(ml.Transforms.CustomMapping(new MetalClipping().GetMapping(), MetalClipping.Contract))
    // The segmentation starts from our column instead of a path.
    .Append(ml.Segmentation().CreatePipeline(
        bundle, new SegmentationOptions { PathColumnName = null, VolumeColumnName = "Clipped" }))
    .Append(ml.Transforms.KeepLargestComponents("Mask"))
    .Append(ml.Transforms.MeasureVolumes("CleanMl", "Mask"))
    .Append(ml.Transforms.CustomMapping(new Judgement().GetMapping(), Judgement.Contract));
ml.Model.Save(pipeline.Fit(volumes), volumes.Schema, saved);

var loaded = new MLContext().Model.Load(saved, out _);
foreach (var report in ml.Data.CreateEnumerable<Report>(loaded.Transform(volumes), reuseRowObject: false))
{
    Console.WriteLine($"left ventricle {report.LeftVentricleMl:f0} mL, myocardium {report.MyocardiumGram:f0} g"
        + (report.IsDoubtful ? "; the segmentors disagree, please review" : ""));
}
