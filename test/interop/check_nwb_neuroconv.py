"""Adds a recording to an NWB file with neuroconv, as a lab does that gets raw data later, and reads what became of it.

A case: {name, recording, file, group, channels, rows}; the channels of the recording by their names, and the rows of the electrode
table where each has to be.
"""

import shutil
import warnings

import checks
import numpy as np
from neuroconv.tools.spikeinterface import add_recording_to_nwbfile
from nwb_expected import Expected
from pynwb import NWBHDF5IO, validate
from spikeinterface.core import NumpyRecording


def check(case, manifest, folder):
    expected = Expected(manifest["recordings"][case["recording"]])
    path = str(folder / "added.nwb")
    shutil.copy(case["file"], path)
    recording = recording_of(case)
    with warnings.catch_warnings():
        # neuroconv calls its own deprecated functions.
        warnings.simplefilter("ignore")
        with NWBHDF5IO(path, "a") as io:
            nwb = io.read()
            add_recording_to_nwbfile(recording, nwb)
            io.write(nwb)
    for error in validate(path=path):
        yield f"the validator: {error}"
    with NWBHDF5IO(path, "r") as io:
        yield from file_problems(io.read(), expected, recording, case)


def recording_of(case):
    traces = np.arange(100 * len(case["channels"]), dtype="int16").reshape(100, -1)
    recording = NumpyRecording([traces], 30000.0, channel_ids=np.array(case["channels"]))
    recording.set_property("group_name", np.array([case["group"]] * len(case["channels"])))
    recording.set_channel_gains(0.195)
    recording.set_channel_offsets(0)
    return recording


def file_problems(nwb, expected, recording, case):
    (series,) = nwb.acquisition.values()
    if list(series.electrodes.data[:]) != case["rows"]:
        yield f"rows {list(series.electrodes.data[:])}, expected {case['rows']}"
    if not np.array_equal(series.data[:], recording.get_traces()):
        yield f"traces {series.data[:]}"
    names = [nwb.electrodes["channel_name"][row] for row in case["rows"]]
    if names != case["channels"]:
        yield f"channels {names}"
    for unit, train in enumerate(expected.trains_s):
        if not np.array_equal(nwb.units["spike_times"][unit], train):
            yield f"spike times of unit {unit}: {nwb.units['spike_times'][unit]}"
        row = nwb.units["electrodes"][unit]
        if list(row.index) != [expected.electrode_ids()[unit]]:
            yield f"electrode of unit {unit}: {list(row.index)}"


if __name__ == "__main__":
    checks.run(check)
