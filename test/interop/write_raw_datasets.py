"""Writes datasets of raw samples in every form that HDF5 has, by h5py, and what they hold as plain files.

    write_raw_datasets.py FOLDER

Prints JSON: a list of {name, file, dataset, order, channels, samples, dtype, expected, problem}. `expected` is a plain file of the
samples, samples × channels as they are in memory; instead of it, `problem` is what an error says.
"""

import json
import sys
from pathlib import Path

import h5py
import numpy as np

CHANNELS, SAMPLES = 11, 3001

#: The signatures of the kinds of index that have one: B-tree, fixed array, extensible array, B-tree of version 2.
INDICES = [b"TREE", b"FAHD", b"EAHD", b"BTHD"]

random = np.random.default_rng(1)
cases = []


def numbers(shape, dtype):
    """Any numbers, also those that compress."""
    if np.dtype(dtype).kind == "f":
        return random.normal(0, 100, shape).astype(dtype)
    return (random.normal(0, 20, shape).cumsum(-1) % 100).astype(dtype)


def in_memory(dtype):
    dtype = np.dtype(dtype)
    return np.dtype("<f4") if dtype.kind == "f" and dtype.itemsize == 2 else dtype.newbyteorder("<")


class Writer:
    """One file, in which each dataset is a case."""

    def __init__(self, folder, name, **options):
        self.path = folder / f"{name}.h5"
        self.name = name
        self.file = h5py.File(self.path, "w", **options)

    def add(self, name, dataset, order="channel", problem=None, values=None):
        samples = None
        if problem is None:
            values = dataset[...] if values is None else values
            if values.ndim == 1:
                values = values[:, np.newaxis]
            elif order == "channel":
                values = values.T
            samples = values.astype(in_memory(dataset.dtype))
        case = {"name": f"{self.name}: {name}", "file": str(self.path), "dataset": dataset.name, "order": order}
        if samples is None:
            case["problem"] = problem
        else:
            expected = self.path.parent / f"{len(cases)}.bin"
            np.ascontiguousarray(samples).tofile(expected)
            case |= {"expected": str(expected), "samples": samples.shape[0], "channels": samples.shape[1], "dtype": samples.dtype.str}
        cases.append(case)

    def close(self):
        self.file.close()


def plain(writer):
    """Types, filters, shapes of chunks, in both orders."""
    file = writer.file
    for dtype in ["<i2", ">i2", "<u2", ">u4", "<i4", ">i8", "i1", "u1", "<f4", ">f4", "<f8", ">f8", "<f2", ">f2"]:
        data = numbers((CHANNELS, 500), dtype)
        writer.add(f"{dtype}, contiguous", file.create_dataset(f"contiguous {dtype}", data=data))
        options = {"chunks": (4, 128), "compression": "gzip", "shuffle": True}
        writer.add(f"{dtype}, compressed", file.create_dataset(f"compressed {dtype}", data=data, **options))
    filters = {
        "none": {},
        "gzip": {"compression": "gzip"},
        "shuffle": {"shuffle": True},
        "fletcher32": {"fletcher32": True},
        "all": {"compression": 9, "shuffle": True, "fletcher32": True},
    }
    for kind, options in filters.items():
        for chunks in [(1, SAMPLES), (1, 700), (CHANNELS, 1), (4, 1000), (CHANNELS, SAMPLES), (3, 64)]:
            data = numbers((CHANNELS, SAMPLES), "<i2")
            name = f"{kind} {chunks}"
            writer.add(name, file.create_dataset(name, data=data, chunks=chunks, **options))
            name = f"turned {name}"
            writer.add(name, file.create_dataset(name, data=data.T.copy(), chunks=chunks[::-1], **options), "time")
    writer.add("one axis", file.create_dataset("one axis", data=numbers(SAMPLES, "<f4"), chunks=(100,), compression=1))
    writer.add("no samples", file.create_dataset("no samples", (CHANNELS, 0), "<i2"))
    writer.add("no samples yet", file.create_dataset("no samples yet", (CHANNELS, 0), "<i2", maxshape=(CHANNELS, None)))


def growing(writer):
    """Every kind of index: what the axes may grow to decides on it, where the file is of a new form."""
    file = writer.file
    limits = {
        "fixed": (CHANNELS, SAMPLES),
        "larger limits": (CHANNELS + 30, SAMPLES + 5000),
        "samples unlimited": (CHANNELS, None),
        "channels unlimited": (None, SAMPLES),
        "samples unlimited, larger limit": (CHANNELS + 30, None),
        "unlimited": (None, None),
    }
    for name, limit in limits.items():
        for filters in [{}, {"compression": "gzip"}]:
            for chunks in [(4, 300), (1, 7), (CHANNELS, SAMPLES)]:
                for order in ["channel", "time"]:
                    label = f"{name}, {chunks}, {order}, {filters}"
                    turn = 1 if order == "channel" else -1
                    data = numbers((CHANNELS, SAMPLES), "<i2")
                    data = data if order == "channel" else data.T.copy()
                    options = {"chunks": chunks[::turn], "maxshape": limit[::turn], **filters}
                    writer.add(label, file.create_dataset(label, data=data, **options), order)
    # More chunks than a block of an array has, and than its pages.
    many = numbers((1, 140_000), "<i2")
    writer.add("very many chunks", file.create_dataset("very many", data=many, chunks=(1, 1), maxshape=(1, None)))
    writer.add("many chunks", file.create_dataset("many", data=many[:, :5000], chunks=(1, 1)))
    shrunk = file.create_dataset("shrunk", data=numbers((CHANNELS, SAMPLES), "<i2"), chunks=(2, 100), maxshape=(None, None))
    shrunk.resize((CHANNELS - 4, SAMPLES - 777))
    writer.add("became smaller", shrunk)
    for fill in [None, -7]:
        for limit in [(CHANNELS, SAMPLES), (CHANNELS, None), (None, None)]:
            for filters in [{}, {"compression": "gzip", "shuffle": True}]:
                name = f"holes, {fill}, {limit}, {filters}"
                dataset = file.create_dataset(name, (CHANNELS, SAMPLES), ">i2", chunks=(3, 50), fillvalue=fill, maxshape=limit, **filters)
                dataset[2:5, 120:310] = numbers((3, 190), "<i2")
                dataset[:, -1] = 5
                writer.add(name, dataset)
    sparse = file.create_dataset("sparse", (1, 140_000), "<i2", chunks=(1, 1), maxshape=(1, None), fillvalue=3)
    for at in [0, 5, 3000, 139_999]:
        sparse[0, at] = at % 1000
    writer.add("very few of many chunks", sparse)
    sparse = file.create_dataset("sparse pages", (1, 9000), "<i2", chunks=(1, 1))
    sparse[0, 5000] = 7
    writer.add("few of many chunks", sparse)
    writer.add("never written", file.create_dataset("never written", (CHANNELS, SAMPLES), "<f4", fillvalue=2.5))
    writer.add("no chunk was written", file.create_dataset("no chunk", (CHANNELS, SAMPLES), "<f4", chunks=(1, 100), fillvalue=2.5))


def low_level(writer):
    """What h5py has no options for."""
    # Chunks that are all there from the start need no index.
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_chunk((4, 300))
    creation.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    space = h5py.h5s.create_simple((CHANNELS, SAMPLES))
    dataset = h5py.Dataset(h5py.h5d.create(writer.file.id, b"early", h5py.h5t.STD_I16LE, space, creation))
    dataset[...] = numbers((CHANNELS, SAMPLES), "<i2")
    writer.add("all chunks from the start", dataset)
    # Some chunks have not been through all filters. The library forgets a user block when it writes those, and what it keeps of the others
    # it mixes up with them until the file is closed.
    if writer.file.userblock_size > 0:
        return
    values = numbers((2, 300), "<i2")
    options = {"compression": "gzip", "shuffle": True}
    dataset = writer.file.create_dataset("masks", (2, 300), "<i2", chunks=(2, 100), **options)
    dataset[:, :100] = values[:, :100]
    dataset[:, 200:] = values[:, 200:]
    dataset.id.write_direct_chunk((0, 100), values[:, 100:200].tobytes(), 0b11)
    writer.add("masks", dataset, values=values)
    values = values[:, :100]
    dataset = writer.file.create_dataset("single mask", values.shape, "<i2", chunks=values.shape, **options)
    dataset.id.write_direct_chunk((0, 0), values.tobytes(), 0b11)
    writer.add("the mask of a single chunk", dataset, values=values)


def refused(writer):
    file = writer.file
    data = numbers((CHANNELS, SAMPLES), "<i2")
    writer.add("lzf", file.create_dataset("lzf", data=data, compression="lzf"), problem="filter 32000 \\(LZF\\)")
    writer.add("texts", file.create_dataset("texts", data=["a", "b"]), problem="its elements are no numbers")
    writer.add("three axes", file.create_dataset("three", data=np.zeros((2, 3, 4))), problem="it has 3 axes, not samples and channels")
    writer.add("no axis", file.create_dataset("scalar", data=1.0), problem="it has 0 axes")
    writer.add("no channels", file.create_dataset("no channels", (0, 10), "<i2"), problem="it has 0 channels")
    # The filter of MaxWell's programs, as they set it: no other program has it.
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_chunk((CHANNELS, 100))
    creation.set_filter(401, h5py.h5z.FLAG_OPTIONAL, (0,))
    space = h5py.h5s.create_simple((CHANNELS, SAMPLES))
    h5py.h5d.create(file.id, b"maxwell", h5py.h5t.STD_U16LE, space, creation)
    problem = "filter 401 \\(Maxwell Biosystems' compression\\), .*: Python reads it with Maxwell Biosystems' plugin, and h5repack can"
    writer.add("MaxWell's filter", file["maxwell"], problem=problem)
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((2, 10))
    h5py.h5d.create(file.id, b"compact", h5py.h5t.STD_I16LE, space, creation)
    writer.add("compact", file["compact"], problem="its elements are in its header \\(compact\\): h5repack")
    if h5py.h5z.filter_avail(h5py.h5z.FILTER_SZIP) and h5py.h5z.get_filter_info(h5py.h5z.FILTER_SZIP) & h5py.h5z.FILTER_CONFIG_ENCODE_ENABLED:
        writer.add("szip", file.create_dataset("szip", data=data, compression="szip"), problem="szip")


def main(folder):
    folder = Path(folder)
    for name, options in {
        "earliest": {"libver": "earliest"},
        "latest": {"libver": "latest"},
        "after a user block": {"libver": "earliest", "userblock_size": 1024},
        "latest, after a user block": {"libver": "latest", "userblock_size": 512},
    }.items():
        writer = Writer(folder, name, **options)
        plain(writer)
        growing(writer)
        low_level(writer)
        refused(writer)
        writer.close()
    # All kinds of index are there.
    found = {kind for kind in INDICES if any(kind in path.read_bytes() for path in folder.glob("*.h5"))}
    if len(found) != len(INDICES):
        raise RuntimeError(f"only {found}")
    json.dump(cases, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
