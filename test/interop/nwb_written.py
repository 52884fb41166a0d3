"""Writes NWB files with pynwb as labs do, and prints what a reader has to find in them.

Arguments: a folder. Prints JSON: a list of {file, trains_ms, attributes, metadata}.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pynwb
from hdmf.backends.hdf5 import H5DataIO

START = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
TRAINS_S = [[0.001, 0.0025, 3.2], [], [0.5]]


def new_file():
    subject = pynwb.file.Subject(subject_id="s-1", species="Rattus norvegicus", sex="M", age="P70D", weight="0.25 kg")
    nwb = pynwb.NWBFile("A session.", "an-id", START, experimenter=["Roe, Richard"], session_id="three", subject=subject)
    device = nwb.create_device("probe")
    group = nwb.create_electrode_group("shank", "A shank.", "CA3", device)
    nwb.add_electrode_column("quality_of_contact", "How good it is.")
    for channel, place in enumerate([(1.0, 2.0, 3.0), (4.0, 5.0, 6.0), (7.0, 8.0, 9.0)]):
        x, y, z = place
        nwb.add_electrode(
            id=channel + 100, x=x, y=y, z=z, location=f"area {channel}", group=group, quality_of_contact=float(channel)
        )
    return nwb


def with_columns(compressed):
    """Units with columns of every kind."""
    nwb = new_file()
    nwb.add_unit_column("snr", "Signal to noise.")
    nwb.add_unit_column("label", "What a person says.")
    nwb.add_unit_column("is_good", "Whether it is good.")
    nwb.add_unit_column("heights", "The height of each spike.", index=True)
    nwb.add_unit_column("tags", "Tags.", index=True)
    for unit, train in enumerate(TRAINS_S):
        nwb.add_unit(
            id=10 + unit,
            spike_times=train,
            electrodes=[[2, 0], [1], [1]][unit],
            obs_intervals=[[0.0, 4.0]],
            waveform_mean=np.arange(8.0).reshape(4, 2) + unit,
            snr=1.5 + unit,
            label=["good", "", "müa"][unit],
            is_good=[True, False, True][unit],
            heights=list(np.arange(len(train)) + 0.5),
            tags=[["a", "b"], [], ["c"]][unit],
        )
    if compressed:
        for column in nwb.units.columns:
            if isinstance(column.data, list) and column.name in ("spike_times", "heights", "snr"):
                data = np.asarray(column.data)
                column.fields["data"] = H5DataIO(data, compression="gzip", shuffle=True, chunks=(2,), maxshape=(None,))
            elif isinstance(column.data, list) and column.name in ("label", "tags"):
                column.fields["data"] = H5DataIO(column.data, compression="gzip", chunks=(2,), maxshape=(None,))
    return nwb


def attributes():
    found = []
    for unit, train in enumerate(TRAINS_S):
        first = [2, 1, 1][unit]
        one = {
            "unit_id": 10 + unit,
            "electrode": 100 + first,
            "location": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]][first],
            "location_label": f"area {first}",
            "group_name": "shank",
            "waveform_mean": {"shape": [4, 2], "data": (np.arange(8.0) + unit).tolist()},
            "snr": 1.5 + unit,
            "label": ["good", None, "müa"][unit],
            "is_good": [True, False, True][unit],
            "heights": (np.arange(len(train)) + 0.5).tolist() or None,
            "tags": [["a", "b"], None, ["c"]][unit],
        }
        if unit == 0:
            one["electrodes"] = [102, 100]
        found.append({name: value for name, value in one.items() if value is not None})
    return found


METADATA = {
    "format": "NWB",
    "identifier": "an-id",
    "session_description": "A session.",
    "session_start_time": START.isoformat(),
    "session_id": "three",
    "experimenter": ["Roe, Richard"],
    "subject_id": "s-1",
    "species": "Rattus norvegicus",
    "sex": "M",
    "age": "P70D",
    "subject_weight": "0.25 kg",
    "device_names": ["probe"],
    "unit_count": 3,
}


def main():
    folder = Path(sys.argv[1])
    cases = []
    for name, compressed in (("plain", False), ("compressed", True)):
        path = str(folder / f"{name}.nwb")
        with pynwb.NWBHDF5IO(path, "w") as io:
            io.write(with_columns(compressed))
        trains = [[second * 1e3 for second in train] for train in TRAINS_S]
        cases.append(
            {
                "name": name,
                "file": path,
                "trains": trains,
                "window": [0.0, 4000.0],
                "attributes": attributes(),
                "metadata": METADATA,
            }
        )
    path = str(folder / "spikes only.nwb")
    nwb = new_file()
    nwb.add_unit(spike_times=np.array([1.25, 2.5]))
    with pynwb.NWBHDF5IO(path, "w") as io:
        io.write(nwb)
    length = 2500.0 + np.spacing(2500.0)
    cases.append(
        {
            "name": "spikes only",
            "file": path,
            "trains": [[1250.0, 2500.0]],
            "window": [0.0, length],
            "attributes": [{"unit_id": 0}],
            "metadata": {**METADATA, "unit_count": 1},
        }
    )
    print(json.dumps(cases))


if __name__ == "__main__":
    main()
