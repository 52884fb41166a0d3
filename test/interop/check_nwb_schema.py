"""Compares every object and attribute of an NWB file with the schema that ships with pynwb: nothing may be outside it.

pynwb's validator checks what the schema has, and accepts further attributes; MatNWB does not open a file that has them.

A case: {name, file, added}; `added` names what this script adds to the file before it looks, and has to find.
"""

import re
import shutil
import uuid

import checks
import h5py
from pynwb import get_type_map

CATALOG = get_type_map().namespace_catalog
NAMESPACES = {name: CATALOG.get_namespace(name) for name in CATALOG.namespaces}
# Attributes of typed objects; the root may also have a reference to a cached schema.
TYPE_ATTRIBUTES = {"namespace", "neurodata_type", "object_id"}
# Since 2.9 this table has a type of its own, and the files are 2.8.
OLD_TYPES = {"ElectrodesTable": "DynamicTable"}


def check(case, manifest, folder):
    path = case["file"]
    if not case["added"]:
        yield from problems(path)
        return
    path = str(folder / "added.nwb")
    shutil.copy(case["file"], path)
    with h5py.File(path, "r+") as file:
        where = ADDITIONS[case["added"]](file)
    found = list(problems(path))
    if [problem.split(":")[0] for problem in found] != [where]:
        yield f"{where} was added, and found was {found}"


def problems(path):
    with h5py.File(path) as file:
        root_type = CATALOG.get_spec("core", "NWBFile")
        yield from group_problems(file, "", [root_type])


def group_problems(group, path, specs):
    """Problems of a group, which all of the specifications describe: that of its type, and that of its place in its parent."""
    yield from attribute_problems(group, path, specs)
    for name in group:
        place = f"{path}/{name}"
        if isinstance(group.get(name, getlink=True), h5py.SoftLink):
            if not any(fits_link(link, name, group[name]) for spec in specs for link in spec.links):
                yield f"{place}: no such link"
            continue
        member = group[name]
        kind = "groups" if isinstance(member, h5py.Group) else "datasets"
        places = [s for spec in specs for s in getattr(spec, kind) if fits(s, name, member)]
        if not places:
            yield f"{place}: none of the {kind}"
            continue
        described = [*places, *own_type(member)]
        if isinstance(member, h5py.Group):
            yield from group_problems(member, place, described)
        else:
            yield from attribute_problems(member, place, described)


def attribute_problems(thing, path, specs):
    allowed = {attribute.name for spec in specs for attribute in spec.attributes}
    if "neurodata_type" in thing.attrs:
        allowed |= TYPE_ATTRIBUTES
        if not is_uuid(thing.attrs.get("object_id")):
            yield f"{path}.object_id: not a UUID"
    for name in thing.attrs:
        if name not in allowed:
            yield f"{path}.{name}: no such attribute"


def fits(spec, name, member):
    """Whether a member of this name and type is what the specification describes."""
    wanted = spec.data_type
    if spec.name not in (None, name):
        return False
    found = member.attrs.get("neurodata_type")
    if wanted is None or found is None:
        return wanted is found
    return is_a(member, wanted) or OLD_TYPES.get(wanted) == found


def fits_link(spec, name, target):
    return spec.name in (None, name) and is_a(target, spec.target_type)


def is_a(thing, wanted):
    hierarchy = NAMESPACES[thing.attrs["namespace"]].get_hierarchy(thing.attrs["neurodata_type"])
    return wanted in hierarchy


def own_type(thing):
    if "neurodata_type" not in thing.attrs:
        return []
    return [CATALOG.get_spec(thing.attrs["namespace"], thing.attrs["neurodata_type"])]


def is_uuid(text):
    is_one = isinstance(text, str) and re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)
    return is_one and uuid.UUID(text).variant == uuid.RFC_4122 and uuid.UUID(text).version in (4, 5)


def added_attribute(path, name="extra"):
    def add(file):
        file[path or "/"].attrs[name] = 1.0
        return f"{path}.{name}"

    return add


def added_member(path, make):
    def add(file):
        make(file[path or "/"], "extra")
        return f"{path}/extra"

    return add


def without_id(file):
    del file["/units"].attrs["object_id"]
    return "/units.object_id"


def typed_dataset(group, name):
    group[name] = [1.0]
    group[name].attrs.update({"namespace": "hdmf-common", "neurodata_type": "ElementIdentifiers", "object_id": str(uuid.uuid4())})


def soft_link(group, name):
    group[name] = h5py.SoftLink("/units")


ADDITIONS = {
    "an attribute of the file": added_attribute("", "start_time"),
    "an attribute of a table": added_attribute("/units"),
    "an attribute of a column": added_attribute("/units/obs_intervals"),
    "an attribute of an index": added_attribute("/units/spike_times_index", "resolution"),
    "an attribute of a plain dataset": added_attribute("/identifier"),
    "an attribute of a plain group": added_attribute("/general/devices", "description"),
    "a dataset of the file": added_member("", lambda group, name: group.create_dataset(name, data=1.0)),
    "a dataset of a plain group": added_member("/general", lambda group, name: group.create_dataset(name, data=1.0)),
    "a column without a type": added_member("/units", lambda group, name: group.create_dataset(name, data=[1.0])),
    "a dataset of another type": added_member("/units", typed_dataset),
    "a group of a table": added_member("/units", lambda group, name: group.create_group(name)),
    "a group of a plain group": added_member("/acquisition", lambda group, name: group.create_group(name)),
    "a link": added_member("/general/extracellular_ephys/electrode_group", soft_link),
    "no id": without_id,
}


if __name__ == "__main__":
    checks.run(check)
