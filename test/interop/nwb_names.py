"""Prints the names that a column of units cannot have, as JSON: those of the schema, and those of pynwb's class, of the versions installed.

A column of a name of the class opens with a warning and is no attribute of the table; one that `add_unit` or `add_row` takes as an
argument of its own cannot be filled.
"""

import json
import warnings

from hdmf.utils import get_docval
from pynwb import get_type_map
from pynwb.misc import Units

warnings.simplefilter("ignore")


def schema_names():
    spec = get_type_map().namespace_catalog.get_spec("core", "Units")
    members = (*spec.attributes, *spec.datasets, *spec.groups, *spec.links)
    return {member.name for member in members if member.name} | {"namespace", "neurodata_type", "object_id"}


def class_names():
    arguments = (get_docval(call) for call in (Units.__init__, Units.add_unit, Units.add_row))
    return {*dir(Units(name="units")), *(argument["name"] for group in arguments for argument in group)}


print(json.dumps({"schema": sorted(schema_names()), "class": sorted(class_names())}))
