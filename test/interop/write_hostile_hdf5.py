"""Writes HDF5 files that a loader has to refuse, each with a part of the message that is expected, as JSON."""
import json
import re
import struct
import sys
from pathlib import Path

import h5py
import numpy as np

folder = Path(sys.argv[1])
cases = []
flat = np.arange(20000.0)
ends = np.array([5000, 20000])


def case(name, write, expected, options=None, damage=None, is_nwb=False, **library):
    file = folder / f"hostile {len(cases)}.{'nwb' if is_nwb else 'h5'}"
    with h5py.File(file, "w", **library) as f:
        write(f)
    if damage:
        data = bytearray(file.read_bytes())
        file.write_bytes(damage(data))
    cases.append({"name": name, "file": str(file), "expected": expected, "options": options or {}, "isNwb": is_nwb})


def ragged(f, times=flat, index=ends, **layout):
    f.create_dataset("spike_times", data=times, **layout)
    f["spike_times_index"] = index


def claims(shape, dtype="f8", **layout):
    def write(f):
        f.create_dataset("spike_times", shape, dtype, **layout)
        f["spike_times_index"] = ends

    return write


RAGGED = {"style": "ragged"}
case("2^40 elements, never written", claims((2**40,)), "its shape has 1099511627776 elements, and the file holds 0 bytes of it", RAGGED)
case("2^40 elements in chunks", claims((2**40,), chunks=(2**20,), compression="gzip"), "the file holds 0 bytes of it", RAGGED)
case("2^62 elements", claims((2**62,), chunks=(100,)), "more elements than any file", RAGGED)
case("a shape whose product overflows", claims((2**33, 2**33), chunks=(10, 10)), "more elements than any file", RAGGED)


def claims_chunk(f):
    d = f.create_dataset("spike_times", (2**40,), "f8", chunks=(2**17,), compression="gzip")
    d[:5] = 1
    f["spike_times_index"] = ends


case("2^40 elements, one chunk written", claims_chunk, "elements, and the file holds", RAGGED)
case("an empty file", lambda f: None, "it is no HDF5 file", RAGGED, lambda data: b"")
case("a text", lambda f: None, "it is no HDF5 file", RAGGED, lambda data: b"hello " * 1000)
case("a signature alone", lambda f: None, "a part of its structure is too short", RAGGED, lambda data: data[:8])
for part in (0.1, 0.5, 0.9, 0.999):
    case(f"cut off at {part}", ragged, "it is cut off", RAGGED, lambda data: data[: int(len(data) * part)])


def elsewhere(f):
    f["spike_times"] = h5py.ExternalLink("other.h5", "/spike_times")
    f["spike_times_index"] = ends


case("an external link", elsewhere, "leads to another file", RAGGED)
case("an external link, of unknown style", elsewhere, "leads to another file")


def elsewhere_by_soft_link(f):
    f["out"] = h5py.ExternalLink("other.h5", "/")
    f["spike_times"] = h5py.SoftLink("/out/spike_times")
    f["spike_times_index"] = ends


case("a soft link through an external link", elsewhere_by_soft_link, "leads to another file", RAGGED)


def virtual(f):
    layout = h5py.VirtualLayout((10,), "f8")
    layout[:] = h5py.VirtualSource("other.h5", "x", (10,))
    f.create_virtual_dataset("spike_times", layout)
    f["spike_times_index"] = ends


case("a virtual dataset", virtual, "its elements are in other datasets (virtual)", RAGGED)


def external(f):
    f.create_dataset("spike_times", (10,), "f8", external=[("/etc/passwd", 0, 80)])
    f["spike_times_index"] = ends


case("external storage", external, "its elements are in other files (external storage)", RAGGED)


def loop(f):
    f["spike_times"] = h5py.SoftLink("/spike_times")
    f["spike_times_index"] = ends


case("a soft link to itself", loop, "soft links on the way to it lead in a circle", RAGGED)


def cycle(f):
    f["units/0"] = flat
    f["units/1"] = f["units"]


case("a group in itself", cycle, "it is no dataset", {"style": "group"})
case("a group in itself, not told", cycle, "none of the four styles")
case("a dangling link", lambda f: (f.__setitem__("spike_times", h5py.SoftLink("/nothing")), f.__setitem__("spike_times_index", ends)), "it is not there", RAGGED)
case("lzf", lambda f: ragged(f, compression="lzf"), "filter 32000 (LZF)", RAGGED)
case("scale-offset", lambda f: ragged(f, times=flat.astype("i4"), scaleoffset=0), "filter 6 (scale-offset), which is not supported", RAGGED)


def unknown_filter(f):
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk((100,))
    properties.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, (3,))
    h5py.h5d.create(f.id, b"spike_times", h5py.h5t.IEEE_F64LE, h5py.h5s.create_simple((1000,)), properties)
    f["spike_times_index"] = ends


case("zstd", unknown_filter, "filter 32015 (Zstandard)", RAGGED)


def flip_last_chunk(data):
    # Raw data lies between the metadata: change bytes of the compressed stream, recognised by its header.
    at = data.find(b"\x78\x5e") if b"\x78\x5e" in data else data.find(b"\x78\x9c")
    if at < 0:
        at = data.find(b"\x78\x01")
    assert at > 0
    for i in range(at + 10, at + 60):
        data[i] ^= 0x5A
    return data


case("a corrupt chunk", lambda f: ragged(f, times=np.random.default_rng(1).random(20000), chunks=(1000,), compression="gzip", compression_opts=4), "a chunk of it is damaged", RAGGED, flip_last_chunk)


def flip_checksummed(data):
    at = data.find(np.arange(700.0, 710.0).tobytes())
    assert at > 0
    data[at + 3] ^= 1
    return data


case("a wrong checksum", lambda f: ragged(f, chunks=(1000,), fletcher32=True), "its checksum differs", RAGGED, flip_checksummed)


def bomb(f):
    f.create_dataset("spike_times", (2**28,), "f8", chunks=(2**17,), compression="gzip")[: 2**17] = 0
    f["spike_times_index"] = ends


case("two gigabytes of one chunk", bomb, "elements, and the file holds", RAGGED)


def short_chunk(f):
    d = f.create_dataset("spike_times", (1000,), "f8", chunks=(1000,))
    d.id.write_direct_chunk((0,), b"12345678")
    f["spike_times_index"] = [1000]


case("a chunk that is too short", short_chunk, "a chunk of it has 8 bytes instead of 8000", RAGGED)


def tiny_stream(f):
    d = f.create_dataset("spike_times", (2**20,), "f8", chunks=(2**20,), compression="gzip")
    d.id.write_direct_chunk((0,), b"\x78\x9c\x03\x00\x00\x00\x00\x01")
    f["spike_times_index"] = [2**20]


case("a chunk of 8 MiB in 8 bytes", tiny_stream, "a chunk of it is damaged", RAGGED)
case("texts", lambda f: (f.__setitem__("spike_times", ["a", "b"]), f.__setitem__("spike_times_index", [2])), "its elements are no numbers", RAGGED)
case("complex numbers", lambda f: ragged(f, times=flat.astype("c16")), "its elements are compound", RAGGED)
case("a table", lambda f: ragged(f, times=flat.reshape(100, 200)), "it does not have one axis", RAGGED)
case("no index", lambda f: f.__setitem__("spike_times", flat), "/spike_times_index in|spike_times_index in", RAGGED)
case("an index that falls", lambda f: ragged(f, index=[9, 5]), "entry 1 is 5, where a whole number from 9 to 20000 has to be", RAGGED)
case("a negative index", lambda f: ragged(f, index=[-1, 5]), "entry 0 is -1", RAGGED)
case("an index that ends early", lambda f: ragged(f, index=[5, 10]), "its last entry is 10, and there are 20000 spike times", RAGGED)
case("an index that ends late", lambda f: ragged(f, index=[5, 20001]), "entry 1 is 20001", RAGGED)
case("a fractional index", lambda f: ragged(f, index=[0.5, 20000]), "entry 0 is 0.5", RAGGED)
case("NaN", lambda f: ragged(f, times=np.where(flat == 7, np.nan, flat)), "unit 0 has a spike time that is not finite (NaN)", RAGGED)
case("a spike before the start", lambda f: (ragged(f), f.attrs.update(start_time=5.0)), "unit 0 has a spike at 0 ms, before the recording starts at 5 ms", RAGGED)
case("a spike after the end", lambda f: (ragged(f), f.attrs.update(length_ms=5.0)), "after the recording ends", RAGGED)
case("a window that is no number", lambda f: (ragged(f), f.attrs.update(length_ms="long")), "attribute length_ms is no finite number", RAGGED)
case("a window of NaN", lambda f: (ragged(f), f.attrs.update(start_time=np.nan)), "attribute start_time is no finite number", RAGGED)
case("a window below 0", lambda f: (ragged(f), f.attrs.update(length_ms=-1.0)), "attribute length_ms is below 0", RAGGED)
PAIRED = {"style": "paired"}


def paired(f, units, times):
    f["idces"] = units
    f["times"] = times


case("a negative unit", lambda f: paired(f, [0, -1], [1.0, 2]), "entry 1 is -1, which is no unit number", PAIRED)
case("a fractional unit", lambda f: paired(f, [0, 1.5], [1.0, 2]), "entry 1 is 1.5, which is no unit number", PAIRED)
case("a billion units", lambda f: paired(f, [0, 2**40], [1.0, 2]), "unit number 1099511627776, and at most 16777216 units", PAIRED)
case("a unit too many", lambda f: paired(f, [0, 3], [1.0, 2]), "entry 1 is 3, which is no number of 2 units", {**PAIRED, "unitCount": 2})
case("different lengths", lambda f: paired(f, [0, 1, 2], [1.0, 2]), "it has 3 entries, and times has 2", PAIRED)
RASTER = {"style": "raster", "rasterBinSizeMs": 1}
case("a raster of one axis", lambda f: f.__setitem__("raster", flat), "it does not have two axes", RASTER)
case("a count of -2", lambda f: f.__setitem__("raster", np.array([[0, 1], [0, -2]])), "its element [1, 1] is no count of spikes", RASTER)
case("a count of NaN", lambda f: f.__setitem__("raster", np.array([[0, np.nan]])), "its element [0, 1] is no count of spikes", RASTER)
case("a raster of many chunks", lambda f: f.create_dataset("raster", (2**20, 2**30), "i8", chunks=(1, 1)), "it has more than 2^24 chunks", RASTER)
case("a width of 0", lambda f: f.create_dataset("raster", data=np.zeros((2, 3))).attrs.update(bin_size_ms=0.0), "its attribute bin_size_ms is 0", {})
case("a group with a group", lambda f: (f.create_dataset("units/0", data=flat), f.create_group("units/1")), "units/1 in .*it is no dataset", {"style": "group"})
case("a group with a table", lambda f: f.create_dataset("units/0", data=np.zeros((2, 2))), "it does not have one axis", {"style": "group"})
case("a group with texts", lambda f: f.create_dataset("units/0", data=["a"]), "its elements are no numbers", {"style": "group"})
case("an NWB file", lambda f: f.attrs.update(nwb_version="2.7.0"), "it is an NWB file, for loadSpikeDataFromNwb")
case("a workspace", lambda f: f.attrs.update(__workspace_id__="x"), "it is a workspace, for loadWorkspace")
case("nothing that is known", lambda f: f.create_dataset("a", data=flat), "none of the four styles")
RAW = {**RAGGED, "rawDataset": "raw", "rawTimeDataset": "time"}


def raw(f, data, times):
    ragged(f)
    f["raw"] = data
    f["time"] = times


case("times of another number", lambda f: raw(f, np.zeros((2, 5)), np.zeros(4)), "it has 4 times, and raw has 5 samples", RAW)
case("times of two axes", lambda f: raw(f, np.zeros((2, 5)), np.zeros((5, 2))), "it does not have one axis", RAW)
case("a single value of raw data", lambda f: raw(f, 1.0, np.zeros(1)), "it is a single value", RAW)


# Structure that is damaged on purpose, on which the library crashes, recurses without end, or takes memory without end.
def patched(find, offset, form, value, after=b""):
    """Writes a number at an offset from the first place of some bytes."""

    def damage(data):
        at = data.find(find, data.find(after) if after else 0)
        assert at >= 0, find
        struct.pack_into(form, data, at + offset, value(data, at) if callable(value) else value)
        return data

    return damage


def patched_heap(data):
    at = struct.unpack_from("<Q", data, data.find(b"HEAP") + 24)[0]
    struct.pack_into("<QQ", data, at + 8, 8, 16)
    return data


def text_attribute(f):
    f.attrs["note"] = "a text of variable length"
    ragged(f)


def heap_reference(offset, form, value):
    """Changes a reference to the first collection of the global heap: length, address and number."""

    def damage(data):
        address = data.find(b"GCOL")
        at = data.find(struct.pack("<Q", address))
        assert address > 0 and at > 0
        struct.pack_into(form, data, at - 4 + offset, value)
        return data

    return damage


case("a text longer than its place", text_attribute, "a text of it is longer than its place in the heap", RAGGED, heap_reference(0, "<I", 2**31))
case("a text beyond the file", text_attribute, "its structure leads beyond the end of the file", RAGGED, heap_reference(4, "<Q", 2**40))
case("a text that is not in the heap", text_attribute, "a text of it is not in the heap", RAGGED, heap_reference(12, "<I", 7))
case("a heap longer than the file", text_attribute, "its heap of texts leads beyond the end of the file", RAGGED, patched(b"GCOL", 8, "<Q", 2**40))
case("a heap object longer than the heap", text_attribute, "its heap of texts has objects beyond its end", RAGGED, patched(b"GCOL", 24, "<Q", 2**63))
case("a B-tree whose child is itself", ragged, "its structures lead in a circle|a node of its B-tree is on another level", RAGGED, lambda data: patched(b"TREE", 32, "<Q", lambda _, at: at)(patched(b"TREE", 5, "<B", 1)(data)))
case("a B-tree of many children", ragged, "a node of its B-tree has too many children", RAGGED, patched(b"TREE", 6, "<H", 60000))
case("a symbol table of many entries", ragged, "a symbol table of it has too many entries", RAGGED, patched(b"SNOD", 6, "<H", 60000))
case("a name beyond its heap", ragged, "a name in it has no end", RAGGED, patched(b"SNOD", 8, "<Q", 2**32))
case("two names of the same bytes", ragged, "names in it have the same bytes|it has two links of one name", RAGGED, lambda data: patched(b"SNOD", 8, "<Q", lambda data, at: struct.unpack_from("<Q", data, at + 48)[0])(data))
case("free space of a heap in a circle", ragged, "the free space of its heap of names is damaged", RAGGED, lambda data: patched(b"HEAP", 16, "<Q", 8)(patched_heap(data)))


def header_in_itself(data):
    # Of the dataset: its first message becomes a continuation that leads to its own first message.
    at = struct.unpack_from("<Q", data, data.find(b"SNOD") + 16)[0]
    struct.pack_into("<HHBBBBQQ", data, at + 16, 16, 16, 0, 0, 0, 0, at + 16, 24)
    return data


case("a header that continues in itself", ragged, "its structures lead in a circle|its header has too many messages", RAGGED, header_in_itself)


def chunk_of_size_0(data):
    at = data.find(struct.pack("<II", 1000, 8))
    assert at > 0
    struct.pack_into("<I", data, at, 0)
    return data


CHUNKS = {"chunks": (1000,), "compression": "gzip"}
case("a chunk of size 0 on an axis", lambda f: ragged(f, **CHUNKS), "its chunks are of an impossible size", RAGGED, chunk_of_size_0)


def chunk_in_itself(data):
    at = data.find(b"TREE\x01")
    assert at > 0
    struct.pack_into("<B", data, at + 5, 3)
    struct.pack_into("<Q", data, at + 24 + 24, at)
    return data


case("an index of chunks that leads to itself", lambda f: ragged(f, **CHUNKS), "its structures lead in a circle|is on another level", RAGGED, chunk_in_itself)


# Files of some KB that would take gigabytes.
def long_and_short_links(f):
    for i in range(2000):
        f[f"link {i}"] = h5py.SoftLink("a")
    f["x" * 60000] = h5py.SoftLink("a")


def links_of_one_object(data):
    """Has all records of links in leaves of the B-tree name the longest link: a hash, and the id in the fractal heap."""
    record, huge = 11, 0x10
    places = []
    for leaf in (match.start() for match in re.finditer(b"BTLF\x00\x05", bytes(data))):
        places += range(leaf + 6, leaf + 512 - 4 - record, record)
    longest = next(bytes(data[at + 4 : at + record]) for at in places if data[at + 4] == huge)
    for at in places:
        data[at + 4 : at + record] = longest
    return data


case("links that have the same bytes", long_and_short_links, "its structures lead in a circle", damage=links_of_one_object, libver="latest")


def two_units(f):
    f["units/first"] = flat
    f["units/other"] = flat


def of_one_name(data):
    return data.replace(b"other\0", b"first\0")


case("two units of one name", two_units, "it has two links of one name", damage=of_one_name)


def many_links(f):
    units = f.create_group("units")
    units.create_dataset("0", (2**23,), "f8")
    for i in range(1, 100):
        units[str(i)] = units["0"]


MEMORY = "it needs more memory than all that the file can hold"
case("a hundred links to elements that were never written", many_links, MEMORY, {"style": "group"})
case("a raster of 2^40 spikes", lambda f: f.create_dataset("raster", data=np.array([[2**40]])), MEMORY, RASTER)


def nwb(f, write):
    f.attrs["nwb_version"] = "2.7.0"
    units = f.create_group("units")
    units["id"] = np.arange(4)
    write(units)


def linked_columns(units):
    units.create_dataset("c0", (4, 2**19), "f8")
    for i in range(1, 200):
        units[f"c{i}"] = units["c0"]


def linked_texts(units):
    units["c0"] = np.array(["x" * 100000] * 4, dtype=object)
    for i in range(1, 1000):
        units[f"c{i}"] = units["c0"]


def linked_attributes(units):
    units["c0"] = np.zeros(4)
    units["c0"].attrs["description"] = "x" * 60000
    units["c0"].attrs["more"] = np.array(["y" * 30000] * 20, dtype=object)
    for i in range(1, 400):
        units[f"c{i}"] = units["c0"]


case("columns that are one dataset, never written", lambda f: nwb(f, linked_columns), MEMORY, is_nwb=True)
case("columns that are the same texts", lambda f: nwb(f, linked_texts), "the texts of the file have more bytes than it can hold", is_nwb=True)
case("attributes that are the same texts", lambda f: nwb(f, linked_attributes), "the texts of the file have more bytes than it can hold", is_nwb=True)
print(json.dumps(cases))
