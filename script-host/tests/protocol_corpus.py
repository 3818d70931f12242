#!/usr/bin/env python3
"""Checks every script of the corpus in a script host and prints how each would run.

Usage: protocol_corpus.py HOST_FOLDER"""

import sys
from collections import Counter

from protocol_lib import Host, all_scripts, corpus


def main():
    folder = corpus()
    if folder is None:
        print("no corpus: set PACKMULE_CORPUS")
        return 0
    host = Host(sys.argv[1])
    host.call({"type": "execution", "culture": "en-US"})
    counts = Counter()
    for script in all_scripts(folder):
        header, payload = script.request("check")
        reply = host.call(header, payload)
        has_binary = any(p == "binary" for p, _, _ in script.parts)
        state = reply.get("from") or ("refused" if script.parts else "empty")
        counts[(script.language, "binary stored" if has_binary else "no binary", state)] += 1
        print("%-11s %-10s %-8s %s" % (script.language, script.kind, state, script.label()))
        for finding in reply.get("refused", [])[:3]:
            print("    " + finding["text"])
    for key, count in sorted(counts.items()):
        print(count, *key, sep="\t")
    assert host.close() == 0, host.error_output
    return 0


if __name__ == "__main__":
    sys.exit(main())
