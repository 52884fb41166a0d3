"""Whether a raster too large to be held dense has the counts of a recording."""

import h5py
import numpy as np
from recording import Recording

WINDOWS = 200
WINDOW_BINS = 10_000


def raster_differences(path, recording, width, seed=1):
    """Reads windows at random places, and the sum of all counts."""
    recording = Recording(**recording)
    random = np.random.default_rng(seed)
    with h5py.File(path) as file:
        raster = file["raster"]
        units, bins = raster.shape
        for _ in range(WINDOWS):
            unit = int(random.integers(units))
            start = int(random.integers(max(bins - WINDOW_BINS, 0) + 1))
            stop = min(start + WINDOW_BINS, bins)
            numbers = np.ceil(recording.train[unit] / width).astype(np.int64) - 1
            numbers = np.clip(numbers, 0, bins - 1)
            inside = numbers[(numbers >= start) & (numbers < stop)]
            expected = np.bincount(inside - start, minlength=stop - start)
            if not np.array_equal(raster[unit, start:stop], expected):
                yield f"bins {start} to {stop - 1} of unit {unit} differ"
        total = sum(int(raster[unit].sum()) for unit in range(units))
        if total != recording.flat.size:
            yield f"all counts add up to {total}, not {recording.flat.size}"
