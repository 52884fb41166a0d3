"""Writes HDF5 files with h5py for the loader, and what SpikeLab's loader makes of them, as JSON."""
import json
import sys
import warnings
from pathlib import Path

import h5py
import numpy as np
from spikelab.data_loaders.data_loaders import load_spikedata_from_hdf5

folder = Path(sys.argv[1])
rng = np.random.default_rng(20)
counts = [0, 17, 1, 0, 230, 5, 0]
trains = [np.sort(rng.uniform(0, 1000, count)) for count in counts[1:]]
flat = np.concatenate(trains)
ends = np.cumsum([len(train) for train in trains])
idces = np.repeat(np.arange(len(trains)), [len(train) for train in trains])
cases = []

DTYPES = ["<f8", ">f8", "<f4", ">f4", "<f2", ">f2", "<i8", ">i8", "<u8", ">u8", "<i4", ">i4", "<u4", ">u4", "<i2", ">i2", "<u2", ">u2", "|i1", "|u1"]

LAYOUTS = {
    "contiguous": {},
    "chunked": {"chunks": (10,)},
    "one chunk": {"chunks": (1000,), "maxshape": (None,)},
    "extendable": {"chunks": (64,), "maxshape": (None,)},
    "deflate": {"chunks": (50,), "compression": "gzip"},
    "deflate and shuffle": {"chunks": (50,), "compression": "gzip", "compression_opts": 9, "shuffle": True},
    "fletcher32": {"chunks": (33,), "fletcher32": True},
    "all filters": {"chunks": (33,), "compression": "gzip", "shuffle": True, "fletcher32": True},
    "shuffle": {"chunks": (41,), "shuffle": True},
}
if h5py.h5z.filter_avail(h5py.h5z.FILTER_SZIP):
    LAYOUTS["szip"] = {"chunks": (64,), "compression": "szip"}


def snake(name):
    return "fs_Hz" if name == "fsHz" else "".join("_" + c.lower() if c.isupper() else c for c in name)


def plain(value):
    return [float(x) for x in value]


def case(name, write, options=None, theirs=None, **rest):
    """A file, what the loaders are given, and SpikeLab's answer. `theirs` are options that only SpikeLab's loader needs."""
    file = folder / f"{len(cases)}.h5"
    library = {"libver": rest.pop("libver")} if "libver" in rest else {}
    if "userblock" in rest:
        library["userblock_size"] = rest.pop("userblock")
    with h5py.File(file, "w", **library) as f:
        write(f)
    options = options or {}
    given = {snake(key): value for key, value in options.items() if key not in ("style", "spikeTimesIndex", "unitCount")}
    given.update(theirs or {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sd = load_spikedata_from_hdf5(str(file), **given)
    expected = {"trains": [plain(train) for train in sd.train], "startTime": float(sd.start_time), "length": float(sd.length)}
    if sd.raw_data.size:
        expected["raw"] = {"shape": list(sd.raw_data.shape), "dtype": str(sd.raw_data.dtype), "data": plain(sd.raw_data.ravel())}
        expected["rawTime"] = {"dtype": str(sd.raw_time.dtype), "data": plain(sd.raw_time)}
    cases.append({"name": name, "file": str(file), "options": options, "expected": expected, **rest})


RAGGED = {"spike_times_dataset": "spike_times", "spike_times_index_dataset": "spike_times_index"}
PAIRED = {"idces_dataset": "idces", "times_dataset": "times"}


def ragged(times, index, **layout):
    def write(f):
        f.create_dataset("spike_times", data=times, **layout)
        f["spike_times_index"] = index

    return write


def paired(units, times, **layout):
    def write(f):
        f.create_dataset("idces", data=units, **layout)
        f.create_dataset("times", data=times, **layout)

    return write


for dtype in DTYPES:
    values = np.sort(flat) % 100 if dtype[1:] in ("i1", "u1") else flat
    times = np.concatenate([np.sort(part) for part in np.split(values.astype(dtype), ends[:-1])]).astype(dtype)
    for layout in ("contiguous", "all filters", "extendable"):
        for unit, fs in (("ms", None), ("s", None), ("samples", 24414.0625)):
            options = {"spikeTimesUnit": unit, **({"fsHz": fs} if fs else {})}
            case(f"ragged, {dtype}, {layout}, {unit}", ragged(times, ends, **LAYOUTS[layout]), options, RAGGED)
for name, layout in LAYOUTS.items():
    case(f"ragged, {name}", ragged(flat / 1e3, ends, **layout), {}, RAGGED)
    case(f"paired, {name}", paired(idces, flat, **layout), {"timesUnit": "ms"}, PAIRED)
for dtype in ("<i8", ">i8", "<u8", ">u4", "<i4", ">i2", "|u1"):
    case(f"index of {dtype}", ragged(flat / 1e3, ends.astype(dtype)), {}, RAGGED)
    case(f"units of {dtype}", paired(idces.astype(dtype), flat), {"timesUnit": "ms"}, PAIRED)
order = rng.permutation(len(flat))
case("paired, in time order", paired(idces[order], flat[order]), {"timesUnit": "ms"}, PAIRED)
case("paired, a unit left out", paired(np.where(idces == 1, 0, idces), flat), {"timesUnit": "s"}, PAIRED)
case("paired, none", paired(np.zeros(0, "i8"), np.zeros(0)), {}, {**PAIRED, "times_unit": "ms"})
case("starts and a last end", ragged(flat / 1e3, np.concatenate([[0], ends])), {}, RAGGED)
case("with a window", lambda f: (ragged(flat / 1e3, ends)(f), f.attrs.update({"start_time": -5.0, "length_ms": 1234.5})), {}, RAGGED)
case("a window given", ragged(flat / 1e3, ends), {"lengthMs": 5000.25}, RAGGED)
case("user block", ragged(flat / 1e3, ends, **LAYOUTS["all filters"]), {}, RAGGED, userblock=512)
case("user block, contiguous", ragged(flat / 1e3, ends), {}, RAGGED, userblock=1024)
for version in ("earliest", "v108", "latest"):
    for name in ("contiguous", "one chunk", "extendable", "all filters"):
        case(f"{version}, {name}", ragged(flat / 1e3, ends, **LAYOUTS[name]), {}, RAGGED, libver=(version, "latest"))


def compact(f):
    for name, data in (("spike_times", flat / 1e3), ("spike_times_index", ends)):
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple(data.shape)
        h5py.h5d.create(f.id, name.encode(), h5py.h5t.py_create(data.dtype), space, properties).write(h5py.h5s.ALL, h5py.h5s.ALL, data)


case("compact", compact, {}, RAGGED)


def holes(f):
    d = f.create_dataset("spike_times", (1000,), "f8", chunks=(100,), fillvalue=2.5)
    d[250:260] = 3
    f["spike_times_index"] = [255, 1000]


case("chunks that were never written", holes, {}, RAGGED)


def never_written(f):
    f.create_dataset("spike_times", (50,), ">i4", fillvalue=7)
    f["spike_times_index"] = [20, 50]


case("nothing was ever written", never_written, {}, RAGGED)


def group(name, names, **layout):
    def write(f):
        for i, child in enumerate(names):
            f.create_dataset(f"{name}/{child}", data=trains[i % len(trains)] / 1e3, **layout)

    return write


GROUP = {"group_per_unit": "units"}
natural = ["10", "9", "1", "unit 2", "unit 10", "a1b2", "a1b10", "01", "Z", "a", "007x"]
case("group", group("units", range(12)), {}, GROUP)
case("group in natural order", group("units", natural), {}, GROUP)
case("group of chunks", group("units", range(12), chunks=(5,), maxshape=(None,)), {}, GROUP)
case("group elsewhere", group("a/b c/µ", natural), {"groupPerUnit": "a/b c/µ"})


def mixed(f):
    f["units/0"] = trains[0].astype(">f4") / 1e3
    f.create_dataset("units/1", data=trains[3] / 1e3, chunks=(7,), compression="gzip")
    f["units/2"] = h5py.SoftLink("/units/1")
    f["elsewhere"] = np.arange(5, dtype=">u2")
    f["units/3"] = f["elsewhere"]
    f.create_dataset("units/4", (0,), "f8", maxshape=(None,), chunks=(10,))


case("group of different datasets", mixed, {"groupPerUnit": "units"})

raster = rng.poisson(0.3, (13, 501))
for dtype in ("<i8", ">i8", "|u1", "<i4", ">u2", "<f4", ">f8", "<f2"):
    for name, layout in {"contiguous": {}, "chunks": {"chunks": (4, 50)}, "filters": {"chunks": (5, 77), "compression": "gzip", "shuffle": True, "fletcher32": True}}.items():
        values = raster.astype(dtype) + (0.75 if "f" in dtype else 0)
        case(f"raster of {dtype}, {name}", lambda f: f.create_dataset("raster", data=values.astype(dtype), **layout), {"rasterDataset": "raster", "rasterBinSizeMs": 7.3})
case("raster of booleans", lambda f: f.create_dataset("b", data=raster > 0), {"rasterDataset": "b", "rasterBinSizeMs": 0.1})
case("raster with -1", lambda f: f.create_dataset("b", data=raster - 1), {"rasterDataset": "b", "rasterBinSizeMs": 0.1})
case("raster of many", lambda f: f.create_dataset("b", data=raster[:3, :60] * 100), {"rasterDataset": "b", "rasterBinSizeMs": 3})
case("raster without bins", lambda f: f.create_dataset("b", (5, 0), "i8"), {"rasterDataset": "b", "rasterBinSizeMs": 3})


def sparse(f):
    d = f.create_dataset("raster", (40, 4000), "i8", chunks=(7, 300), compression="gzip")
    d[12, 1000:1100] = 2
    d[39, 3999] = 1
    d.attrs["bin_size_ms"] = 2.5
    f.attrs["start_time"] = -100.0


case("raster of few chunks", sparse, {"rasterBinSizeMs": 2.5}, {"raster_dataset": "raster"})

for dtype in ("<i2", ">i2", "<u2", "<f4", ">f8", "|i1", "<i8"):
    for unit, times in (("ms", np.arange(100, dtype=">f8")), ("s", np.arange(100, dtype="<f4") / 7), ("samples", np.arange(100, dtype="<i8") * 3), ("ms", np.arange(100, dtype="<i4")), ("samples", np.arange(100, dtype=">f4"))):

        def raw(f):
            ragged(flat / 1e3, ends)(f)
            f.create_dataset("raw/data", data=(np.arange(1200) % 99).reshape(3, 4, 100).astype(dtype), chunks=(2, 3, 30), compression="gzip")
            f["raw/time"] = times

        case(f"raw data of {dtype}, times of {times.dtype} in {unit}", raw, {"rawDataset": "raw/data", "rawTimeDataset": "raw/time", "rawTimeUnit": unit, "fsHz": 20000}, RAGGED)

print(json.dumps(cases))
