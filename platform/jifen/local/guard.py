"""Become another program that dies with its parent: `python guard.py PARENT SIGNAL UID -- COMMAND…`.

Started by its path, from the standard library alone. It leads a session of its own (so Ctrl-C reaches the launcher
only), drops root's rights when UID is not -1, asks the kernel for SIGNAL when the parent dies, and turns into COMMAND.
The order matters: a change of user clears the request.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, signal, uid = (int(value) for value in sys.argv[1:4])
    command = sys.argv[5:]
    if os.getsid(0) != os.getpid():
        os.setsid()
    if uid >= 0:
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel knew
        sys.exit(1)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
