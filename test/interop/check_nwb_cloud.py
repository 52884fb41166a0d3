"""Reads NWB files over HTTP, and counts the ranges of bytes that it takes: to list the units, to read one, columns, and raw data.

A case: {name, url, served, reader, ranges}. `reader` is one of READERS; `ranges` has the count of ranges and the MiB in them,
in tenths, of each of the steps.
"""

import contextlib
import json
import urllib.request

import checks
import numpy as np

MIB = 2**20
BLOCK = 4 * MIB
PAGES = 64 * MIB


def check(case, manifest, folder):
    def served():
        with urllib.request.urlopen(case["served"]) as response:
            counts = json.load(response)
        return [counts["ranges"], round(counts["bytes"] / MIB, 1)]

    found = {}
    served()
    with READERS[case["reader"]](case["url"]) as file:
        listed = list_units(file)
        found["list"] = served()
        unit = spikes(file, manifest["unit"])
        found["unit"] = served()
        table = columns(file, manifest["metrics"])
        found["columns"] = served()
        raw = window(file)
        if raw is not None:
            found["raw"] = served()
    yield from value_problems(manifest, listed, unit, table, raw)
    if found != case["ranges"]:
        yield f"ranges: {json.dumps(found)}"


@contextlib.contextmanager
def ranges_as_asked(url):
    """Each read of the HDF5 library is a request."""
    with opened(url, cache_type="none") as file:
        yield file


@contextlib.contextmanager
def blocks(url):
    """A cache of blocks of 4 MiB."""
    with opened(url, cache_type="blockcache", block_size=BLOCK) as file:
        yield file


@contextlib.contextmanager
def pages(url):
    """The page buffer of the HDF5 library."""
    with opened(url, page_buf_size=PAGES, cache_type="none") as file:
        yield file


@contextlib.contextmanager
def opened(url, page_buf_size=None, **caching):
    import fsspec
    import h5py

    with fsspec.filesystem("http").open(url, "rb", **caching) as remote:
        # Before 2.0 the library refuses a page buffer for a file without pages.
        options = {} if page_buf_size is None else {"page_buf_size": page_buf_size}
        with h5py.File(remote, "r", **options) as file:
            yield file


@contextlib.contextmanager
def kerchunk(url):
    import fsspec
    import zarr
    from kerchunk.hdf import SingleHdf5ToZarr

    with fsspec.filesystem("http").open(url, "rb", cache_type="blockcache", block_size=BLOCK) as remote:
        # Scalar texts are beyond its reach (0.2.10): it warns.
        references = SingleHdf5ToZarr(remote, url, inline_threshold=0, error="ignore").translate()
    store = fsspec.filesystem(
        "reference", fo=references, remote_protocol="http", asynchronous=True, remote_options={"asynchronous": True}
    )
    yield zarr.open_group(zarr.storage.FsspecStore(store), mode="r", zarr_format=2)


@contextlib.contextmanager
def lindi(url):
    import lindi as reader

    file = reader.LindiH5pyFile.from_hdf5_file(url)
    yield reader.LindiH5pyFile.from_reference_file_system(file.to_reference_file_system())


READERS = {
    "h5py, each read a request": ranges_as_asked,
    "h5py, cache of 4 MiB blocks": blocks,
    "h5py, page buffer": pages,
    "kerchunk 0.2.10": kerchunk,
    "lindi 0.4.6": lindi,
}


def list_units(file):
    units = file["units"]
    about = {name: (units[name].shape, dict(units[name].attrs)) for name in units.keys()}
    return {**about, "ids": units["id"][:], "ends": units["spike_times_index"][:]}


def spikes(file, unit):
    units = file["units"]
    ends = units["spike_times_index"]
    return units["spike_times"][int(ends[unit - 1]) : int(ends[unit])]


def columns(file, names):
    return {name: file["units"][name][:] for name in names}


def window(file):
    series = file["acquisition"].get("ElectricalSeries")
    return None if series is None else series["data"][100_000:101_000]


def value_problems(manifest, listed, unit, table, raw):
    counts = manifest["counts"]
    if list(listed["ids"]) != list(range(len(counts))) or list(listed["ends"]) != list(np.cumsum(counts)):
        yield "the units differ"
    if not np.array_equal(unit, np.array(manifest["spikes"]) / 1000):
        yield "the spikes of a unit differ"
    for number, (name, values) in enumerate(table.items()):
        if not np.array_equal(values, np.arange(len(counts)) * number / 8):
            yield f"{name} differs"
    if raw is not None and raw.shape != (1000, 96):
        yield f"raw data of {raw.shape}"


if __name__ == "__main__":
    checks.run(check)
