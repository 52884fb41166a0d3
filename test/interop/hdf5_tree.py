"""What differs between two HDF5 files, and how the datasets of one lie in it."""

import math

import h5py
import numpy as np

SPACES = {h5py.h5s.SCALAR: "scalar", h5py.h5s.SIMPLE: "simple", h5py.h5s.NULL: "null"}
BLOCK_BYTES = 2**26
CLASSES = {h5py.h5i.DATASET: h5py.Dataset, h5py.h5i.GROUP: h5py.Group, h5py.h5i.DATATYPE: h5py.Datatype}
FILTERS = {h5py.h5z.FILTER_SHUFFLE: "shuffle", h5py.h5z.FILTER_DEFLATE: "deflate"}


def file_differences(expected_path, actual_path):
    """Yields one sentence for each difference in objects, links, attributes, types, spaces and bytes."""
    with h5py.File(expected_path) as expected, h5py.File(actual_path) as actual:
        yield from tree_differences(objects(expected), objects(actual))


def tree_differences(left: dict, right: dict):
    """The same of the objects of two open files, by path."""
    for path in sorted(left.keys() - right.keys()):
        yield f"{path} is missing"
    for path in sorted(right.keys() - left.keys()):
        yield f"{path} should not be there"
    for path in sorted(left.keys() & right.keys()):
        yield from object_differences(path, left[path], right[path])


def objects(file: h5py.File) -> dict:
    """Every object by its path; a link that is not a hard one stands for itself.

    By h5py's low-level functions: Group.__getitem__ takes several times as long.
    """
    found = {"/": file["/"]}

    def descend(group, prefix):
        for link in group.id:
            name = prefix + link.decode("utf-8", "surrogateescape")
            if group.id.links.get_info(link).type == h5py.h5l.TYPE_HARD:
                id = h5py.h5o.open(group.id, link)
                found[name] = CLASSES[h5py.h5i.get_type(id)](id)
            else:
                found[name] = group.get(link, getlink=True)
            if isinstance(found[name], h5py.Group):
                descend(found[name], f"{name}/")

    descend(found["/"], "/")
    return found


def object_differences(path, expected, actual):
    if type(expected) is not type(actual):
        yield f"{path} is a {type(actual).__name__}, not a {type(expected).__name__}"
        return
    if isinstance(expected, (h5py.SoftLink, h5py.ExternalLink)):
        if vars(expected) != vars(actual):
            yield f"{path} links to {vars(actual)}, not to {vars(expected)}"
        return
    if isinstance(expected, h5py.Dataset):
        yield from content_differences(path, expected.id, actual.id)
        if expected.maxshape != actual.maxshape:
            yield f"{path} can grow to {actual.maxshape}, not to {expected.maxshape}"
    left, right = expected.attrs, actual.attrs
    wanted, found = set(left), set(right)
    for name in sorted(wanted | found):
        where = f"the attribute {name} of {path}"
        if name not in found:
            yield f"{where} is missing"
        elif name not in wanted:
            yield f"{where} should not be there"
        else:
            yield from content_differences(where, left.get_id(name), right.get_id(name))


def content_differences(where, expected, actual):
    """Differences between two datasets, or two attributes, given as h5py's low-level objects."""
    left, right = (
        SPACES[x.get_space().get_simple_extent_type()] for x in (expected, actual)
    )
    if left != right:
        yield f"{where} has a {right} dataspace, not a {left} one"
    elif expected.shape != actual.shape:
        yield f"{where} has the shape {actual.shape}, not {expected.shape}"
    elif not expected.get_type().equal(actual.get_type()):
        yield f"{where} is {actual.dtype}, not {expected.dtype}"
    elif left != "null" and (at := first_difference(expected, actual)) is not None:
        yield f"{where} differs from byte {at} on"


def first_difference(expected, actual):
    start = 0
    for pair in zip(blocks(expected), blocks(actual)):
        if pair[0] != pair[1]:
            left, right = (np.frombuffer(block, np.uint8) for block in pair)
            return start + int(np.flatnonzero(left != right)[0])
        start += len(pair[0])
    return None


def blocks(content):
    """The bytes of a dataset or an attribute, some rows at a time where they may not fit in memory."""
    # Each of these asks the library.
    dtype, shape = content.dtype, content.shape
    size = dtype.itemsize * math.prod(shape)
    if size <= BLOCK_BYTES or isinstance(content, h5py.h5a.AttrID) or dtype.hasobject:
        yield read(content, dtype, shape)
        return
    rows = max(1, BLOCK_BYTES * shape[0] // size)
    for start in range(0, shape[0], rows):
        yield h5py.Dataset(content)[start : start + rows].tobytes()


def read(content, dtype, shape) -> bytes:
    if h5py.check_ref_dtype(dtype):
        return joined(paths_of(content))
    if h5py.check_string_dtype(dtype):
        return joined(values_of(content, dtype, shape))
    return values_of(content, dtype, shape).tobytes()


def values_of(content, dtype, shape, memory_type=None):
    values = np.empty(shape, dtype)
    if isinstance(content, h5py.h5a.AttrID):
        if values.size:
            content.read(values, memory_type)
    elif values.size:
        content.read(h5py.h5s.ALL, h5py.h5s.ALL, values, memory_type)
    return values


def joined(values) -> bytes:
    """Texts, each with its length before it."""
    parts = [x.encode("utf-8", "surrogateescape") if isinstance(x, str) else x for x in np.ravel(values)]
    return b"".join(len(x).to_bytes(8, "little") + x for x in parts)


def paths_of(content) -> list:
    """References of two files are the same when they are to objects of one path. There are few of them, many times over."""
    shape = content.shape
    references = np.ravel(values_of(content, content.dtype, shape))
    addresses = np.ravel(values_of(content, "<u8", shape, h5py.h5t.STD_REF_OBJ))
    _, first, which = np.unique(addresses, return_index=True, return_inverse=True)
    paths = [h5py.h5r.get_name(x, content) or b"nowhere" for x in references[first]]
    return [paths[i] for i in which]


def storage_differences(path, storage: dict):
    """Whether every dataset has the storage that the options `layout`, `chunkBytes` and `compression` specify.

    An empty dataset is always contiguous. A raster is chunked and compressed where the options do not specify otherwise.
    """
    with h5py.File(path) as file:
        for name, dataset in objects(file).items():
            if isinstance(dataset, h5py.Dataset):
                found = (dataset.chunks is not None, filters(dataset))
                expected = expected_storage(dataset, storage)
                if found != expected:
                    yield f"{name} lies as {found}, not as {expected}"
                if dataset.chunks is not None:
                    yield from chunk_differences(name, dataset, storage)


def expected_storage(dataset, storage):
    """Whether the dataset is chunked, and its filters."""
    if dataset.size == 0:
        return False, []
    raster = "bin_size_ms" in dataset.attrs
    layout = storage.get("layout", "auto")
    default = raster and layout != "contiguous" and {"shuffle": True}
    compression = storage.get("compression", default)
    if not compression:
        return layout == "chunked", []
    return True, [*(["shuffle"] if compression.get("shuffle", True) else []), "deflate"]


def chunk_differences(name, dataset, storage):
    size = dataset.dtype.itemsize * int(np.prod(dataset.chunks))
    if size > max(storage.get("chunkBytes", size), dataset.dtype.itemsize):
        yield f"{name} has chunks of {size} bytes, more than {storage['chunkBytes']}"
    if any(c > n for c, n in zip(dataset.chunks, dataset.shape)):
        yield f"{name} has chunks {dataset.chunks}, larger than its shape {dataset.shape}"


def filters(dataset: h5py.Dataset) -> list:
    plist = dataset.id.get_create_plist()
    codes = [plist.get_filter(i)[0] for i in range(plist.get_nfilters())]
    return [FILTERS.get(code, f"filter {code}") for code in codes]
