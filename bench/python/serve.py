"""Answers requests from Node: one line of JSON each way, until standard input ends."""

import json
import sys


def serve(functions: dict) -> None:
    """Calls the function that each request names. What functions print goes to standard error."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        answer = functions[request["name"]](**request["parameters"])
        print(json.dumps(answer), file=answers, flush=True)
