"""Speaks the protocol of PROTOCOL.md with a script host, for its tests: frames, columns, scripts of
packages. Only the standard library of Python 3 is needed."""

import base64
import json
import os
import queue
import re
import struct
import subprocess
import threading
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTHS = {"i1": "b", "i2": "h", "i4": "i", "i8": "q", "ui1": "B", "ui2": "H", "ui4": "I", "ui8": "Q", "r4": "f", "r8": "d",
          "date": "q", "dbTimeStamp": "q", "dbDate": "i", "dbTime": "i", "dbTime2": "q", "dbTimeStamp2": "q", "fileTime": "q"}
TEXT = ("str", "wstr", "text", "nText")
BYTES = ("bytes", "image")
FIXED_POINT = ("cy", "decimal", "numeric")


RUNTIME = "mono"           # or "dotnet"


def program():
    """The command of the runtime that is tested."""
    root = os.environ.get("DOTNET_ROOT")
    if RUNTIME == "dotnet" and root and os.path.exists(os.path.join(root, "dotnet")):
        return os.path.join(root, "dotnet")
    return RUNTIME


class HostError(Exception):
    """A reply that is an error."""

    def __init__(self, error):
        super().__init__(json.dumps(error))
        self.error = error


def pad(data):
    return data + bytes(-len(data) % 8)


def bits(flags):
    out = bytearray((len(flags) + 7) // 8)
    for i, flag in enumerate(flags):
        if flag:
            out[i // 8] |= 1 << (i % 8)
    return bytes(out)


def encode_column(kind, values):
    """Values (None = NULL) as PROTOCOL.md section 5 lays them down. Fixed-point values are the
    integers without their point; offsets of dbTimeStampOffset are pairs."""
    nulls = sum(v is None for v in values)
    out = struct.pack("<q", nulls)
    if nulls == len(values):
        return out
    if nulls:
        out += pad(bits([v is not None for v in values]))
    if kind == "bool":
        return out + pad(bits([bool(v) for v in values]))
    if kind in WIDTHS:
        return out + pad(struct.pack("<%d%s" % (len(values), WIDTHS[kind]), *[v or 0 for v in values]))
    if kind in FIXED_POINT:
        return out + b"".join((v or 0).to_bytes(16, "little", signed=True) for v in values)
    if kind == "guid":
        return out + b"".join(v or bytes(16) for v in values)
    if kind == "dbTimeStampOffset":
        pairs = [v or (0, 0) for v in values]
        return out + struct.pack("<%dq" % len(pairs), *[p[0] for p in pairs]) + pad(struct.pack("<%dh" % len(pairs), *[p[1] for p in pairs]))
    data = [b"" if v is None else (v.encode() if kind in TEXT else v) for v in values]
    offsets = [0]
    for piece in data:
        offsets.append(offsets[-1] + len(piece))
    return out + pad(struct.pack("<%dI" % len(offsets), *offsets)) + pad(b"".join(data))


class Columns:
    """Reads columns of a payload one after the other."""

    def __init__(self, payload):
        self.payload = payload
        self.at = 0

    def take(self, count):
        part = self.payload[self.at:self.at + count]
        assert len(part) == count, "payload too short"
        self.at += count + (-count % 8)
        return part

    def column(self, kind, rows):
        (nulls,) = struct.unpack("<q", self.take(8))
        assert 0 <= nulls <= rows
        if nulls == rows:
            return [None] * rows
        valid = [True] * rows
        if nulls:
            bitmap = self.take((rows + 7) // 8)
            valid = [bool(bitmap[i // 8] >> (i % 8) & 1) for i in range(rows)]
            assert valid.count(False) == nulls
        values = self.values(kind, rows)
        return [v if ok else None for v, ok in zip(values, valid)]

    def values(self, kind, rows):
        if kind == "bool":
            bitmap = self.take((rows + 7) // 8)
            return [bool(bitmap[i // 8] >> (i % 8) & 1) for i in range(rows)]
        if kind in WIDTHS:
            return list(struct.unpack("<%d%s" % (rows, WIDTHS[kind]), self.take(rows * struct.calcsize(WIDTHS[kind]))))
        if kind in FIXED_POINT:
            raw = self.take(rows * 16)
            return [int.from_bytes(raw[i * 16:i * 16 + 16], "little", signed=True) for i in range(rows)]
        if kind == "guid":
            raw = self.take(rows * 16)
            return [raw[i * 16:i * 16 + 16] for i in range(rows)]
        if kind == "dbTimeStampOffset":
            ticks = struct.unpack("<%dq" % rows, self.take(rows * 8))
            minutes = struct.unpack("<%dh" % rows, self.take(rows * 2))
            return list(zip(ticks, minutes))
        offsets = struct.unpack("<%dI" % (rows + 1), self.take(rows * 4 + 4))
        data = self.take(offsets[-1])
        pieces = [data[a:b] for a, b in zip(offsets, offsets[1:])]
        return [p.decode() for p in pieces] if kind in TEXT else pieces

    def numbers(self, count):
        return list(struct.unpack("<%dI" % count, self.take(count * 4)))


class Host:
    """A running host. Frames without a pending call go to `handle`, which may answer."""

    def __init__(self, folder, greet=True, environment=None):
        env = dict(os.environ, **(environment or {}))
        self.process = subprocess.Popen([program(), os.path.join(folder, "packmule-script-host.exe")], env=env,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lock = threading.Lock()
        self.pending = {}
        self.last_call = 0
        self.answers = {}      # type of a call-back → function(header, payload) → fields or (fields, payload)
        self.messages = queue.Queue()
        self.seen = []         # every message without reply, in order
        self.error_output = []
        threading.Thread(target=self.read_all, daemon=True).start()
        threading.Thread(target=self.read_errors, daemon=True).start()
        if greet:
            self.hello = self.call({"type": "hello", "protocol": 1, "engine": "test", "pid": os.getpid()})

    def read_errors(self):
        for line in self.process.stderr:
            self.error_output.append(line.decode(errors="replace").rstrip())

    def send(self, header, payload=b""):
        text = json.dumps(header).encode()
        with self.lock:
            self.process.stdin.write(struct.pack("<II", 4 + len(text) + len(payload), len(text)) + text)
            if payload:
                self.process.stdin.write(payload)
            self.process.stdin.flush()

    def begin(self, header, payload=b""):
        with self.lock:
            self.last_call += 1
            call = self.last_call
            box = self.pending[call] = queue.Queue()
        self.send(dict(header, call=call), payload)
        return box

    def end(self, box, timeout=60):
        header, payload = box.get(timeout=timeout)
        if header is None:
            raise EOFError("the host ended: " + "\n".join(self.error_output[-20:]))
        if "error" in header:
            raise HostError(header["error"])
        return (header, payload) if payload else header

    def call(self, header, payload=b"", timeout=60):
        return self.end(self.begin(header, payload), timeout)

    def read_all(self):
        out = self.process.stdout
        while True:
            head = out.read(8)
            if len(head) < 8:
                break
            size, length = struct.unpack("<II", head)
            body = out.read(size - 4)
            header = json.loads(body[:length].decode())
            payload = body[length:]
            if header["type"] == "reply":
                self.pending.pop(header["call"], queue.Queue()).put((header, payload))
            elif "call" in header:
                threading.Thread(target=self.answer, args=(header, payload), daemon=True).start()
            else:
                self.seen.append(header)
                self.messages.put((header, payload))
        for box in list(self.pending.values()):
            box.put((None, None))
        self.messages.put((None, None))

    def answer(self, header, payload):
        self.seen.append(header)
        known = self.answers.get(header["type"])
        if known is None and header["type"] == "event":
            fields = {"cancel": False, "again": True}
        elif known is None:
            fields = {"error": {"kind": "engine", "code": -1, "text": "the test does not answer " + header["type"]}}
        else:
            fields = known(header, payload)
        data = b""
        if isinstance(fields, tuple):
            fields, data = fields
        self.send(dict(fields, type="reply", call=header["call"]), data)

    def events(self):
        return [m for m in self.seen if m["type"] in ("event", "log")]

    def close(self):
        try:
            self.process.stdin.close()
        except OSError:
            pass
        return self.process.wait(timeout=20)


class Script:
    """A script of a package: kind, name, language, entry, parts."""

    def __init__(self, package, kind, name, language, entry):
        self.package, self.kind, self.name, self.language, self.entry = package, kind, name, language, entry
        self.parts = []        # (part, name, bytes)
        self.variables = ("", "")
        self.element = None    # a component's XML
        self.tree = None       # and its package's

    def label(self):
        return "%s / %s" % (os.path.basename(self.package), self.name)

    def request(self, type_, number=None, prefer="auto"):
        header = {"type": type_, "kind": self.kind, "name": self.name, "language": self.language, "entry": self.entry, "prefer": prefer,
                  "parts": [{"part": p, "name": n, "size": len(b)} for p, n, b in self.parts]}
        if number is not None:
            header["script"] = number
        return header, b"".join(b for _, _, b in self.parts)


def unescape(text):
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m.group(1), 16)), text)


def part_of(name):
    lower = name.lower()
    if lower.endswith((".csproj", ".vbproj", ".vsaproj")) or lower == "project":
        return "project"
    return "source"


def scripts_of(path):
    """All scripts of a package file."""
    try:
        tree = ET.parse(path)
    except ET.ParseError:
        return []
    found = []
    tasks = {}
    for executable in tree.iter():
        for child in executable:
            if child.tag.endswith("}ObjectData"):
                tasks[child] = executable
    for data, executable in tasks.items():
        for project in data:
            if project.tag.split("}")[-1] != "ScriptProject":
                continue
            name = executable.attrib.get("{www.microsoft.com/SqlServer/Dts}ObjectName")
            if name is None:
                name = next((p.text for p in executable if p.attrib.get("{www.microsoft.com/SqlServer/Dts}Name") == "ObjectName"), "?")
            language = "CSharp" if "CSharp" in project.attrib.get("Language", "") or "C#" in project.attrib.get("Language", "") else "VisualBasic"
            script = Script(path, "task", name, language, project.attrib.get("EntryPoint", "Main"))
            script.variables = (project.attrib.get("ReadOnlyVariables", ""), project.attrib.get("ReadWriteVariables", ""))
            for item in project:
                kind = item.tag.split("}")[-1]
                item_name = item.attrib.get("Name", "")
                if kind == "BinaryItem" and item_name.lower().endswith(".dll"):
                    data = base64.b64decode("".join((item.text or "").split()))
                    if data[:2] == b"MZ":
                        script.parts.append(("binary", item_name, data))
                elif kind == "ProjectItem":
                    script.parts.append((part_of(item_name), item_name, (item.text or "").lstrip("\ufeff").encode()))
            found.append(script)
    for component in tree.iter("component"):
        properties = {p.attrib.get("name"): p for p in component.iter("property")}
        if "SourceCode" not in properties:
            continue
        language = (properties["ScriptLanguage"].text or "") if "ScriptLanguage" in properties else "VisualBasic"
        script = Script(path, "component", component.attrib["name"], "CSharp" if "CSharp" in language or "C#" in language else "VisualBasic", "Main")
        script.element, script.tree = component, tree
        script.variables = tuple((properties[n].text or "") if n in properties else "" for n in ("ReadOnlyVariables", "ReadWriteVariables"))

        def elements(name):
            if name not in properties:
                return []
            escaped = properties[name].attrib.get("state") == "escaped"
            return [unescape(e.text or "") if escaped else (e.text or "") for e in properties[name].iter("arrayElement")]

        source = elements("SourceCode")
        step = 3 if len(source) >= 3 and source[1] in ("UTF8", "UTF16LE") else 2
        for i in range(0, len(source) - step + 1, step):
            script.parts.append((part_of(source[i]), source[i], source[i + step - 1].lstrip("\ufeff").encode()))
        binary = elements("BinaryCode")
        for i in range(0, len(binary) - 1, 2):
            data = base64.b64decode("".join(binary[i + 1].split()))
            if data[:2] == b"MZ" and binary[i].lower().endswith(".dll"):
                script.parts.append(("binary", binary[i], data))
        found.append(script)
    return found


def corpus():
    """The folder of real packages; None when there is none."""
    folder = os.environ.get("PACKMULE_CORPUS") or os.path.join(HERE, "..", "..", "..", "shared", "corpus")
    return os.path.abspath(folder) if os.path.isdir(folder) else None


def all_scripts(folder):
    for place, _, files in sorted(os.walk(folder)):
        for name in sorted(files):
            if name.endswith(".dtsx"):
                yield from scripts_of(os.path.join(place, name))
