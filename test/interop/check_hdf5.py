"""Compares HDF5 files with those that SpikeLab's own exporter writes from the same recording.

A case: {name, recording, file, options, storage, load, maxBytes}, the last three optional.
"""

import os

import checks
import h5py
import reference
from hdf5_tree import file_differences, storage_differences
from recordings import spike_data
from spikelab.data_loaders.data_exporters import export_spikedata_to_hdf5
from spikelab.data_loaders.data_loaders import load_spikedata_from_hdf5


def check(case, manifest, folder):
    sd = spike_data(manifest["recordings"][case["recording"]])
    options = reference.snake_case(case["options"])
    expected = str(folder / "expected.h5")
    export_spikedata_to_hdf5(sd, expected, **options)
    if options.get("style") == "raster":
        yield from restate_raster(expected, sd, options)

    yield from file_differences(expected, case["file"])
    yield from storage_differences(case["file"], case.get("storage", {}))
    if superblock_version(case["file"]) != superblock_version(expected):
        yield "the superblock is not of the earliest version"
    size = os.path.getsize(case["file"])
    if size > case.get("maxBytes", size):
        yield f"the file takes {size} bytes"

    def load_spikedata(path):
        return load_spikedata_from_hdf5(path, **loader_options(options))

    if case.get("load", True):
        yield from reference.loaded_differences(load_spikedata, expected, case["file"])


def restate_raster(path, sd, options):
    """Puts the raster of spikeport's rule in place of SpikeLab's where their numbers of bins differ."""
    name = options.get("raster_dataset", "raster")
    restated = reference.raster(sd, options["raster_bin_size_ms"])
    with h5py.File(path, "r+") as file:
        dataset = file[name]
        if dataset.shape == restated.shape:
            if (dataset[()] != restated).any():
                yield "the reference's raster and its statement here differ"
            return
        attributes = dict(dataset.attrs)
        del file[name]
        file.create_dataset(name, data=restated).attrs.update(attributes)


def loader_options(options: dict) -> dict:
    """The arguments with which the loader reads what the exporter wrote with these options."""
    style = options.get("style", "ragged").lower()
    names = {
        "ragged": {
            "spike_times_dataset": "spike_times",
            "spike_times_index_dataset": "spike_times_index",
            "spike_times_unit": "s",
        },
        "group": {"group_per_unit": "units", "group_time_unit": "s"},
        "paired": {
            "idces_dataset": "idces",
            "times_dataset": "times",
            "times_unit": "ms",
        },
        "raster": {"raster_dataset": "raster", "raster_bin_size_ms": None},
    }[style]
    raw = {}
    if options.get("raw_dataset") and options.get("raw_time_dataset"):
        raw = {"raw_dataset": None, "raw_time_dataset": None, "raw_time_unit": "ms"}
    defaults = {**names, **raw, "fs_Hz": None}
    return {name: options.get(name, default) for name, default in defaults.items()}


def superblock_version(path) -> int:
    with open(path, "rb") as file:
        return file.read(9)[8]


if __name__ == "__main__":
    checks.run(check)
