"""Reads the grasshopper's trains back from exports and compares them with the text files.

A case: {name, path, reader, options, toleranceMs, length}; a reader is one of SpikeLab's loaders, `h5py` or `numpy`.
"""

from pathlib import Path

import checks
import grasshopper
import h5py
import numpy as np
from spikelab.data_loaders import data_loaders


def check(case, manifest, folder):
    trains = grasshopper.microseconds()
    if case["reader"] in ("h5py", "numpy"):
        found = (h5py_samples if case["reader"] == "h5py" else numpy_samples)(
            case["path"]
        )
        for unit, (expected, actual) in enumerate(zip(trains, found, strict=True)):
            if actual.dtype != np.int64 or not np.array_equal(expected, actual):
                yield f"the microseconds of unit {unit} differ"
        return
    sd = getattr(data_loaders, case["reader"])(case["path"], **case["options"])
    for unit, (expected, actual) in enumerate(zip(trains, sd.train, strict=True)):
        if expected.shape != actual.shape:
            yield f"unit {unit} has {actual.size} spikes, not {expected.size}"
        elif (error := np.abs(actual - expected / 1000).max()) > case["toleranceMs"]:
            yield f"the times of unit {unit} are off by {error} ms"
    if sd.length != case.get("length", sd.length):
        yield f"the recording is {sd.length} ms long, not {case['length']}"


def h5py_samples(path) -> list:
    with h5py.File(path) as file:
        return np.split(file["spike_times"][()], file["spike_times_index"][:-1])


def numpy_samples(path) -> list:
    times, clusters = (
        np.load(Path(path) / f"spike_{name}.npy") for name in ("times", "clusters")
    )
    return [times[clusters == unit] for unit in range(clusters.max() + 1)]


if __name__ == "__main__":
    checks.run(check)
