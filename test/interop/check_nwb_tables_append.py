"""Adds trials, and units with values of each spike, to NWB files with pynwb: the rows that were there stay as they are, the new ones are
what was added, and the validator of pynwb finds nothing.

A case: {name, file, trial, unit}, the last two being the values of a new row.
"""

import shutil

import checks
import pynwb
from check_nwb_append import row_differences
from check_nwb_pynwb import validator_errors
from check_nwb_tables import deeply


def check(case, manifest, folder):
    path = str(folder / "appended.nwb")
    shutil.copy(case["file"], path)
    with pynwb.NWBHDF5IO(path, "r") as io:
        before = rows(io.read())
    with pynwb.NWBHDF5IO(path, "a") as io:
        nwb = io.read()
        nwb.add_trial(**case["trial"])
        nwb.add_unit(**case["unit"])
        io.write(nwb)
    with pynwb.NWBHDF5IO(path, "r") as io:
        after = rows(io.read())
    yield from row_differences("trials", [*before["trials"], case["trial"]], after["trials"])
    yield from row_differences("units", [*before["units"], case["unit"]], after["units"])
    for error in validator_errors(path):
        yield f"the validator: {error}"


def rows(nwb):
    return {"trials": table_rows(nwb.trials), "units": table_rows(nwb.units)}


def table_rows(table):
    return [{name: deeply(table[name][row]) for name in table.colnames} for row in range(len(table))]


if __name__ == "__main__":
    checks.run(check)
