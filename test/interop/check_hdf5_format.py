"""Compares files that spikeport wrote itself with those of the same plans that the HDF5 library wrote: as they are, and after the
library has changed both in the same ways.

A case: {name, file, twin, change, paths?, direct?}: whether to change them, all paths of objects below the root, and false where the
library wrote both.
"""

import shutil

import checks
import h5py
import numpy as np
from hdf5_tree import objects, paths_of, tree_differences

CREATION = {
    "layout": h5py.h5d.CONTIGUOUS,
    "allocation": h5py.h5d.ALLOC_TIME_LATE,
    "filling": h5py.h5d.FILL_TIME_IFSET,
    "fill value": h5py.h5d.FILL_VALUE_DEFAULT,
}

CHUNKED = {"layout": h5py.h5d.CHUNKED, "allocation": h5py.h5d.ALLOC_TIME_INCR}

# Elements that refer to a heap are always filled: none is left as it was allocated.
TEXT = {"filling": h5py.h5d.FILL_TIME_ALLOC}


def check(case, manifest, folder):
    yield from differences(case["twin"], case["file"])
    if case.get("direct", True):
        yield from storage_problems(case["file"])
    with h5py.File(case["file"]) as file:
        found = sorted(path.lstrip("/") for path in objects(file) if path != "/")
        if found != sorted(case.get("paths", found)):
            yield f"the paths are {found}"
    if not case["change"]:
        return
    changed = [folder / "twin.h5", folder / "file.h5"]
    for source, path in zip((case["twin"], case["file"]), changed):
        shutil.copy(source, path)
    for changes in ((add, rewrite, overwrite, grow), (rename, remove, redirect, shrink, add_again, grow, rewrite)):
        for change in changes:
            for path in changed:
                with h5py.File(path, "r+") as file:
                    change(file)
        for problem in differences(*changed):
            yield f"after {' and '.join(x.__name__ for x in changes)}: {problem}"


def differences(expected_path, actual_path):
    with h5py.File(expected_path) as expected, h5py.File(actual_path) as actual:
        left, right = objects(expected), objects(actual)
        yield from tree_differences(left, right)
        if list(left) != list(right):
            yield "the objects are in another order"


def storage_problems(path):
    """What h5py does not do where it makes such datasets, and elements of two of them in one place."""
    with h5py.File(path) as file:
        places = []
        for name, dataset in datasets(file).items():
            expected = {**CREATION, **(CHUNKED if dataset.chunks else {}), **(TEXT if is_text(dataset.dtype) else {})}
            if creation(dataset) != expected:
                yield f"{name} has been made with {creation(dataset)}"
            found = sorted(extents(dataset))
            # Encoded chunks follow each other.
            if found and not dataset.chunks and found[0][0] % 8 != 0:
                yield f"{name} lies at {found[0][0]}"
            places += [(address, size, name) for address, size in found]
        end = 0
        for address, size, name in sorted(places):
            if address < end:
                yield f"{name} lies in another dataset"
            end = address + size
        if end > file.id.get_filesize():
            yield "the last dataset goes beyond the end of the file"


def is_text(dtype) -> bool:
    return h5py.check_string_dtype(dtype) is not None


def extents(dataset) -> list:
    """Where elements lie, and how many bytes: all of them, or chunk by chunk."""
    if dataset.chunks:
        chunks = [dataset.id.get_chunk_info(i) for i in range(dataset.id.get_num_chunks())]
        return [(chunk.byte_offset, chunk.size) for chunk in chunks]
    offset = dataset.id.get_offset()
    return [] if offset is None else [(offset, dataset.id.get_storage_size())]


def creation(dataset) -> dict:
    plist = dataset.id.get_create_plist()
    return {
        "layout": plist.get_layout(),
        "allocation": plist.get_alloc_time(),
        "filling": plist.get_fill_time(),
        "fill value": plist.fill_value_defined(),
    }


def datasets(file) -> dict:
    return {k: x for k, x in objects(file).items() if isinstance(x, h5py.Dataset)}


def groups(file) -> dict:
    return {k: x for k, x in objects(file).items() if isinstance(x, h5py.Group)}


def add(file, prefix="new"):
    """Attributes and objects everywhere: names between those that are there, so that all nodes split and all heaps grow."""
    for number, group in enumerate(groups(file).values()):
        for i in range(12):
            group.attrs[f"{prefix} {i}"] = i * 1.5
        group.attrs[f"{prefix} array"] = np.arange(3000.0)
        group.attrs[f"{prefix} text"] = "µ" * 100
        for i in range(70 if number < 3 else 10):
            group.create_dataset(f"{i} {prefix}", data=np.arange(i % 7))
        group.create_group(f"{prefix}/of/groups").attrs["x"] = 1
        group[f"{prefix} link"] = h5py.SoftLink("/nowhere")
        group[f"{prefix} chunked"] = np.zeros(10)
    for dataset in list(datasets(file).values())[::3]:
        for i in range(10):
            dataset.attrs[f"{prefix} {i}"] = "some text"


def overwrite(file):
    for dataset in datasets(file).values():
        if dataset.size and dataset.dtype.kind != "O":
            # One value alone h5py would write row by row.
            dataset[...] = np.full(dataset.shape, 7)
        for name in list(dataset.attrs)[::2]:
            dataset.attrs[name] = np.int8(5)


def grow(file):
    """Rows at the end, and what is left unwritten before them: the fill value."""
    for dataset in extendable(file):
        rows = len(dataset)
        dataset.resize(2 * rows + 300, axis=0)
        # One value alone h5py would write row by row.
        if h5py.check_ref_dtype(dataset.dtype):
            dataset[rows:] = np.full((rows + 300, *dataset.shape[1:]), file.ref, h5py.ref_dtype)
        elif is_text(dataset.dtype):
            dataset[rows + 70 : rows + 80] = "added"
        else:
            dataset[rows + 70 :] = np.full((rows + 230, *dataset.shape[1:]), 1)


def shrink(file):
    for dataset in extendable(file):
        dataset.resize(len(dataset) // 3, axis=0)


def extendable(file):
    return [x for x in datasets(file).values() if x.maxshape[:1] == (None,)]


def rewrite(file):
    """Other texts where texts are, so that the library takes objects out of heaps and puts others in."""
    for dataset in datasets(file).values():
        if not is_text(dataset.dtype) or dataset.size == 0:
            continue
        if dataset.ndim == 0:
            dataset[()] = dataset.asstr()[()] + " and more"
        else:
            for row in range(0, len(dataset), max(2, len(dataset) // 200)):
                dataset[row] = f"row {row} " + "µ" * (row % 50)
    for owner in objects(file).values():
        if isinstance(owner, h5py.SoftLink):
            continue
        attributes = owner.attrs
        for i, name in enumerate(list(attributes)):
            content = attributes.get_id(name)
            if is_text(content.dtype) and content.shape == ():
                attributes.modify(name, attributes[name][::-1] + "x" * (i * 100))


def rename(file):
    for group in groups(file).values():
        for i, name in enumerate(list(group)[::5]):
            group.move(name, f"moved {i} from {name}")
        if "units" in group:
            file.move(group["units"].name, "top/of/all")


def remove(file):
    for group in list(groups(file).values()):
        if not group:
            continue
        for name in list(group)[::2]:
            del group[name]
        for name in list(group.attrs)[::2]:
            del group.attrs[name]


def redirect(file):
    """References to what has been removed, where other objects may come to lie, are to the root from now on."""

    def is_lost(content):
        return h5py.check_ref_dtype(content.dtype) is not None and b"nowhere" in paths_of(content)

    for dataset in datasets(file).values():
        if is_lost(dataset.id):
            dataset[...] = file.ref
    for owner in objects(file).values():
        if isinstance(owner, h5py.SoftLink):
            continue
        attributes = owner.attrs
        for name in list(attributes):
            if is_lost(attributes.get_id(name)):
                attributes.modify(name, file.ref)


def add_again(file):
    add(file, "newer")


if __name__ == "__main__":
    checks.run(check)
