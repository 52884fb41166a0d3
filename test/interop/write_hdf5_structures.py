"""Writes HDF5 files with every structure that h5py can make, and as JSON what h5py finds in each."""
import json
import sys
from pathlib import Path

import h5py
import numpy as np

folder = Path(sys.argv[1])
TEXT = h5py.string_dtype()
# Versions of the format that the oldest library that readers are built with can read.
VERSIONS = ["earliest", ("earliest", "v108"), ("v108", "v108"), ("earliest", "v110"), ("v110", "v110")]
# Numbers of links and attributes: in the header, and beyond it in one block and in several.
COUNTS = [3, 20, 400]


def write_texts(f):
    texts = [f"text {i}" * (i % 5) for i in range(100)]
    layouts = {
        "contiguous": {},
        "chunked": {"chunks": (7,)},
        "deflate": {"chunks": (7,), "compression": "gzip"},
        "extendable": {"maxshape": (None,)},
    }
    for name, layout in layouts.items():
        f.create_dataset(f"texts/{name}", data=texts, dtype=TEXT, **layout)
    f.create_dataset("texts/fill", (100,), TEXT, fillvalue="filled", chunks=(50,))
    f.create_dataset("texts/fill, contiguous", (5,), TEXT, fillvalue="filled")
    f.create_dataset("texts/unwritten", (5,), TEXT)
    f.create_dataset("texts/table", data=np.array([["a", "b", "c"], ["d", "e", ""]], dtype=object), dtype=TEXT, chunks=(1, 2))
    f["texts/scalar"] = "scalar"
    f.create_dataset("texts/long", data=["x" * 20000, "y", "x" * 20000], dtype=TEXT)
    fixed = np.array([b"ab", b"cde", b""], dtype="S5")
    f["texts/fixed"] = fixed
    f.create_dataset("texts/fixed, deflate", data=fixed, chunks=(2,), compression="gzip")


def write_types(f):
    f["types/compound"] = np.zeros(4, dtype=[("a", "f8"), ("b", "i4", (2, 3)), ("c", "S3")])
    f.create_dataset("types/compound of texts", (3,), np.dtype([("a", TEXT), ("r", h5py.ref_dtype)]))
    f.create_dataset("types/lists", (3,), h5py.vlen_dtype("i4"))[:] = [np.arange(2), np.arange(3), np.arange(0)]
    f["types/enumeration"] = np.zeros(3, dtype=h5py.enum_dtype({"A": 0, "B": 5}, basetype="i2"))
    f["types/boolean"] = np.array([True, False])
    f["types/named"] = np.dtype("f8")
    f.create_dataset("types/of named", (3,), dtype=f["types/named"])
    f["types/half"] = np.arange(3, dtype="f2")
    f["types/big-endian"] = np.arange(3, dtype=">f4")
    f["types/opaque"] = np.void(b"abc")
    f["types/complex"] = np.zeros(2, "c16")
    f["types/empty"] = h5py.Empty("f8")
    f.create_dataset("types/references", data=np.array([f["types"].ref, f["texts/fixed"].ref], dtype=h5py.ref_dtype))
    f["types/region"] = f["texts/contiguous"].regionref[2:4]


def write_chunks(f):
    numbers = np.arange(360).reshape(30, 12)
    for name, most in {"fixed": None, "one axis": (None, 12), "both axes": (None, None)}.items():
        for filters in ({}, {"compression": "gzip", "shuffle": True, "fletcher32": True}):
            for chunk in ((3, 3), (30, 12), (1, 2)):
                name_of_it = f"chunks/{name}, {chunk}, {len(filters)} filters"
                f.create_dataset(name_of_it, data=numbers, chunks=chunk, maxshape=most, **filters)
    f.create_dataset("chunks/unwritten", (10, 10), "i4", chunks=(3, 3), fillvalue=7)


def write_links(f, count, is_ordered):
    group = f.create_group("links", track_order=is_ordered)
    for i in range(count):
        group.create_dataset(f"d{i}", data=np.arange(i % 7))
        group.attrs[f"a{i}"] = f"text {i}"
    group.attrs["texts"] = ["x" * 1000] * 20
    del group["d0"], group.attrs["a1"]
    f.move("links/d2", "links/moved")
    f["links/soft"] = h5py.SoftLink("d1")
    f["links/of group"] = h5py.SoftLink("/links")
    f["links/dangling"] = h5py.SoftLink("/nothing")
    f["links/external"] = h5py.ExternalLink("other.h5", "/")
    f["links/up"] = f["/"]


def found(f, o):
    if isinstance(o, h5py.Group):
        return {"kind": "group"}
    if isinstance(o, h5py.Datatype):
        return {"kind": "datatype"}
    entry = {"kind": "dataset", "shape": [0] if o.shape is None else list(o.shape)}
    if o.shape is None or o.name.startswith(("/types/region", "/types/l", "/types/c")):
        return entry
    if h5py.check_string_dtype(o.dtype):
        entry["texts"] = [t.decode() if isinstance(t, bytes) else t for t in np.asarray(o[()]).reshape(-1).tolist()]
    elif h5py.check_ref_dtype(o.dtype):
        entry["texts"] = [f[r].name for r in o[()]]
    elif o.dtype.kind in "iuf":
        entry["sum"] = float(o[()].astype("f8").sum())
    return entry


def listed(f, group):
    objects = {}
    for name in group:
        try:
            objects[name] = found(f, group[name])
        except KeyError:
            objects[name] = None
    return objects


def write_all(f, count):
    write_texts(f)
    write_types(f)
    write_chunks(f)
    write_links(f, count, count == 20)


def listed_file(name, path):
    with h5py.File(path) as f:
        groups = {name: listed(f, f[name]) for name in ("/", "texts", "types", "chunks", "links")}
        attributes = {k: v if isinstance(v, str) else v.tolist() for k, v in f["links"].attrs.items()}
    return {"name": name, "path": str(path), "groups": groups, "attributes": attributes}


files = []
for version in VERSIONS:
    for count in COUNTS:
        for user_block in [0, 512] if count == COUNTS[0] else [0]:
            path = folder / f"structures {len(files)}.h5"
            with h5py.File(path, "w", libver=version, userblock_size=user_block) as f:
                write_all(f, count)
            files.append(listed_file(f"{version}, {count} links, user block {user_block}", path))

# Addresses and lengths of other widths than eight bytes.
for address, length in [(8, 4), (4, 8)]:
    path = folder / f"structures {len(files)}.h5"
    creation = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    creation.set_sizes(address, length)
    access = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
    access.set_libver_bounds(h5py.h5f.LIBVER_EARLIEST, h5py.h5f.LIBVER_V110)
    with h5py.File(h5py.h5f.create(bytes(path), h5py.h5f.ACC_TRUNC, creation, access)) as f:
        write_all(f, 400)
        # The library takes references to have addresses of eight bytes.
        if address < 8:
            del f["types/references"]
    files.append(listed_file(f"addresses of {address} bytes, lengths of {length}", path))
print(json.dumps(files))
