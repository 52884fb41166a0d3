"""Reads the units and the raw data of NWB files with SpikeInterface, by h5py and by pynwb: ids, groups, places, properties of channels.

A case is one of nwb-probe-cases.ts; `recordingError` is what SpikeInterface says where it does not open the raw data.
"""

import checks
import h5py
import numpy as np
from spikeinterface.extractors import read_nwb_recording, read_nwb_sorting

SERIES = "acquisition/ElectricalSeries"
# Properties under other names, or none: channel_name is the id, and places are the probe.
RENAMED = {"location": "brain_area", "group_name": "group"}
UNREAD = ("channel_name", "rel_x", "rel_y")


def check(case, manifest, folder):
    for use_pynwb in (False, True):
        for problem in sorting_problems(case, use_pynwb):
            yield f"{'pynwb' if use_pynwb else 'h5py'}: {problem}"
        if case["channels"]:
            for problem in recording_problems(case, use_pynwb):
                yield f"{'pynwb' if use_pynwb else 'h5py'}: {problem}"


def sorting_problems(case, use_pynwb):
    series = {"electrical_series_path": SERIES} if case["channels"] else {}
    sorting = read_nwb_sorting(case["file"], use_pynwb=use_pynwb, **series)
    units = case["units"]
    # Names are the ids where there are any.
    wanted = units["names"] or units["ids"]
    if list(sorting.unit_ids) != wanted:
        yield f"unit ids {sorting.unit_ids}"
    for number, unit in enumerate(wanted):
        train = sorting.get_unit_spike_train(unit_id=unit)
        if list(train) != [30 + 30 * number, 75 + 30 * number]:
            yield f"unit {unit}: {train}"
    properties = sorting.get_property_keys()
    # A property has one shape for all units: of one electrode each, by h5py their rows, and by pynwb what the table has of them.
    if {len(own) for own in units["electrodes"] or ()} == {1}:
        found = sorting.get_property("electrodes")
        rows = [[case["electrodes"]["ids"].index(own[0])] for own in units["electrodes"]]
        if len(found) != len(rows) if use_pynwb else found.tolist() != rows:
            yield f"electrodes {found}"
    elif "electrodes" in properties:
        yield f"electrodes {sorting.get_property('electrodes')}"
    if units["waveforms"]:
        found = sorting.get_property("waveform_mean")
        if not np.array_equal(found, np.array(units["waveforms"], float), equal_nan=True):
            yield f"waveforms {found}"
    if units["groups"]:
        found = sorting.get_property("electrode_group")
        # By h5py these are references to the groups.
        is_reference = [isinstance(group, h5py.Reference) for group in found]
        names = [getattr(group, "name", None) for group in found]
        if (names != units["groups"]) if use_pynwb else not all(is_reference):
            yield f"groups {found}"
    elif "electrode_group" in properties:
        yield "groups that no unit has"


def recording_problems(case, use_pynwb):
    try:
        recording = read_nwb_recording(case["file"], electrical_series_path=SERIES, use_pynwb=use_pynwb)
    except Exception as error:
        if not case.get("recordingError") or case["recordingError"] not in str(error):
            yield f"raw data: {error}"
        return
    if case.get("recordingError"):
        yield "opens the raw data"
    rows = case["channels"]
    columns = {name: [values[row] for row in rows] for name, values in case["electrodes"]["columns"].items()}
    if list(recording.channel_ids) != columns["channel_name"]:
        yield f"channel ids {recording.channel_ids}"
    places = np.array([columns["rel_x"], columns["rel_y"]], float).T
    if not np.array_equal(recording.get_channel_locations(), places):
        yield f"places {recording.get_channel_locations()}"
    if list(recording.get_channel_groups()) != columns["group_name"]:
        yield f"groups {recording.get_channel_groups()}"
    for name, values in columns.items():
        if name in UNREAD:
            continue
        found = recording.get_property(RENAMED.get(name, name))
        are_floats = found.dtype.kind == "f"
        if not np.array_equal(found, np.array(values, float if are_floats else None), equal_nan=are_floats):
            yield f"property {name}: {found}, expected {values}"
    properties = set(recording.get_property_keys())
    if properties & set(UNREAD):
        yield f"properties {properties}"


if __name__ == "__main__":
    checks.run(check)
