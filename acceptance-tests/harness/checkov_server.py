"""Runs checkov for each line of stdin, a JSON list of its arguments, and answers on stdout with a line of JSON: exit code and output.

Importing checkov takes more than all that is done with it here. It is imported once, by the Python of its environment, and each run
is a fork that knows nothing of those before.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import warnings

with warnings.catch_warnings():
    # As its own command line does.
    warnings.simplefilter("ignore", category=SyntaxWarning)
    from checkov.main import Checkov


def main() -> None:
    """Ends with stdin."""
    for line in sys.stdin:
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
            child = os.fork()
            if child == 0:
                for number, file in enumerate((os.open(os.devnull, os.O_RDONLY), said.fileno(), complained.fileno())):
                    os.dup2(file, number)
                sys.exit(Checkov(argv=json.loads(line)).run())
            _, status = os.waitpid(child, 0)
            said.seek(0)
            complained.seek(0)
            texts = [file.read().decode(errors="replace") for file in (said, complained)]
        print(json.dumps([os.waitstatus_to_exitcode(status), *texts]), flush=True)


if __name__ == "__main__":
    main()
