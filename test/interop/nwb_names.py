"""Prints the names that a column of a table cannot have, as JSON: those of the schema, and those of pynwb's class, of the versions installed;
and those of the class of the electrodes' table.

The table is `Units` unless the first argument names another. A column of a name of the class opens with a warning and is no attribute of
the table; one that `add_unit` or its like, or `add_row`, takes as an argument of its own cannot be filled.
"""

import json
import sys
import warnings
from datetime import datetime, timezone

from hdmf.utils import get_docval
from pynwb import NWBFile, get_type_map
from pynwb.epoch import TimeIntervals
from pynwb.misc import Units

warnings.simplefilter("ignore")

TABLES = {"Units": (Units, Units.add_unit), "TimeIntervals": (TimeIntervals, TimeIntervals.add_interval)}


def schema_names(table):
    spec = get_type_map().namespace_catalog.get_spec("core", table)
    members = (*spec.attributes, *spec.datasets, *spec.groups, *spec.links)
    return {member.name for member in members if member.name} | {"namespace", "neurodata_type", "object_id"}


def class_names(table):
    cls, add = TABLES[table]
    arguments = (get_docval(call) for call in (cls.__init__, add, cls.add_row))
    instance = cls(name="table", description="A table.")
    return {*dir(instance), *(argument["name"] for group in arguments for argument in group)}


def electrode_names():
    """Names of the class of the table of electrodes, and the arguments of `add_electrode`."""
    file = NWBFile(session_description="a", identifier="b", session_start_time=datetime(2026, 1, 1, tzinfo=timezone.utc))
    device = file.create_device(name="device")
    group = file.create_electrode_group(name="group", description="all", location="CA1", device=device)
    file.add_electrode(group=group, location="CA1")
    arguments = (get_docval(call) for call in (type(file.electrodes).__init__, NWBFile.add_electrode))
    return {*dir(file.electrodes), *file.electrodes.colnames, *(argument["name"] for group in arguments for argument in group)}


table = sys.argv[1] if len(sys.argv) > 1 else "Units"
print(json.dumps({"schema": sorted(schema_names(table)), "class": sorted(class_names(table)), "electrodes": sorted(electrode_names())}))
