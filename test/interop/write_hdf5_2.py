"""Writes HDF5 files in the newest version of the format, and as JSON what h5py finds in each. With HDF5 2.0 or newer."""
import json
import sys
from pathlib import Path

import h5py
import numpy as np

path = Path(sys.argv[1]) / "newest.h5"
assert h5py.version.hdf5_version_tuple >= (2, 0, 0), h5py.version.hdf5_version
numbers = np.arange(360, dtype="i4").reshape(30, 12)
datasets = {}
with h5py.File(path, "w", libver="latest") as f:
    f["contiguous"] = numbers
    for index, most in {"fixed": None, "one axis": (None, 12), "both axes": (None, None)}.items():
        for filters in ({}, {"compression": "gzip", "shuffle": True, "fletcher32": True}):
            for chunk in ((3, 3), (30, 12), (1, 2)):
                f.create_dataset(f"{index}, {chunk}, {len(filters)} filters", data=numbers, chunks=chunk, maxshape=most, **filters)
    # By layout messages of version 5, or those of older libraries.
    datasets = {name: int(f[name][()].sum()) for name in f}
print(json.dumps({"path": str(path), "datasets": datasets}))
