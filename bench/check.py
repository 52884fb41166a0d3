"""Whether two outputs hold the same: names, attributes, types, shapes, and every array bit for bit. How an HDF5 file stores
a dataset may differ.
"""

import pickle
import sys
from pathlib import Path

import numpy as np
from serve import serve

sys.path.insert(0, str(Path(__file__).parents[1] / "test" / "interop"))

from differences import array_differences, differences  # noqa: E402
from hdf5_tree import file_differences  # noqa: E402


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


def pickle_differences(expected, actual):
    """Differences between the objects in two pickles, both written by this benchmark a moment ago."""
    objects = (pickle.loads(Path(path).read_bytes()) for path in (expected, actual))
    yield from differences(*objects, "object")


DIFFERENCES = {
    "hdf5": file_differences,
    "folder": folder_differences,
    "pickle": pickle_differences,
}


def compare(kind, expected, actual):
    return list(DIFFERENCES[kind](expected, actual))


if __name__ == "__main__":
    serve({"compare": compare})
