// ScoreFolder MODEL FOLDER OUTPUT [SAVED]: writes a label file for every volume in a folder. MODEL is a bundle's folder, or
// the pipeline (.zip) that an earlier call saved as SAVED.
using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext();
var volumes = ml.Data.LoadVolumes(args[1]);
var model = args[0].EndsWith(".zip") ? ml.Model.Load(args[0], out _) : ml.Segmentation().LoadModel(args[0]);
var scored = model.Transform(volumes);
var save = ml.Transforms.SaveLabels("Saved", "Mask", new() { Folder = args[2] });
foreach (var file in save.Fit(scored).Transform(scored).GetColumn<string>("Saved"))
    Console.WriteLine(file);
if (args.Length > 3)
    ml.Model.Save(model, volumes.Schema, args[3]);
