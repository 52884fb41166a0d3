"""The reference: SpikeLab's own exporters and loaders, called with spikeport's options."""

import re

import numpy as np
from differences import differences


def snake_case(options: dict) -> dict:
    return {snake(name): value for name, value in options.items()}


def snake(name: str) -> str:
    return {"fsHz": "fs_Hz"}.get(name) or re.sub(
        "[A-Z]", lambda m: "_" + m[0].lower(), name
    )


def raster_bins(length: float, bin_size: float) -> int:
    """The number of bins that spikeport's rule gives; SpikeLab 0.1.2 uses ceil(length / bin_size) without a tolerance."""
    quotient = length / bin_size
    tolerance = max(1e-9, abs(quotient) * 4 * np.finfo(float).eps)
    return int(np.ceil(quotient - tolerance))


def raster(sd, bin_size: float) -> np.ndarray:
    """SpikeLab's raster stated anew, with spikeport's number of bins."""
    bins = raster_bins(sd.length, bin_size)
    counts = np.zeros((sd.N, bins), np.int64)
    for unit, times in enumerate(sd.train):
        at = np.ceil((times - sd.start_time) / bin_size) - 1
        np.add.at(counts[unit], np.clip(at, 0, bins - 1).astype(int), 1)
    return counts


def loaded_differences(load, expected_path, actual_path):
    """Differences between what one of SpikeLab's loaders makes of two files: the same recording, or the same error."""
    expected, actual = outcome(load, expected_path), outcome(load, actual_path)
    yield from differences(expected, actual, f"as {load.__name__} reads it")


def outcome(load, path):
    try:
        sd = load(str(path))
    except Exception as error:
        return [type(error).__name__, str(error)]
    for source in ("source_file", "source_folder"):
        sd.metadata.pop(source, None)
    return sd
