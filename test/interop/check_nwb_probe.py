"""Reads the electrodes, groups and devices of NWB files, and the electrodes and ids of units, with pynwb, without a warning, and asks
pynwb's validator and nwbinspector about them.

A case is one of nwb-probe-cases.ts; `inspector` are the names of the checks that are expected to find something.
"""

import warnings

import checks
import numpy as np
import pynwb
from check_nwb_pynwb import OWN_WARNINGS, check_name, plain, same, validator_errors
from nwbinspector import inspect_nwbfile


def check(case, manifest, folder):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pynwb.NWBHDF5IO(case["file"], "r") as io:
            nwb = io.read()
            yield from table_problems(nwb.electrodes, case["electrodes"])
            yield from group_problems(nwb, case)
            yield from unit_problems(nwb.units, case["units"])
            yield from channel_problems(nwb, case["channels"])
    for warning in caught:
        if OWN_WARNINGS not in str(warning.message):
            yield f"pynwb warns: {warning.message}"
    for error in validator_errors(case["file"]):
        yield f"the validator: {error}"
    found = sorted({check_name(message) for message in inspect_nwbfile(nwbfile_path=case["file"])})
    if found != sorted(case["inspector"]):
        yield f"inspector: {found}"


def table_problems(table, expected):
    if list(table.id[:]) != expected["ids"]:
        yield f"electrode ids {list(table.id[:])}"
    columns = {"group", *expected["columns"]}
    if set(table.colnames) != columns:
        yield f"columns {table.colnames}, expected {columns}"
    for name, values in expected["columns"].items():
        found = [plain(table[name][row]) for row in range(len(table))]
        # Columns of the schema are floats, those of the caller whole numbers where all of them are.
        if name in ("x", "y", "z", "rel_x", "rel_y", "imp"):
            values = [None if value is None else float(value) for value in values]
        if name in ("gain", "shift"):
            values = [None if value is None else float(value) for value in values]
        if not same(found, values):
            yield f"column {name}: {found}, expected {values}"
    names = [table["group"][row].name for row in range(len(table))]
    if names != expected["columns"]["group_name"]:
        yield f"groups of electrodes: {names}"


def group_problems(nwb, case):
    found = {name: [g.description, g.location, g.device.name, position_of(g)] for name, g in nwb.electrode_groups.items()}
    if found != case["groups"]:
        yield f"groups: {found}"
    if sorted(nwb.devices) != case["devices"]:
        yield f"devices: {list(nwb.devices)}"
    for name, group in nwb.electrode_groups.items():
        if group.device is not nwb.devices[group.device.name]:
            yield f"the device of {name} is another object"


def position_of(group):
    return None if group.position is None else list(np.asarray(group.position)[()].item())


def unit_problems(units, expected):
    count = len(expected["ids"])
    if list(units.id[:]) != expected["ids"]:
        yield f"unit ids {list(units.id[:])}"
    if list(units.to_dataframe().index) != expected["ids"]:
        yield f"the frame's index {units.to_dataframe().index}"
    found = {
        "names": column(units, "unit_name", count, str),
        "electrodes": column(units, "electrodes", count, lambda rows: list(rows.index)),
        "groups": column(units, "electrode_group", count, lambda group: group.name),
        "waveforms": column(units, "waveform_mean", count, plain),
    }
    for name, values in found.items():
        if not same(values, expected[name]) and values is not expected[name]:
            yield f"{name} of units: {values}, expected {expected[name]}"


def column(table, name, count, of):
    return [of(table[name][row]) for row in range(count)] if name in table.colnames else None


def channel_problems(nwb, expected):
    series = list(nwb.acquisition.values())
    found = [plain(np.asarray(one.electrodes.data[:])) for one in series]
    if found != ([] if expected is None else [expected]):
        yield f"rows of raw channels {found}, expected {expected}"


if __name__ == "__main__":
    checks.run(check)
