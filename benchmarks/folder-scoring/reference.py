#!/usr/bin/python3
"""Scores a folder of CT volumes as scripts usually do: the yardstick for the throughput of `mkdseg score`.

One case after the other: nibabel reads, scipy's zoom resamples within slices, torch runs the same ONNX networks, zoom brings
the averaged probabilities back, scipy keeps the largest part of each structure, nibabel writes. Reads one line per request
from standard input, "<folder> <output folder>", and answers with the seconds it took, so that the caller can let it and its
own program take turns; imports and the loading of networks are not counted.
"""
import argparse
import json
import os
import sys
import time

import nibabel
import numpy as np
import onnx
import onnx.numpy_helper
import scipy.ndimage
import torch
import torch.nn.functional as F


class OnnxNetwork(torch.nn.Module):
    """The operators of a residual U-Net's ONNX file, each as torch has it."""

    def __init__(self, path):
        super().__init__()
        graph = onnx.load(path).graph
        self.weights = {w.name: torch.from_numpy(onnx.numpy_helper.to_array(w).copy()) for w in graph.initializer}
        self.nodes = [(n.op_type, list(n.input), n.output[0],
                       {a.name: onnx.helper.get_attribute_value(a) for a in n.attribute}) for n in graph.node]
        self.input, self.output = graph.input[0].name, graph.output[0].name

    def forward(self, image):
        values = dict(self.weights)
        values[self.input] = image
        for kind, inputs, output, a in self.nodes:
            x = [values.get(name) for name in inputs]
            if kind == "Conv":
                y = F.conv2d(x[0], x[1], x[2] if len(x) > 2 else None, a["strides"], a["pads"][:2])
            elif kind == "InstanceNormalization":
                y = F.instance_norm(x[0], weight=x[1], bias=x[2], eps=a["epsilon"])
            elif kind == "Clip":
                y = x[0].clamp(float(x[1]), float(x[2]))
            elif kind == "Add":
                y = x[0] + x[1]
            elif kind == "MaxPool":
                y = F.max_pool2d(x[0], a["kernel_shape"], a["strides"])
            elif kind == "Pad":
                p = x[1].tolist()
                y = F.pad(x[0], (p[3], p[7], p[2], p[6], p[1], p[5]))
            elif kind == "Resize":
                y = F.interpolate(x[0], scale_factor=float(x[2][2]), mode="bilinear", align_corners=False)
            elif kind == "Concat":
                y = torch.cat(x, a["axis"])
            elif kind == "Softmax":
                y = x[0].softmax(a["axis"])
            else:
                raise NotImplementedError(kind)
            values[output] = y
        return values[self.output]


def with_neighbours(slices, slice_mm, settings, batch):
    """Batches of slices with those above and below as channels, interpolated between the volume's own."""
    count = settings.get("contextSlices", 1)
    step = settings.get("contextSpacingMm", 1) / slice_mm
    last = len(slices) - 1
    for first in range(0, len(slices), batch):
        at = np.arange(first, min(first + batch, last + 1))[:, None] + (np.arange(count) - count // 2) * step
        at = np.clip(at, 0, last)
        below = at.astype(int)
        share = (at - below).astype(np.float32)[..., None, None]
        yield torch.from_numpy(slices[below] + share * (slices[np.minimum(below + 1, last)] - slices[below]))


def score(path, output, networks, bundle, multiple=8, batch=16):
    image = nibabel.load(path)
    volume = nibabel.as_closest_canonical(image)
    values = np.asarray(volume.dataobj, dtype=np.float32)
    settings = bundle["preprocessing"]
    zooms = [s / settings["inPlaneSpacingMm"] for s in volume.header.get_zooms()[:2]]
    small = scipy.ndimage.zoom(values, (zooms[0], zooms[1], 1), order=1)
    window = settings["window"]
    low, high = (window.get(f"{end}Value", np.percentile(small, window.get(f"{end}Percentile", 0)))
                 for end in ("lower", "upper"))
    small = np.clip((small - low) / (high - low), 0, 1) * 2 - 1
    # Slices first; rows from front to back and columns from right to left, as the networks saw them.
    slices = np.ascontiguousarray(small[::-1, ::-1].transpose(2, 1, 0))
    height, width = slices.shape[1:]
    slices = np.pad(slices, ((0, 0), (0, -height % multiple), (0, -width % multiple)), constant_values=-1)
    with torch.no_grad():
        probabilities = torch.cat([
            sum(network(part) for network in networks) / len(networks)
            for part in with_neighbours(slices, volume.header.get_zooms()[2], settings, batch)]).numpy()
    probabilities = probabilities[:, :, :height, :width].transpose(1, 3, 2, 0)[:, ::-1, ::-1]
    scale = [whole / part for whole, part in zip(values.shape, probabilities.shape[1:])]
    full = np.stack([scipy.ndimage.zoom(p, scale, order=1) for p in probabilities])
    classes = full.argmax(0).astype(np.uint8)
    mask = np.zeros(classes.shape, np.uint16)
    for structure in bundle["labels"]:
        parts, count = scipy.ndimage.label(classes == structure["classIndex"])
        if count:
            sizes = np.bincount(parts.ravel())
            sizes[0] = 0
            mask[parts == sizes.argmax()] = structure["value"]
    back = nibabel.orientations.ornt_transform(
        nibabel.io_orientation(volume.affine), nibabel.io_orientation(image.affine))
    nibabel.save(nibabel.Nifti1Image(mask, volume.affine).as_reoriented(back), output)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads or os.cpu_count())
    with open(os.path.join(arguments.model, "model.json")) as file:
        bundle = json.load(file)
    networks = [OnnxNetwork(os.path.join(arguments.model, network["file"]))
                for network in bundle["networks"] if network["role"].startswith("S_")]
    for line in sys.stdin:
        folder, output = line.rstrip("\n").split("\t")
        os.makedirs(output, exist_ok=True)
        start = time.perf_counter()
        for name in sorted(os.listdir(folder)):
            score(os.path.join(folder, name), os.path.join(output, name), networks, bundle)
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
