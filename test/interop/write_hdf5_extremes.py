"""Writes HDF5 files that are larger, sparser or stranger than most, and as JSON what readers should find."""
import json
import struct
import sys
from pathlib import Path

import h5py
import numpy as np

folder = Path(sys.argv[1])
TEXT = h5py.string_dtype()
LATEST = ("v110", "v110")


def end_of_heap(objects, size):
    """A collection of the global heap: a head, texts, and free space."""
    parts = [struct.pack("<HHIQ", number, 1, 0, len(text)) + text + b"\0" * (-len(text) % 8) for number, text in objects]
    used = 16 + sum(map(len, parts))
    free = size - used
    assert free == 0 or free >= 16
    rest = struct.pack("<HHIQ", 0, 0, 0, free) + b"\0" * (free - 16) if free else b""
    return b"GCOL\1\0\0\0" + struct.pack("<Q", size) + b"".join(parts) + rest


def alternating_texts(path, count, collection_count):
    """Texts that take turns in collections of 64 KiB to 1 MiB, each as full as it can be."""
    collections = []
    for i in range(collection_count):
        size = 2 ** (16 + i % 5)
        collections.append([(number, b"%d.%d" % (i, number)) for number in range(1, min(size // 32, 65535))])
    with h5py.File(path, "w") as f:
        dataset = f.create_dataset("texts", (count,), TEXT)
        dataset[0] = "x"
        at = dataset.id.get_offset()
    data = bytearray(path.read_bytes())
    addresses = []
    for i, objects in enumerate(collections):
        data += b"\0" * (-len(data) % 8)
        addresses.append(len(data))
        data += end_of_heap(objects, 2 ** (16 + i % 5))
    texts = []
    for i in range(count):
        objects = collections[i % collection_count]
        number, text = objects[i // collection_count % len(objects)]
        struct.pack_into("<IQI", data, at + 16 * i, len(text), addresses[i % collection_count], number)
        texts.append(text.decode())
    struct.pack_into("<Q", data, 40, len(data))
    path.write_bytes(data)
    return texts


def many_attributes(path, count, libver):
    """Numbers, texts of variable length, and of fixed length: by turns."""
    values = [lambda i: i, lambda i: f"text {i}", lambda i: np.bytes_(b"fixed %d" % i)]
    with h5py.File(path, "w", libver=libver) as f:
        for i in range(count):
            f.attrs[f"a{i}"] = values[i % 3](i)


def sparse_array(path, filters, extent, places):
    """A few chunks of a dataset of one unlimited axis, far from each other: in the head, and in small and large blocks."""
    with h5py.File(path, "w", libver=LATEST) as f:
        dataset = f.create_dataset("numbers", (extent,), "i1", chunks=(1,), maxshape=(None,), **filters)
        for place in places:
            dataset[place] = place % 100 + 1


def filled_compound(path):
    """A table with texts and a fill value, which the library reads when it is asked for the layout."""
    kind = np.dtype([("name", TEXT), ("number", "f8")])
    with h5py.File(path, "w") as f:
        f["before"] = np.arange(3)
        for name, layout in {"table": {}, "table, chunked": {"chunks": (2,)}}.items():
            properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            if layout:
                properties.set_chunk(layout["chunks"])
            properties.set_fill_value(np.array(("filled", 1.5), dtype=kind))
            made = h5py.h5d.create(f.id, name.encode(), h5py.h5t.py_create(kind, logical=True), h5py.h5s.create_simple((4,)), properties)
            h5py.Dataset(made).attrs["note"] = "a table"
        f["with"] = np.arange(2)


# Names of one hash: Jenkins' lookup3, by which the library finds them in B-trees, and MurmurHash64A of libstdc++.
COLLISIONS = ["n36468", "n85629", "one name of two!", "000020090DMbkQKv"]


def colliding_names(path, libver):
    """So many links and attributes that they are in a heap, where the format has one."""
    with h5py.File(path, "w", libver=libver) as f:
        group = f.create_group("group")
        for i, name in enumerate(COLLISIONS + [f"other {i}" for i in range(30)]):
            group[name] = np.full(i + 1, i)
            group.attrs[name] = i


def many_links(path, count, parent):
    """Links to one dataset, in no order."""
    with h5py.File(path, "w", libver=LATEST) as f:
        f["target"] = np.arange(3)
        group = f.require_group(parent).id
        for i in range(count):
            group.links.create_hard(b"link %d" % (i * 7919 % count), f.id, b"/target")


files = {"texts": str(folder / "texts.h5"), "compound": str(folder / "compound.h5"), "attributes": [], "sparse": [], "collisions": [], "links": str(folder / "links.h5"), "root": str(folder / "root.h5")}
files["expectedTexts"] = alternating_texts(folder / "texts.h5", 100_000, 64)
filled_compound(folder / "compound.h5")
many_links(folder / "links.h5", 100_000, "group")
many_links(folder / "root.h5", 100_000, "/")
for name, libver in {"old": "earliest", "new": LATEST}.items():
    path = folder / f"collisions {name}.h5"
    colliding_names(path, libver)
    files["collisions"].append({"name": name, "path": str(path), "names": COLLISIONS})
for name, libver in {"in the header": "earliest", "in a heap": LATEST}.items():
    path = folder / f"attributes {name}.h5"
    many_attributes(path, 5000, libver)
    files["attributes"].append({"name": name, "path": str(path), "count": 5000})
for name, filters in {"plain": {}, "filtered": {"compression": "gzip"}}.items():
    for extent in (40, 4000, 2**18, 2**26, 2**32):
        places = sorted({place for place in (0, 5, 9, 30, 700, 3000, 2**17, 2**18 - 1, 2**25 + 3, 2**26 - 1, 2**32 - 1) if place < extent})
        path = folder / f"sparse {name} {extent}.h5"
        sparse_array(path, filters, extent, places)
        files["sparse"].append({"name": f"{name}, {extent}", "path": str(path), "extent": extent, "places": places})
print(json.dumps(files))
