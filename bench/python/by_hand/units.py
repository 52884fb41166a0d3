"""Times in the units that files hold, as numpy converts them."""

import numpy as np


def convert(times, unit, fs_Hz=None):
    """Times in ms in another unit, in a new array."""
    if unit == "samples":
        return np.rint(times * (fs_Hz / 1e3)).astype(np.int64)
    return times / 1e3 if unit == "s" else times


def dtype_of(unit):
    return np.dtype(np.int64 if unit == "samples" else np.float64)
