#!/usr/bin/env python3
"""Measures a script host: time to the first script, rows per second through a synchronous component
that changes one string and one number.

Usage: protocol_speed.py HOST_FOLDER [ROWS] [ROWS_PER_BATCH]"""

import os
import sys
import time

import protocol_tests as t
from protocol_lib import Host, encode_column
from wrappers import column, component


def first_script(folder):
    script = t.task("Dts.TaskResult = 0;")
    host = t.start()
    header, payload = script.request("load", 7)
    host.call(header, payload)
    host.close()
    began = time.time()
    host = Host(folder)
    print("start to hello           %7.1f ms" % ((time.time() - began) * 1000))
    time.sleep(2)
    stored = t.corpus_script("EP_Datamart.dtsx", "scr_LoadDate")
    if stored is not None:
        began = time.time()
        host.call({"type": "execution", "culture": "en-US"})
        t.load(host, stored)
        loaded = time.time()
        t.run_task(host, variables=[t.variable("dtLoadDate", "DateTime", {"t": "DateTime", "v": "0"}, "write", "SystemLog")])
        ended = time.time()
        print("warm host: load          %7.1f ms" % ((loaded - began) * 1000))
        print("warm host: run           %7.1f ms" % ((ended - loaded) * 1000))
        began = time.time()
        t.load(host, stored, 8)
        t.run_task(host, 8, 22, variables=[t.variable("dtLoadDate", "DateTime", {"t": "DateTime", "v": "0"}, "write", "SystemLog")])
        print("second script            %7.1f ms" % ((time.time() - began) * 1000))
    host.close()


def rows_per_second(rows, per_batch):
    header = component([("Input 0", [column("Name", "wstr", "read_write", length=60), column("Amount", "i4", "read_write")])], [("Output 0", [], {"synchronous": 0})])
    host = t.start()
    t.load_component(host, header, "public override void Input0_ProcessInputRow(Input0Buffer Row) { Row.Name = Row.Name.ToUpper() + \"!\"; Row.Amount = Row.Amount + 1; }")
    flow = t.Flow(host, header)
    payload = encode_column("wstr", ["customer name %d" % i for i in range(per_batch)]) + encode_column("i4", list(range(per_batch)))
    batches = rows // per_batch
    for turn in range(3):
        began = time.time()
        used = os.times().children_user
        sent = done = 0
        while done < batches:
            while sent < batches and sent - done < 2:
                sent += 1
                host.send({"type": "batch", "run": 50, "input": 0, "batch": sent, "rows": per_batch, "end": False}, payload)
            answer, data = host.messages.get(timeout=60)
            assert answer["type"] == "batch_done", answer
            done += 1
        took = time.time() - began
        print("%d rows in batches of %d: %.3f s, %.2f million rows/s" % (batches * per_batch, per_batch, took, batches * per_batch / took / 1e6))
    host.call({"type": "finish", "run": 50, "run_post_execute": True})
    host.close()


def main():
    t.FOLDER = sys.argv[1]
    first_script(sys.argv[1])
    rows_per_second(int(sys.argv[2]) if len(sys.argv) > 2 else 1000000, int(sys.argv[3]) if len(sys.argv) > 3 else 16384)


if __name__ == "__main__":
    main()
