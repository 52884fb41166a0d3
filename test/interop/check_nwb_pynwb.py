"""Reads NWB files with pynwb, without a warning, and asks pynwb's validator and nwbinspector about them.

A case: {name, recording, file, fsHz, columns, inspector, suggestions}; `columns` are the values of further columns of the units,
`inspector` the names of the checks above a suggestion that are expected to find something, and `suggestions`, unless that is
null, of those that suggest something.
"""

import re
import warnings

import checks
import numpy as np
import pynwb
from nwb_expected import AXES, Expected
from nwbinspector import Importance, inspect_nwbfile

# Not about the files: hdmf 3 calls its own deprecated functions.
OWN_WARNINGS = "Call to deprecated function"

SUGGESTIONS = (Importance.BEST_PRACTICE_SUGGESTION,)
# Checks that themselves fail count.
SEVERE = (
    Importance.BEST_PRACTICE_VIOLATION,
    Importance.CRITICAL,
    Importance.PYNWB_VALIDATION,
    Importance.ERROR,
)


def check(case, manifest, folder):
    expected = Expected(manifest["recordings"][case["recording"]])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pynwb.NWBHDF5IO(case["file"], "r") as io:
            yield from unit_problems(io.read(), expected, case)
    for warning in caught:
        if OWN_WARNINGS not in str(warning.message):
            yield f"pynwb warns: {warning.message}"
    for error in validator_errors(case["file"]):
        yield f"the validator: {error}"
    messages = list(inspect_nwbfile(nwbfile_path=case["file"]))
    for kind, importances in (("inspector", SEVERE), ("suggestions", SUGGESTIONS)):
        found = sorted({check_name(m) for m in messages if m.importance in importances})
        if case[kind] is not None and found != sorted(case[kind]):
            yield f"{kind}: {found}, expected {sorted(case[kind])}"


def unit_problems(nwb, expected, case):
    units = nwb.units
    if list(units.id[:]) != list(range(expected.unit_count)):
        yield f"ids: {units.id[:]}"
    resolution = None if case["fsHz"] is None else 1 / case["fsHz"]
    if units.resolution != resolution:
        yield f"resolution: {units.resolution}"
    for unit, train in enumerate(expected.trains_s):
        if not np.array_equal(units["spike_times"][unit], train):
            yield f"spike times of unit {unit}: {units['spike_times'][unit]}"
        if not np.array_equal(units["obs_intervals"][unit], [expected.window_s]):
            yield f"observed intervals of unit {unit}: {units['obs_intervals'][unit]}"
    yield from electrode_problems(nwb, expected)
    for name, values in case["columns"].items():
        found = [plain(units[name][unit]) for unit in range(expected.unit_count)]
        if not same(found, values):
            yield f"column {name}: {found}, expected {values}"


def electrode_problems(nwb, expected):
    if expected.electrodes is None:
        if "electrodes" in nwb.units.colnames:
            yield "electrodes that were not given"
        return
    for unit, electrode in enumerate(expected.electrode_ids()):
        row = nwb.units["electrodes"][unit]
        if list(row.index) != [electrode]:
            yield f"electrode of unit {unit}: {list(row.index)}, expected {electrode}"
        if expected.locations is not None:
            location = [row[a].iloc[0] for a in AXES if a in row.columns]
            if location != expected.location_of(unit):
                yield f"location of unit {unit}: {location}, expected {expected.location_of(unit)}"
        if row["group_name"].iloc[0] != row["group"].iloc[0].name:
            yield f"group of unit {unit}: {row['group_name'].iloc[0]}"


def validator_errors(path):
    # pynwb 2 takes a list, and returns a status, too.
    result = pynwb.validate(paths=[path]) if pynwb.__version__ < "3" else (pynwb.validate(path=path), 0)
    return result[0]


def check_name(message):
    """The name of the check, also where it fails itself."""
    return re.search(r"check_\w+|$", message.check_function_name)[0] or message.message


def plain(value):
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def same(found, expected):
    """Whether values are the same; null stands for NaN in JSON."""
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(found) == len(expected)
            and all(same(f, e) for f, e in zip(found, expected))
        )
    if expected is None:
        return isinstance(found, float) and np.isnan(found)
    return type(found) is type(expected) and found == expected


if __name__ == "__main__":
    checks.run(check)
