"""What the readers of Phy folders make of those that SpikeLab's own exporter writes, printed as JSON.

As they are, and with what a user would add by hand: {folder: {reader: what it finds, or its error}}.
"""

import json
import logging
import shutil
import tempfile
import warnings
from pathlib import Path

from neo.rawio import PhyRawIO
from phylib.io.model import load_model
from spikeinterface.extractors import read_kilosort, read_phy
from spikelab.data_loaders.data_exporters import export_spikedata_to_kilosort
from spikelab.data_loaders.data_loaders import load_spikedata_from_kilosort
from spikelab.spikedata import SpikeData

FS_HZ = 30000.0
RECORDING = SpikeData(
    [[1.0, 5.0, 9.0], [], [2.0, 5.0, 7.0]],
    neuron_attributes=[
        {"electrode": 7, "group": "good"},
        {"electrode": 1, "group": "good"},
        {"electrode": 3, "group": "mua"},
    ],
)
PARAMS = f"""dat_path = []
n_channels_dat = 8
dtype = 'int16'
offset = 0
sample_rate = {FS_HZ}
hp_filtered = False
"""


def as_it_is(folder: Path):
    export_spikedata_to_kilosort(RECORDING, str(folder), fs_Hz=FS_HZ)


def with_params(folder: Path):
    as_it_is(folder)
    (folder / "params.py").write_text(PARAMS)


def with_templates(folder: Path):
    with_params(folder)
    shutil.copy(folder / "spike_clusters.npy", folder / "spike_templates.npy")


def phylib(folder):
    load_model(folder / "params.py")


def spikeinterface(read):
    def found(folder):
        sorting = read(folder)
        trains = {str(u): sorting.get_unit_spike_train(u) for u in sorting.unit_ids}
        samples = sorting.to_spike_vector()["sample_index"]
        return {
            "trains": lists(trains),
            "inOrder": bool((samples[1:] >= samples[:-1]).all()),
            "groups": sorting.get_property("quality").tolist(),
            "electrodes": sorting.get_property("electrode"),
        }

    return found


def neo(folder):
    reader = PhyRawIO(dirname=str(folder))
    reader.parse_header()
    ids = reader.header["spike_channels"]["id"]
    trains = {u: reader.get_spike_timestamps(0, 0, i) for i, u in enumerate(ids)}
    return {"trains": lists(trains)}


def spikelab(folder):
    sd = load_spikedata_from_kilosort(str(folder), fs_Hz=FS_HZ)
    attributes = sd.neuron_attributes
    trains = {str(a["unit_id"]): t * 30 for a, t in zip(attributes, sd.train)}
    return {
        "trains": lists(trains),
        "electrodes": [a.get("electrode") for a in attributes],
    }


READERS = {
    "phylib": phylib,
    "read_phy": spikeinterface(read_phy),
    "read_kilosort": spikeinterface(read_kilosort),
    "neo": neo,
    "SpikeLab": spikelab,
}


def lists(trains):
    return {unit: train.tolist() for unit, train in trains.items()}


def outcome(make, read):
    with tempfile.TemporaryDirectory() as name:
        make(Path(name))
        try:
            return read(Path(name))
        except Exception as error:
            return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    folders = {
        "as it is": as_it_is,
        "with params.py": with_params,
        "with params.py and spike_templates.npy": with_templates,
    }
    print(
        json.dumps(
            {
                name: {reader: outcome(make, read) for reader, read in READERS.items()}
                for name, make in folders.items()
            }
        )
    )
