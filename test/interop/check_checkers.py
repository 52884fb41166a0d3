"""Checks the checkers: each deliberate fault must be found, and nothing where there is none. Prints [[name, problems], …]."""

import json
import shutil
import tempfile
from pathlib import Path

import h5py
import numpy as np
from check_kilosort import folder_differences
from differences import differences
from hdf5_tree import file_differences, storage_differences
from spikelab.data_loaders.data_exporters import (
    export_spikedata_to_hdf5,
    export_spikedata_to_kilosort,
)
from spikelab.spikedata import RateData, SpikeData

RECORDING = SpikeData([[1.0, 2.5], [], [0.1]], length=10.0)


def replace(file, name, data, **options):
    attributes = dict(file[name].attrs)
    del file[name]
    file.create_dataset(name, data=data, **options).attrs.update(attributes)


def link(file, name):
    file.move(name, "elsewhere")
    file[name] = h5py.SoftLink("/elsewhere")


def nudge(array):
    return np.nextafter(array, np.inf)


HDF5_FAULTS = {
    "one bit of one time": lambda f: replace(
        f, "spike_times", nudge(f["spike_times"][()])
    ),
    "big-endian": lambda f: replace(
        f, "spike_times", f["spike_times"][()].astype(">f8")
    ),
    "float32": lambda f: replace(f, "spike_times", f["spike_times"][()].astype("f4")),
    "int32": lambda f: replace(
        f, "spike_times_index", f["spike_times_index"][()].astype("i4")
    ),
    "one more axis": lambda f: replace(f, "spike_times", f["spike_times"][()][:, None]),
    "growing": lambda f: replace(
        f, "spike_times", f["spike_times"][()], maxshape=(None,)
    ),
    "one more object": lambda f: f.create_group("more"),
    "an object missing": lambda f: f.pop("spike_times_index"),
    "a group for a dataset": lambda f: (
        f.pop("spike_times"),
        f.create_group("spike_times"),
    ),
    "a soft link": lambda f: link(f, "spike_times"),
    "an attribute missing": lambda f: f.attrs.pop("length_ms"),
    "one more attribute": lambda f: f["spike_times"].attrs.create("unit", 1.0),
    "an attribute of another value": lambda f: f.attrs.modify("start_time", -0.0),
    "an attribute of another type": lambda f: f.attrs.create(
        "start_time", 0, dtype="i8"
    ),
    "an attribute of one element": lambda f: f.attrs.create("start_time", [0.0]),
}

KILOSORT_FAULTS = {
    "one bit of a sample": lambda d: flip(d / "spike_times.npy", -8),
    "one byte of a header": lambda d: flip(d / "spike_clusters.npy", 60),
    "one byte more": lambda d: (d / "spike_times.npy").open("ab").write(b"\0"),
    "one more file": lambda d: (d / "channel_map.npy").touch(),
    "a file missing": lambda d: (d / "spike_clusters.npy").unlink(),
}

VALUE_FAULTS = {
    "int for float": (1.0, 1),
    "bool for int": (1, True),
    "numpy's float for Python's": (1.0, np.float64(1)),
    "zero for negative zero": (-0.0, 0.0),
    "list for tuple": ((1, 2), [1, 2]),
    "one item more": ([1], [1, 2]),
    "keys in another order": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "a key of another type": ({1: 0}, {True: 0}),
    "array of another dtype": (np.zeros(2), np.zeros(2, "f4")),
    "array of another byte order": (np.zeros(2), np.zeros(2, ">f8")),
    "array of another shape": (np.zeros((2, 1)), np.zeros(2)),
    "array with another bit": (np.zeros(2), np.array([0, -0.0])),
    "read-only array": (np.zeros(2), np.frombuffer(bytes(16))),
    "attribute of an object": (
        RateData(np.zeros((1, 1)), [0.0]),
        RateData(np.ones((1, 1)), [0.0]),
    ),
    "deep inside": ({"a": [({"b": 1},)]}, {"a": [({"b": 2},)]}),
}


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def hdf5_faults(folder):
    good = folder / "good.h5"
    export_spikedata_to_hdf5(RECORDING, str(good))
    yield "hdf5: none", list(file_differences(good, good))
    for name, make in HDF5_FAULTS.items():
        bad = folder / "bad.h5"
        shutil.copy(good, bad)
        with h5py.File(bad, "r+") as file:
            make(file)
        yield f"hdf5: {name}", unless_found(file_differences(good, bad))


def storage_faults(folder):
    path = folder / "chunked.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset(
            "x", data=np.zeros(64), chunks=(64,), compression="gzip", shuffle=True
        )
    right = {"compression": {"level": 4, "shuffle": True}}
    yield "storage: none", list(storage_differences(path, right))
    wrong = [
        {},
        {"layout": "chunked"},
        {"compression": {"level": 4, "shuffle": False}},
        {**right, "chunkBytes": 64},
    ]
    for options in wrong:
        yield f"storage: {options}", unless_found(storage_differences(path, options))


def kilosort_faults(folder):
    good, bad = folder / "good", folder / "bad"
    export_spikedata_to_kilosort(RECORDING, str(good), fs_Hz=30000)
    yield "kilosort: none", list(folder_differences(good, good))
    for name, make in KILOSORT_FAULTS.items():
        shutil.copytree(good, bad)
        make(bad)
        yield f"kilosort: {name}", unless_found(folder_differences(good, bad))
        shutil.rmtree(bad)


def value_faults():
    loop = [1]
    loop.append(loop)
    same = {"a": [1, 2.5, float("nan")], "b": np.zeros(3), "loop": loop}
    yield "value: none", list(differences(same, {**same, "b": np.zeros(3)}))
    for name, (expected, actual) in VALUE_FAULTS.items():
        yield f"value: {name}", unless_found(differences(expected, actual))


def unless_found(problems):
    return [] if list(problems) else ["the fault was not found"]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        found = [
            *hdf5_faults(base),
            *storage_faults(base),
            *kilosort_faults(base),
            *value_faults(),
        ]
    print(json.dumps(found))
