"""Runs a program as a user, under a list of system calls: all others fail with EPERM, as in a unit of systemd.

Run: python under-filter.py USER FILE PROGRAM [ARGUMENT...]
FILE names the calls, one a line; those that this machine does not know are passed over, as systemd does.
"""
import errno
import os
import pwd
import sys

import pyseccomp

user, path, *words = sys.argv[1:]
account = pwd.getpwnam(user)
with open(path) as file:
    names = file.read().split()

calls = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
for name in names:
    try:
        calls.add_rule(pyseccomp.ALLOW, name)
    except OSError:
        continue

os.setgroups([])
os.setgid(account.pw_gid)
os.setuid(account.pw_uid)
# Also sets no_new_privs, which is what allows a user to load it.
calls.load()
os.execvp(words[0], words)
