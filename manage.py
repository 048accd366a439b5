#!/usr/bin/env python3
"""The same commands as the console script `kotisatama`."""

from kotisatama.config import commandline

if __name__ == "__main__":
    commandline.main()
