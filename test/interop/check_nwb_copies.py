"""Makes copies of NWB files in other forms and compares all that pynwb reads from them; the manifest names the reader.

`lindi`: the file's index as JSON, which pynwb reads through lindi. `hdmf-zarr`: to Zarr, and from there back to HDF5.

A case: {name, file}
"""

import contextlib
import gc
import os
import sys

# hdmf-zarr keeps references to objects as pickles, which numcodecs decodes only for those who trust the file.
os.environ["NUMCODECS_ALLOW_UNSAFE_PICKLE_DECODE"] = "1"

import checks
import h5py
import lindi
import numpy as np
from hdmf.common import DynamicTable
from hdmf.container import AbstractContainer
from hdmf_zarr import NWBZarrIO
from pynwb import NWBHDF5IO, validate


def check(case, manifest, folder):
    with NWBHDF5IO(case["file"], "r") as io:
        original = io.read()
        expected = {by_row: contents(original, by_row) for by_row in (True, False)}
    if len(expected[False]) < 40:
        yield f"only {len(expected[False])} values"
    for name, found in COPIES[manifest["reader"]](case["file"], folder):
        # From Zarr, which lindi looks like, too, hdmf does not read rows of several electrodes.
        truth = expected[name == HDF5]
        for key in found.keys() | truth.keys():
            if found.get(key) != truth.get(key):
                yield f"{name}: {key} is {found.get(key)}, expected {truth.get(key)}"


def through_lindi(path, folder):
    index = str(folder / "index.lindi.json")
    # lindi prints a line for a file that is closed twice, as pynwb does.
    with contextlib.redirect_stdout(sys.stderr):
        file = lindi.LindiH5pyFile.from_hdf5_file(path, url=path)
        file.write_lindi_file(index)
        file.close()
        found = through_index(index)
        del file
        gc.collect()
    yield "lindi", found


def through_index(index):
    with NWBHDF5IO(file=lindi.LindiH5pyFile.from_lindi_file(index), mode="r") as io:
        return contents(io.read(), by_row=False) | errors_of(io)


def through_zarr(path, folder):
    zarr = str(folder / "copy.nwb.zarr")
    back = str(folder / "back.nwb")
    with NWBHDF5IO(path, "r") as source, NWBZarrIO(zarr, mode="w") as io:
        io.export(src_io=source, write_args={"link_data": False})
    with NWBZarrIO(zarr, mode="r") as source:
        yield "Zarr", contents(source.read(), by_row=False)
        with NWBHDF5IO(back, "w") as io:
            io.export(src_io=source, write_args={"link_data": False})
    with NWBHDF5IO(back, "r") as io:
        yield HDF5, contents(io.read()) | errors_of(io)


HDF5 = "back in HDF5"
COPIES = {"lindi": through_lindi, "hdmf-zarr": through_zarr}


def errors_of(io):
    errors = [str(error) for error in validate(io=io)]
    return {"errors": errors} if errors else {}


def contents(nwb, by_row=True):
    """Every value of every object, by the object's id, type and name; of tables as arrays and, unless it is not wanted, row by row."""
    found = {}
    for thing in nwb.objects.values():
        key = f"{thing.object_id} {type(thing).__name__} {thing.name}"
        for name, value in thing.fields.items():
            found[f"{key}.{name}"] = plain(value)
        if isinstance(thing, DynamicTable) and by_row:
            for name in thing.colnames:
                found[f"{key}[{name}]"] = [plain(thing[name][row]) for row in range(len(thing))]
        if getattr(thing, "data", None) is not None:
            found[f"{key}.data"] = (str(getattr(thing.data, "dtype", "")) if hasattr(thing, "rate") else "", plain(thing.data[:]))
    return found


def plain(value):
    """What can be compared: texts and numbers, and objects by their names."""
    if isinstance(value, AbstractContainer):
        return f"<{value.name}>"
    if hasattr(value, "columns"):
        return [list(value.index), {str(name): plain(list(value[name])) for name in value.columns}]
    if isinstance(value, dict) or hasattr(value, "items"):
        return {name: plain(element) for name, element in value.items()}
    if isinstance(value, (bytes, str)):
        return value if isinstance(value, str) else value.decode()
    if getattr(value, "shape", None) == ():
        value = value[()]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and np.isnan(value):
        return "NaN"
    if hasattr(value, "__len__") or isinstance(value, h5py.Dataset):
        return [plain(element) for element in value[:]]
    return value


if __name__ == "__main__":
    checks.run(check)
