"""The recording that Node wrote to a folder, for the exporters in Python."""

from pathlib import Path

import numpy as np


class Recording:
    """Trains in one array, as they lie in the file, and raw samples where there are any."""

    def __init__(self, folder, length, raw=None):
        self.flat = np.fromfile(Path(folder) / "times")
        self.ends = np.fromfile(Path(folder) / "ends", np.int64)
        self.length = float(length)
        self.train = np.split(self.flat, self.ends[:-1])
        self.raw_data = self.raw_time = None
        if raw:
            samples = np.fromfile(Path(folder) / "raw", np.int16)
            self.raw_data = samples.reshape(raw["channels"], raw["samples"])
            self.raw_time = np.arange(raw["samples"]) / raw["rate_kHz"]

    @property
    def attributes(self):
        """Those of the root of every HDF5 file."""
        return {"start_time": 0.0, "length_ms": self.length}

    def prepare(self):
        """Makes what calls need and no measured time should include."""
