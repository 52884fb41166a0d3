"""Whether two outputs hold the same: names, attributes, types, shapes, and every array bit for bit. How an HDF5 file stores
a dataset may differ.
"""

import pickle
import sys
from pathlib import Path

import h5py
import numpy as np
from check_raster import raster_differences
from serve import serve

sys.path.insert(0, str(Path(__file__).parents[2] / "test" / "interop"))

from differences import array_differences, differences
from hdf5_tree import content_differences, file_differences


def folder_differences(expected, actual):
    """Differences between two folders of .npy files."""
    left, right = (
        sorted(path.name for path in Path(folder).iterdir())
        for folder in (expected, actual)
    )
    if left != right:
        yield f"expected the files {left}, found {right}"
        return
    for name in left:
        arrays = (np.load(Path(folder) / name) for folder in (expected, actual))
        yield from array_differences(*arrays, name)


def spikes_differences(expected, actual):
    """Differences between the spikes of two KiloSort folders, which may have other files besides."""
    for name in ("spike_times.npy", "spike_clusters.npy", "spike_templates.npy"):
        arrays = (np.load(Path(folder) / name) for folder in (expected, actual))
        yield from array_differences(*arrays, name)


def pickle_differences(expected, actual):
    """Differences between the objects in two pickles, both written by this benchmark a moment ago."""
    objects = (pickle.loads(Path(path).read_bytes()) for path in (expected, actual))
    yield from differences(*objects, "object")


def group_differences(expected, actual):
    """Differences between two files of very many datasets, without an object for each in memory."""
    with h5py.File(expected) as left, h5py.File(actual) as right:
        if dict(left.attrs) != dict(right.attrs):
            yield f"the attributes are {dict(right.attrs)}, not {dict(left.attrs)}"
        groups = left["units"].id, right["units"].id
        names = list(groups[0])
        if names != list(groups[1]):
            yield "the units have other names"
            return
        for name in names:
            pair = (h5py.h5d.open(group, name) for group in groups)
            yield from content_differences(f"units/{name.decode()}", *pair)


def workspace_differences(expected, actual):
    """Differences between two workspaces, but for their ids and dates."""
    for difference in file_differences(f"{expected}.h5", f"{actual}.h5"):
        if "__workspace_id__" not in difference and "__created_at__" not in difference:
            yield difference


def units_differences(expected, actual, names=("spike_times", "spike_times_index", "id")):
    """Differences between the units of a complete file and of a minimal one: the numbers, as integers may have other types."""
    with h5py.File(expected) as left, h5py.File(actual) as right:
        for name in names:
            pair = (file["units"][name][()] for file in (left, right))
            if not np.array_equal(*pair):
                yield f"units/{name} differs"


def trains_differences(expected, actual):
    """The same without the ids of the units."""
    yield from units_differences(expected, actual, ("spike_times", "spike_times_index"))


def times_differences(expected, actual):
    """Whether a ragged file and an NWB-like one hold the same times."""
    with h5py.File(expected) as left, h5py.File(actual) as right:
        pair = (group["spike_times"][()] for group in (left, right["units"]))
        yield from array_differences(*pair, "spike_times")


DIFFERENCES = {
    "hdf5": file_differences,
    "group": group_differences,
    "folder": folder_differences,
    "spikes": spikes_differences,
    "pickle": pickle_differences,
    "workspace": workspace_differences,
    "units": units_differences,
    "trains": trains_differences,
    "times": times_differences,
}


def compare(kind, expected, actual):
    return list(DIFFERENCES[kind](expected, actual))


def check_raster(**parameters):
    return list(raster_differences(**parameters))


if __name__ == "__main__":
    serve({"compare": compare, "checkRaster": check_raster})
