"""Writes NWB files from which a required part is missing, and prints what pynwb's validator says of each.

Takes a folder with files of the exporter. Adds one of pynwb to them, and writes each with one part removed. Prints
[[file, part, errors], …]; without a part, the file is whole. A file that pynwb cannot open at all has that as its error.
"""

import json
import shutil
import sys
import warnings
from datetime import datetime, timezone
from pathlib import Path

import h5py
import numpy as np
from pynwb import NWBHDF5IO, NWBFile, validate

EPHYS = "/general/extracellular_ephys"
DATASETS = [
    "/file_create_date",
    "/identifier",
    "/session_description",
    "/session_start_time",
    "/timestamps_reference_time",
    "/units/id",
    f"{EPHYS}/electrodes/id",
    f"{EPHYS}/electrodes/location",
    f"{EPHYS}/electrodes/group",
    f"{EPHYS}/electrodes/group_name",
]
GROUPS = ["/acquisition", "/analysis", "/processing", "/stimulus", "/general"]
ATTRIBUTES = [
    ("/", "nwb_version"),
    ("/", "neurodata_type"),
    ("/units", "colnames"),
    ("/units", "description"),
    ("/units", "neurodata_type"),
    ("/units/spike_times", "description"),
    ("/units/spike_times_index", "target"),
    ("/units/electrodes", "table"),
    (f"{EPHYS}/electrodes", "description"),
    (f"{EPHYS}/{{group}}", "description"),
    (f"{EPHYS}/{{group}}", "location"),
]
LINKS = [f"{EPHYS}/{{group}}/device"]


def of_pynwb(path):
    start = datetime(2026, 3, 1, tzinfo=timezone.utc)
    nwb = NWBFile(session_description="s", identifier="i", session_start_time=start)
    device = nwb.create_device(name="device")
    group = nwb.create_electrode_group("group", description="d", location="l", device=device)
    for _ in range(3):
        nwb.add_electrode(group=group, location="CA1")
    nwb.add_unit_column("quality", "what a person says")
    for unit in range(3):
        times = np.arange(1 + unit) / 10
        nwb.add_unit(spike_times=times, electrodes=[unit], quality="good", obs_intervals=[[0.0, 2.0]])
    with NWBHDF5IO(path, "w") as io:
        io.write(nwb)


def errors_of(path):
    """What the validator reports, and what keeps pynwb from opening the file and its tables."""
    try:
        errors = [str(error) for error in validate(path=str(path))]
        with NWBHDF5IO(path, "r") as io:
            nwb = io.read()
            nwb.electrodes.to_dataframe()
            nwb.units.to_dataframe()
        return errors
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]


def without(source, part, remove):
    target = source.with_name(f"{source.stem} without {len(list(source.parent.iterdir()))}.nwb")
    shutil.copy(source, target)
    with h5py.File(target, "r+") as file:
        remove(file)
    return [str(target), part, errors_of(target)]


def all_of(source):
    yield [str(source), None, errors_of(source)]
    with h5py.File(source) as file:
        groups = [n for n, g in file[EPHYS].items() if g.attrs.get("neurodata_type") == "ElectrodeGroup"]
    for path in [*DATASETS, *GROUPS, *LINKS]:
        place = path.format(group=groups[0])

        def remove(file, place=place):
            del file[place]

        yield without(source, place, remove)
    for path, name in ATTRIBUTES:
        place = path.format(group=groups[0])

        def remove(file, place=place, name=name):
            del file[place].attrs[name]

        yield without(source, f"{place}.{name}", remove)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1])
    of_pynwb(folder / "pynwb.nwb")
    print(json.dumps([line for source in sorted(folder.glob("*.nwb")) for line in all_of(source)]))
