// ScoreFolder BUNDLE FOLDER OUTPUT: a label file for every volume of a folder.
using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext();
var volumes = ml.Data.LoadVolumes(args[1]);
var pipeline = ml.Segmentation().CreatePipeline(args[0])
    .Append(ml.Transforms.SaveLabels("Saved", "Mask", new() { Folder = args[2] }));
foreach (var file in pipeline.Fit(volumes).Transform(volumes).GetColumn<string>("Saved"))
    Console.WriteLine(file);
