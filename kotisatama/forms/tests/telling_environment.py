"""A child process that tells its environment instead of reading a file."""

import json
import os
import sys

if __name__ == "__main__":
    sys.stdout.write(json.dumps(dict(os.environ)))
