"""Asks DANDI whether it would take an NWB file, without a network: `dandi validate` in a folder that looks like a dandiset.

A case: {name, file, findings}; `findings` are the ids of what it finds.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import checks

DANDI = Path(sys.executable).with_name("dandi")
# No call home.
OFFLINE = {"DANDI_NO_ET": "1"}


def check(case, manifest, folder):
    (folder / "dandiset.yaml").write_text("identifier: DANDI:000000\n")
    place = folder / "sub-1" / "sub-1_ses-1_ecephys.nwb"
    place.parent.mkdir()
    shutil.copy(case["file"], place)
    home = {"HOME": str(folder), "XDG_STATE_HOME": str(folder)}
    command = [DANDI, "validate", "--format", "json_lines", place]
    result = subprocess.run(command, env={**os.environ, **OFFLINE, **home}, capture_output=True, text=True)
    found = [json.loads(line)["id"] for line in result.stdout.splitlines() if line.startswith("{")]
    if sorted(found) != sorted(case["findings"]):
        yield f"{found}, expected {case['findings']}: {result.stderr}"
    if (result.returncode == 0) == ("NWBI.check_subject_exists" in found):
        yield f"exit code {result.returncode}"


if __name__ == "__main__":
    checks.run(check)
