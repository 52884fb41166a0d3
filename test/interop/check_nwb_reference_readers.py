"""What readers of NWB make of the file that SpikeLab's own exporter writes.

A case: {name, reader, outcome}; the outcome is the reader's error, or what it reads.
"""

import warnings

import checks
import numpy as np
from spikelab.data_loaders.data_exporters import export_spikedata_to_nwb
from spikelab.spikedata import SpikeData


def check(case, manifest, folder):
    path = str(folder / "reference.nwb")
    attributes = [{"electrode": 3, "location": [1.0, 2.0]}, {"electrode": 5, "location": [3.0, 4.0]}]
    train = [np.array([1.0, 2.5]), np.array([3.0])]
    export_spikedata_to_nwb(SpikeData(train, neuron_attributes=attributes), path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            outcome = READERS[case["reader"]](path)
        except Exception as error:
            outcome = f"{type(error).__name__}: {error}"
    if case["outcome"] not in outcome:
        yield outcome


def pynwb(path):
    from pynwb import NWBHDF5IO

    with NWBHDF5IO(path, "r") as io:
        return str(io.read())


def validator(path):
    from pynwb import validate

    return str(validate(path=path))


def spikeinterface(path, **how):
    from spikeinterface.extractors import read_nwb_sorting

    sorting = read_nwb_sorting(path, **how)
    return str([sorting.get_unit_spike_train(unit_id=unit).tolist() for unit in sorting.unit_ids])


READERS = {
    "pynwb": pynwb,
    "validator": validator,
    "SpikeInterface": spikeinterface,
    "SpikeInterface at a rate": lambda path: spikeinterface(path, sampling_frequency=20000.0),
}

if __name__ == "__main__":
    checks.run(check)
