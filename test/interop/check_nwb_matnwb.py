"""Checks NWB files against the rules of MatNWB's source, because MATLAB does not run here.

MatNWB makes a class of each type of the schema. When it reads a file it gives the attributes, datasets, groups and links of an object to the
constructor of its class, by name (`+io/parseGroup.m`, `+io/parseDataset.m`), and stops where they do not fit:

- `+io/createParsedType.m`: the type has a class.
- `+types/+util/checkUnset.m`: each name is a property of the class, or a member of one of its properties without a name, by its type. Attributes
  of datasets without a type are properties `⟨dataset⟩_⟨attribute⟩`; what the schema's plain groups hold are properties of the object above.
- `+file/fillProps.m`: attributes of columns are `description`, and `resolution`, `sampling_rate` and `unit`, which is volts.
- `+misc/parseSkipInvalidName.m`: MATLAB compares names of arguments without regard to case, so that a column `Electrodes` is taken for `electrodes`.
- `+io/+internal/+h5/+datatype`, `+io/isBool.m`: texts have a variable length, and enumerations are FALSE and TRUE.
- `+types/+util/checkDtype.m`: a value can become the schema's type: a number, a text, a boolean, a reference, or fields in their order.
- `+types/+util/validateShape.m`: shapes fit; `+types/+util/+dynamictable/checkConfig.m`: columns without an index have a row for each id.
- `+io/parseGroup.m`: links lead to objects that have a type.

A case: {name, file, added}; `added` names what this script adds to the file before it looks, and has to find.
"""

import shutil

import checks
import h5py
import numpy as np
from check_nwb_schema import CATALOG, NAMESPACES, added_attribute, added_member, fits, fits_link, is_a, soft_link

HIDDEN = {"namespace", "neurodata_type", "object_id", ".specloc"}
OF_COLUMNS = {"resolution", "sampling_rate", "unit"}
NUMBERS = {"numeric", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "int", "uint", "float"}


def check(case, manifest, folder):
    path = case["file"]
    if not case["added"]:
        with h5py.File(path) as file:
            yield from object_problems(file, "")
        return
    path = str(folder / "added.nwb")
    shutil.copy(case["file"], path)
    with h5py.File(path, "r+") as file:
        where = ADDITIONS[case["added"]](file)
        found = list(object_problems(file, ""))
    if where not in [problem.split(":")[0] for problem in found]:
        yield f"{where} was added, and found was {found}"


def object_problems(thing, path):
    """Problems of an object that has a type, and of all in it."""
    namespace, name = thing.attrs["namespace"], thing.attrs["neurodata_type"]
    if namespace not in NAMESPACES or name not in NAMESPACES[namespace].get_registered_types():
        yield f"{path}: no class {namespace}.{name}"
        return
    spec = CATALOG.get_spec(namespace, name)
    properties = {attribute.name: attribute for attribute in spec.attributes}
    for attribute in set(thing.attrs) - HIDDEN:
        of_column = attribute in OF_COLUMNS and is_a(thing, "VectorData")
        if attribute not in properties and not of_column:
            yield f"{path}.{attribute}: no property of {name}"
        elif attribute in properties:
            yield from value_problems(thing.attrs.get_id(attribute), thing.attrs[attribute], f"{path}.{attribute}", properties[attribute])
    if isinstance(thing, h5py.Dataset):
        if thing.attrs.get("unit", "volts") != "volts":
            yield f"{path}.unit: not volts"
        yield from value_problems(thing.id, thing, path, spec)
        return
    yield from member_problems(thing, path, spec)
    if is_a(thing, "DynamicTable"):
        yield from table_problems(thing, path, spec)


def member_problems(group, path, spec):
    for name in group:
        place = f"{path}/{name}"
        if isinstance(group.get(name, getlink=True), h5py.SoftLink):
            if "neurodata_type" not in group[name].attrs or not any(fits_link(link, name, group[name]) for link in spec.links):
                yield f"{place}: no such link"
            continue
        member = group[name]
        kind = "groups" if isinstance(member, h5py.Group) else "datasets"
        places = [one for one in getattr(spec, kind) if fits(one, name, member)]
        if not places:
            yield f"{place}: no property"
        elif "neurodata_type" in member.attrs:
            yield from object_problems(member, place)
            if kind == "datasets":
                yield from value_problems(member.id, member, place, places[0])
        elif kind == "groups":
            # A plain group is a prefix of properties.
            yield from member_problems(member, place, places[0])
        else:
            properties = {attribute.name: attribute for attribute in places[0].attributes}
            for attribute in member.attrs:
                if attribute not in properties:
                    yield f"{place}.{attribute}: no property {name}_{attribute}"
            yield from value_problems(member.id, member, place, places[0])


def value_problems(identifier, value, path, spec):
    """Of the bytes in the file and of what the schema wants of them."""
    kind = identifier.get_type()
    shape = identifier.shape
    if isinstance(kind, h5py.h5t.TypeStringID):
        if not kind.is_variable_str():
            yield f"{path}: text of a fixed length"
        found = "text"
    elif isinstance(kind, h5py.h5t.TypeEnumID):
        members = [kind.get_member_name(i) for i in range(kind.get_nmembers())]
        if members != [b"FALSE", b"TRUE"]:
            yield f"{path}: an enumeration of {members}"
        found = "bool"
    elif isinstance(kind, h5py.h5t.TypeReferenceID):
        found = "reference"
    elif isinstance(kind, h5py.h5t.TypeCompoundID):
        found = [kind.get_member_name(i).decode() for i in range(kind.get_nmembers())]
    elif isinstance(kind, (h5py.h5t.TypeIntegerID, h5py.h5t.TypeFloatID)):
        found = "number"
    else:
        yield f"{path}: {kind} has no type in MATLAB"
        return
    if 0 not in shape and not is_kind(found, spec.dtype):
        yield f"{path}: {found} instead of {spec.dtype}"
    shapes = spec.shape if spec.shape and isinstance(spec.shape[0], (list, tuple)) else [spec.shape]
    if spec.shape and not any(fits_shape(shape, one) for one in shapes):
        yield f"{path}: {shape} instead of {spec.shape}"


def is_kind(found, wanted):
    if wanted is None or wanted == "any":
        return True
    if isinstance(wanted, list):
        return found == [field.name for field in wanted]
    if hasattr(wanted, "target_type"):
        return found == "reference"
    if wanted in NUMBERS:
        return found == "number"
    return found == {"bool": "bool"}.get(wanted, "text")


def fits_shape(shape, wanted):
    return len(shape) == len(wanted) and all(length in (None, found) for found, length in zip(shape, wanted))


def table_problems(table, path, spec):
    rows = table["id"].shape[0]
    own = {member.name.lower(): member.name for member in [*spec.datasets, *spec.attributes] if member.name}
    for name in [*table.attrs["colnames"], *table]:
        if own.get(name.lower(), name) != name:
            yield f"{path}/{name}: taken for {own[name.lower()]}"
    for name in table.attrs["colnames"]:
        if name not in table:
            yield f"{path}/{name}: no such column"
            continue
        # Each index is as long as what it is the index of has parts.
        length = rows
        outer = name
        while f"{outer}_index" in table:
            outer += "_index"
        if table[outer].shape[0] != length:
            yield f"{path}/{name}: {table[outer].shape[0]} rows of {length}"
        while outer != name:
            index, outer = table[outer], outer.removesuffix("_index")
            if table[index.attrs["target"]] != table[outer]:
                yield f"{path}/{name}: an index of something else"
            last = int(index[-1]) if len(index) else 0
            if last != table[outer].shape[0]:
                yield f"{path}/{name}: an index of {last} for {table[outer].shape[0]}"


def fixed_text(file):
    file["/general"].create_dataset("virus", data=np.bytes_("none"))
    return "/general/virus"


def number_for_text(file):
    file["/general"].create_dataset("virus", data=1.0)
    return "/general/virus"


def unknown_type(file):
    file["/units"].attrs["neurodata_type"] = "Neurons"
    return "/units"


def renamed_column(file):
    units = file["/units"]
    units.move("snr", "Electrodes")
    units.attrs["colnames"] = [{"snr": "Electrodes"}.get(name, name) for name in units.attrs["colnames"]]
    return "/units/Electrodes"


def short_column(file):
    attributes = dict(file["/units/snr"].attrs)
    del file["/units/snr"]
    file["/units"].create_dataset("snr", data=[1.0])
    file["/units/snr"].attrs.update(attributes)
    return "/units/snr"




ADDITIONS = {
    "an attribute of the file": added_attribute("", "start_time"),
    "an attribute of a table": added_attribute("/units"),
    "an attribute of a column": added_attribute("/units/obs_intervals"),
    "an attribute of a plain dataset": added_attribute("/identifier"),
    "a dataset of a plain group": added_member("/general", lambda group, name: group.create_dataset(name, data=1.0)),
    "a group of a table": added_member("/units", lambda group, name: group.create_group(name)),
    "a link": added_member("/general/extracellular_ephys/electrode_group", soft_link),
    "a text of a fixed length": fixed_text,
    "a number for a text": number_for_text,
    "a type that is not there": unknown_type,
    "a column that differs in case": renamed_column,
    "a column that is too short": short_column,
}


if __name__ == "__main__":
    checks.run(check)
