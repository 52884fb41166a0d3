"""Has DANDI organize NWB files by their own metadata, without a network: `dandi organize` into a folder that looks like a dandiset.

A case: {name, files, places, error}; `places` are where the files have to be in the dandiset, with `*` for what DANDI adds to tell files apart,
and `error` is what it says instead, unless that is null.
"""

import filecmp
import fnmatch
import os
import subprocess

import checks
from check_nwb_dandi import DANDI, OFFLINE


def check(case, manifest, folder):
    dandiset = folder / "dandiset"
    dandiset.mkdir()
    (dandiset / "dandiset.yaml").write_text("identifier: DANDI:000000\n")
    home = {"HOME": str(folder), "XDG_STATE_HOME": str(folder)}
    command = [DANDI, "organize", "--dandiset-path", dandiset, "--files-mode", "copy", "--jobs", "1", *case["files"]]
    result = subprocess.run(command, env={**os.environ, **OFFLINE, **home}, capture_output=True, text=True)
    output = result.stdout + result.stderr
    if (result.returncode == 0) != (case["error"] is None) or (case["error"] or "") not in output:
        yield f"exit code {result.returncode}: {output}"
    found = sorted(dandiset.rglob("*.nwb"))
    names = [str(path.relative_to(dandiset)) for path in found]
    if len(names) != len(case["places"]) or not all(map(fnmatch.fnmatch, names, sorted(case["places"]))):
        yield f"organized {names}, expected {case['places']}: {output}"
    for path in found:
        if not any(filecmp.cmp(path, file, shallow=False) for file in case["files"]):
            yield f"{path} is another file"


if __name__ == "__main__":
    checks.run(check)
