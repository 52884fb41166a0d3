"""Has readers open files: prints for each [reader, path] how many units it finds, or null where it refuses the file."""

import json
import logging
import sys
import warnings
from pathlib import Path

import pynwb
from neo.io import NWBIO
from neo.rawio import PhyRawIO
from phylib.io.model import load_model
from spikeinterface.extractors import read_phy
from spikelab.data_loaders.data_loaders import load_spikedata_from_hdf5, load_spikedata_from_nwb


def phylib(path):
    return len(load_model(Path(path) / "params.py").cluster_ids)


def neo(path):
    reader = PhyRawIO(dirname=path)
    reader.parse_header()
    return len(reader.header["spike_channels"])


def neo_nwb(path):
    return len(NWBIO(path, mode="r").read_all_blocks()[0].segments[0].spiketrains)


def spikelab_hdf5(path):
    ragged = {"spike_times_dataset": "spike_times", "spike_times_index_dataset": "spike_times_index"}
    return load_spikedata_from_hdf5(path, **ragged).N


def of_pynwb(path):
    with pynwb.NWBHDF5IO(path, "r") as io:
        return len(io.read().units)


READERS = {
    "phylib 2.7.1": phylib,
    "neo 0.14.6": neo,
    "SpikeInterface 0.105.3 read_phy": lambda path: len(read_phy(path).unit_ids),
    "SpikeLab 0.1.2": spikelab_hdf5,
    "SpikeLab 0.1.2 without pynwb": lambda path: load_spikedata_from_nwb(path, prefer_pynwb=False).N,
    "SpikeLab 0.1.2 with pynwb": lambda path: load_spikedata_from_nwb(path, prefer_pynwb=True).N,
    "neo 0.14.6 NWBIO": neo_nwb,
    "pynwb 4.2.0": of_pynwb,
}


def units_found(reader, path):
    try:
        return READERS[reader](path)
    except Exception:
        return None


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    print(json.dumps([units_found(*each) for each in json.loads(sys.argv[1])]))
