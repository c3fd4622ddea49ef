"""Reference values for SurfaceMetricsTests, from the definitions, with scipy's hulls and distance transform.

    /usr/bin/python3 tests/MkdSeg.Tests/Metrics/surface_reference.py > tests/MkdSeg.Tests/Metrics/surface_reference.json
"""
import json

import numpy as np
from scipy.ndimage import distance_transform_edt
from scipy.spatial import ConvexHull

SIZE = (44, 40, 18)
SPACING = (0.7, 0.9, 2.5)
TOLERANCE = 1.5


def masks():
    """Two label volumes of four classes, by integer arithmetic that SurfaceMetricsTests repeats."""
    x, y, z = np.meshgrid(*(np.arange(n, dtype=np.int64) for n in SIZE), indexing="ij")
    noise = (x * 73856093 ^ y * 19349663 ^ z * 83492791) & 1023

    def ball(cx, cy, cz, radius):
        return 4 * (x - cx) ** 2 + 5 * (y - cy) ** 2 + 30 * (z - cz) ** 2 < radius

    predicted, reference = np.zeros(SIZE, np.uint8), np.zeros(SIZE, np.uint8)
    reference[ball(16, 18, 8, 900)] = 1
    predicted[ball(18, 17, 9, 800)] = 1
    reference[ball(30, 22, 9, 500)] = 2
    predicted[ball(31, 24, 9, 520) & (noise > 60)] = 2
    reference[(x < 5) & (y > 30) & (z < 4)] = 3
    predicted[(x < 7) & (y > 32) & (z < 3)] = 3
    predicted[40, 3, 15] = 3
    return predicted, reference


def hull_area(code, spacing):
    inside = {p for i, p in enumerate(cell()) if code >> i & 1}
    if len(inside) > 4:
        inside = set(cell()) - inside
    area, left = 0.0, set(inside)
    while left:
        part, front = set(), [left.pop()]
        while front:
            p = front.pop()
            part.add(p)
            front += [q for q in neighbours(p) if q in inside and q not in part]
        left -= part
        points = [np.array(p, float) for p in part]
        points += [(np.array(p) + np.array(q)) / 2 for p in part for q in neighbours(p) if q not in inside]
        points = np.array(points)
        for simplex in ConvexHull(points).simplices:
            a, b, c = points[simplex]
            if not any(np.ptp((a[k], b[k], c[k])) == 0 and a[k] in (0, 1) for k in range(3)):
                area += np.linalg.norm(np.cross((b - a) * spacing, (c - a) * spacing)) / 2
    return area


def cell():
    return [(i & 1, i >> 1 & 1, i >> 2) for i in range(8)]


def neighbours(p):
    return [tuple(1 - v if k == axis else v for k, v in enumerate(p)) for axis in range(3)]


def surface(mask, areas):
    padded = np.pad(mask.astype(np.int64), 1)
    codes = np.zeros([n + 1 for n in mask.shape], np.int64)
    for i, (dx, dy, dz) in enumerate(cell()):
        codes += padded[dx:dx + codes.shape[0], dy:dy + codes.shape[1], dz:dz + codes.shape[2]] << i
    on = (codes > 0) & (codes < 255)
    return on, areas[codes[on]]


def percentile(distances, areas, share):
    order = np.argsort(distances)
    covered = np.cumsum(areas[order]) / areas.sum()
    return distances[order][np.searchsorted(covered, share)]


def scores(predicted, reference, areas):
    on_p, areas_p = surface(predicted, areas)
    on_r, areas_r = surface(reference, areas)
    p_to_r = distance_transform_edt(~on_r, sampling=SPACING)[on_p]
    r_to_p = distance_transform_edt(~on_p, sampling=SPACING)[on_r]
    total = areas_p.sum() + areas_r.sum()
    return {
        "SurfaceDice": (areas_p[p_to_r <= TOLERANCE].sum() + areas_r[r_to_p <= TOLERANCE].sum()) / total,
        "Hd95Mm": max(percentile(p_to_r, areas_p, 0.95), percentile(r_to_p, areas_r, 0.95)),
        "AssdMm": ((p_to_r * areas_p).sum() + (r_to_p * areas_r).sum()) / total,
        "VolumeDifferenceMl": (int(predicted.sum()) - int(reference.sum())) * np.prod(SPACING) / 1000,
    }


def main():
    areas = np.array([hull_area(code, np.array(SPACING)) if 0 < code < 255 else 0.0 for code in range(256)])
    predicted, reference = masks()
    print(json.dumps({
        "AreasMm2": [round(a, 12) for a in areas],
        "Scores": [scores(predicted == c, reference == c, areas) for c in (1, 2, 3)],
    }))


if __name__ == "__main__":
    main()
