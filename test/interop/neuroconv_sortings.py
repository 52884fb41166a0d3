"""Converts a Phy folder to NWB with neuroconv, as a folder of Phy and as one of KiloSort.

    neuroconv_sortings.py FOLDER PHY

Prints what the files hold, as JSON: [{name, file, trains_ms, columns}], the trains as SpikeInterface has them, the columns as pynwb reads
them, null for NaN and empty texts.
"""

import contextlib
import json
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from neuroconv.datainterfaces import KiloSortSortingInterface, PhySortingInterface
from pynwb import NWBHDF5IO

root, phy = Path(sys.argv[1]), sys.argv[2]


def plain(value):
    if isinstance(value, np.ndarray):
        return [plain(element) for element in value]
    value = value.item() if isinstance(value, np.generic) else value
    return None if value == "" or value != value else value


def convert(name, interface):
    file = root / f"{name}.nwb"
    metadata = interface.get_metadata()
    metadata["NWBFile"]["session_start_time"] = datetime(2024, 5, 6, tzinfo=UTC)
    interface.run_conversion(nwbfile_path=file, metadata=metadata, overwrite=True)
    sorting = interface.sorting_extractor
    rate = sorting.get_sampling_frequency()
    with NWBHDF5IO(str(file), "r") as io:
        units = io.read().units
        columns = {column: plain(units[column][:]) for column in units.colnames if column != "spike_times"}
        columns["unit_id"] = plain(units.id[:])
    return {
        "name": name,
        "file": str(file),
        "trains_ms": [(sorting.get_unit_spike_train(unit) / rate * 1e3).tolist() for unit in sorting.unit_ids],
        "columns": columns,
    }


with contextlib.redirect_stdout(sys.stderr), warnings.catch_warnings():
    warnings.simplefilter("ignore")
    found = [
        convert("phy", PhySortingInterface(folder_path=phy)),
        convert("phy-clean", PhySortingInterface(folder_path=phy, exclude_cluster_groups=["noise", "mua"])),
        convert("kilosort", KiloSortSortingInterface(folder_path=phy)),
        convert("kilosort-good", KiloSortSortingInterface(folder_path=phy, keep_good_only=True)),
    ]
json.dump(found, sys.stdout)
