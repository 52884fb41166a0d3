"""Compares NWB files of the profile 'spikelab' with those that SpikeLab's own exporter writes.

A case: {name, recording, file, options}.
"""

import checks
from hdf5_tree import file_differences
from recordings import spike_data
from reference import loaded_differences, snake_case
from spikelab.data_loaders.data_exporters import export_spikedata_to_nwb
from spikelab.data_loaders.data_loaders import load_spikedata_from_nwb


def check(case, manifest, folder):
    sd = spike_data(manifest["recordings"][case["recording"]])
    expected = str(folder / "expected.nwb")
    export_spikedata_to_nwb(sd, expected, **snake_case(case["options"]))
    yield from file_differences(expected, case["file"])
    yield from loaded_differences(load_spikedata, expected, case["file"])


def load_spikedata(path):
    return load_spikedata_from_nwb(path, prefer_pynwb=False)


if __name__ == "__main__":
    checks.run(check)
