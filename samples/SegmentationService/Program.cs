using MkdSeg.Service;
// SegmentationService BUNDLE JOBS PORT: the page and the REST API of `mkdseg serve` within your own program.
//   curl --data-binary @ct.nii.gz http://localhost:5000/v1/jobs

await using var service = await SegmentationService.StartAsync(new()
{
    Model = args[0],
    Folder = args[1],
    Port = int.Parse(args[2]),
});
Console.WriteLine($"Now listening on: {service.Address}");
await service.WaitAsync();
