"""Adds electrodes, units and a column to NWB files with pynwb: the rows that were there stay as they are, the new ones are what was added,
and the validator of pynwb finds nothing.

A case: {name, file, units, electrodes, added, widen}, with the number of rows of each table, and of those to be added.
"""

import shutil

import checks
import h5py
import numpy as np
import pynwb
from check_nwb_pynwb import validator_errors
from hdmf.common import VectorIndex


def check(case, manifest, folder):
    yield from fixed_columns(case["file"])
    path = str(folder / "appended.nwb")
    shutil.copy(case["file"], path)
    with pynwb.NWBHDF5IO(path, "r") as io:
        before = rows(io.read())
    found = {name: len(table) for name, table in before.items()}
    if found != {name: case[name] for name in found}:
        yield f"rows: {found}"
    with pynwb.NWBHDF5IO(path, "a") as io:
        nwb = io.read()
        if case["widen"]:
            widen_indices(nwb.units)
        expected = before["electrodes"] + [add_electrode(nwb) for _ in range(case["added"] if case["electrodes"] else 0)]
        units = before["units"] + [add_unit(nwb, i) for i in range(case["added"])]
        for number, row in enumerate(units):
            row["later"] = number / 8
        nwb.add_unit_column(name="later", description="Added.", data=[row["later"] for row in units])
        io.write(nwb)
    with pynwb.NWBHDF5IO(path, "r") as io:
        after = rows(io.read())
    yield from row_differences("electrodes", expected, after["electrodes"])
    yield from row_differences("units", units, after["units"])
    for error in validator_errors(path):
        yield f"the validator: {error}"


def widen_indices(table):
    """hdmf (3.14 to 6.2 at least) takes every index that it has read for uint8, and refuses to add to a column of more than 255
    values, in its own files, too."""
    for column in table.columns:
        if isinstance(column, VectorIndex):
            column._VectorIndex__uint = column.data.dtype.type
            column._VectorIndex__maxval = np.iinfo(column.data.dtype).max


def fixed_columns(path):
    """Columns of tables that cannot grow."""
    with h5py.File(path) as file:
        for group in (file["units"], file.get("general/extracellular_ephys/electrodes", {})):
            for column in group.values():
                if column.maxshape != (None, *column.shape[1:]):
                    yield f"{column.name} can only grow to {column.maxshape}"


def rows(nwb) -> dict:
    return {"units": table_rows(nwb.units), "electrodes": table_rows(nwb.electrodes)}


def table_rows(table) -> list:
    if table is None:
        return []
    columns = [[plain(name, table[name], row) for row in range(len(table))] for name in table.colnames]
    return [dict(zip(table.colnames, row)) for row in zip(*columns)]


def plain(name, column, row):
    """What a column has in a row: of electrodes, their row numbers."""
    if name == "electrodes":
        begin = column.data[row - 1] if row else 0
        return column.target.data[begin : column.data[row]].tolist()
    return bare(column[row])


def bare(value):
    """An object's name, or what Python makes of numpy's numbers."""
    if hasattr(value, "name"):
        return value.name
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value


def like_first(table, skipped=()) -> dict:
    """A row as the first one is."""
    return {name: table[name][0] for name in table.colnames if name not in skipped}


def add_electrode(nwb):
    row = like_first(nwb.electrodes)
    nwb.add_electrode(**row)
    return {name: bare(value) for name, value in row.items()}


def add_unit(nwb, i):
    added = {"spike_times": [0.25 * j for j in range(1 + i % 7)], "obs_intervals": [[0.0, 60.0], [61.0, 62.0 + i]]}
    if "electrodes" in nwb.units.colnames:
        added["electrodes"] = [i % len(nwb.electrodes), len(nwb.electrodes) - 1]
    others = like_first(nwb.units, added) if len(nwb.units) else {}
    nwb.add_unit(**added, **others)
    return {**added, **{name: bare(value) for name, value in others.items()}}


def row_differences(table, expected, found):
    if len(expected) != len(found):
        yield f"{table}: {len(found)} rows, not {len(expected)}"
    for number, (left, right) in enumerate(zip(expected, found)):
        if repr(left) != repr({name: right[name] for name in left}):
            yield f"row {number} of {table} is {right}, not {left}"
            return


if __name__ == "__main__":
    checks.run(check)
