"""Adds a recording or a sorting to an NWB file of a whole probe with neuroconv, and reads what became of it.

A case: {name, file, channels, groups, rows, error}: the channels of the recording by name and group, and the rows of the electrode table where
each has to be; or {name, file, units, error}: the numbers of units to be added. `error`, unless it is null, is what neuroconv says instead.
Units, groups and devices that were there have to stay as they are.
"""

import shutil
import warnings

import checks
import numpy as np
from neuroconv.tools.spikeinterface import add_recording_to_nwbfile, add_sorting_to_nwbfile
from pynwb import NWBHDF5IO, validate
from spikeinterface.core import NumpyRecording, NumpySorting


def check(case, manifest, folder):
    path = str(folder / "added.nwb")
    shutil.copy(case["file"], path)
    with NWBHDF5IO(path, "r") as io:
        before = content(io.read())
    with warnings.catch_warnings():
        # neuroconv calls its own deprecated functions.
        warnings.simplefilter("ignore")
        try:
            with NWBHDF5IO(path, "a") as io:
                nwb = io.read()
                add(case, nwb)
                io.write(nwb)
        except ValueError as error:
            if not case["error"] or case["error"] not in str(error):
                yield f"{error}"
            return
    if case["error"]:
        yield "adds it"
    for error in validate(path=path):
        yield f"the validator: {error}"
    with NWBHDF5IO(path, "r") as io:
        nwb = io.read()
        after = content(nwb)
        yield from (f"{name}: {after[name]}, not {before[name]}" for name in before if after[name] != before[name])
        yield from channel_problems(case, nwb)


def content(nwb):
    """What has to stay."""
    units = nwb.units
    columns = {name: [plain(units[name][unit]) for unit in range(len(units))] for name in units.colnames}
    links = {name: group.device.name for name, group in nwb.electrode_groups.items()}
    return {"ids": list(units.id[:]), **columns, "devices": links}


def plain(value):
    if hasattr(value, "columns"):
        return list(value.index)
    return getattr(value, "name", None) or repr(value)


def add(case, nwb):
    if "channels" in case:
        add_recording_to_nwbfile(recording_of(case), nwb)
    else:
        trains = {unit: np.array([1, 2 + unit]) for unit in case["units"]}
        add_sorting_to_nwbfile(NumpySorting.from_unit_dict([trains], 30000.0), nwb)


def recording_of(case):
    traces = np.arange(100 * len(case["channels"]), dtype="int16").reshape(100, -1)
    recording = NumpyRecording([traces], 30000.0, channel_ids=np.array(case["channels"]))
    recording.set_property("group_name", np.array(case["groups"]))
    recording.set_channel_gains(0.195)
    recording.set_channel_offsets(0)
    return recording


def channel_problems(case, nwb):
    series = nwb.acquisition["ElectricalSeriesRaw"]
    if list(series.electrodes.data[:]) != case["rows"]:
        yield f"rows {list(series.electrodes.data[:])}"
    found = [[nwb.electrodes[name][row] for row in case["rows"]] for name in ("channel_name", "group_name")]
    if found != [case["channels"], case["groups"]]:
        yield f"channels {found}"


if __name__ == "__main__":
    checks.run(check)
