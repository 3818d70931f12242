#!/usr/bin/env python3
"""Writes docs/script-members.md: what scripts find here beside SSIS's own object model, from the doc comments.

Usage: members.py OUT [PAGE]     OUT = folder that build.sh made

A public member without a doc comment ends it with an error, so that the page is whole. What scripts
are refused for is read from rewrite/Advice.cs.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent

# Title, folders of sources, what the reader should know.
PARTS = [
    ("Microsoft.VisualBasic", ["visualbasic"], "Visual Basic's library, written from its documentation."),
    ("ADODB", ["adodb"], "Recordsets of Object variables."),
    ("Microsoft.Vsa", ["vsa"], "Named by scripts of 2005."),
    ("System.AddIn", ["addin"], "Named by scripts of 2008."),
    ("System.Windows.Forms", ["winforms"], "Message boxes, which are reported and answered with the default button."),
    ("Parts of .NET that behave as on Windows", ["shim"], "Calls of these are redirected when a script is loaded; the rest of .NET is Mono's own."),
]


def compile_docs(folders, out, work):
    """The XML documentation of sources; fails when a public member has no comment."""
    sources = [str(p) for f in folders for p in sorted((HERE / f).rglob("*.cs"))]
    if not sources:
        return None
    page = work / "doc.xml"
    references = ["System.Core", "System.Data", "System.Xml", "System.Xml.Linq", "System.IO.Compression", "System.IO.Compression.FileSystem"]
    own = {"ScriptShim": "shim", "ScriptForms": "winforms"}
    references += [name for name, folder in own.items() if folder not in folders and (out / (name + ".dll")).exists()]
    command = ["mcs", "-nologo", "-unsafe", "-target:library", f"-out:{work / 'doc.dll'}", f"-doc:{page}", f"-lib:{out}"]
    command += [f"-r:{r}.dll" for r in references] + sources
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    text = done.stdout + done.stderr
    lacking = [line for line in text.splitlines() if "CS1591" in line]
    if done.returncode != 0 or lacking:
        sys.exit("\n".join(lacking) or text)
    return ElementTree.parse(page).getroot()


def text_of(element):
    """A doc comment as one line of Markdown."""
    parts = [element.text or ""]
    for child in element:
        name = child.get("cref") or child.get("name") or child.text or ""
        parts.append("`" + re.sub(r"^\w:", "", name).split("(")[0].split(".")[-1] + "`")
        parts.append(child.tail or "")
    return re.sub(r"\s+", " ", "".join(parts)).strip().replace("|", "\\|")


def split(name):
    """Kind, type and member of a documentation name."""
    kind, full = name.split(":", 1)
    head = full.split("(")[0]
    if kind == "T":
        return kind, head, ""
    type_name, member = head.rsplit(".", 1)
    return kind, type_name, member.replace("#ctor", "(constructor)").split("``")[0]


def page_of(root, stands_for):
    """The types of one library as Markdown."""
    types, members = {}, {}
    for entry in root.iter("member"):
        summary = entry.find("summary")
        if summary is None:
            continue
        kind, type_name, member = split(entry.get("name"))
        if kind == "T":
            types[type_name] = text_of(summary)
        else:
            found = members.setdefault(type_name, {}).setdefault(member, [text_of(summary), 0])
            found[1] += 1
    lines = []
    for type_name in sorted(set(types) | set(members)):
        shown = stands_for.get(type_name, type_name).replace("`1", "<T>")
        lines += ["", f"**{shown}** – {types.get(type_name, '')}", ""]
        rows = members.get(type_name, {})
        if rows:
            lines += ["| member | what it does |", "| --- | --- |"]
            for member, (summary, count) in sorted(rows.items()):
                forms = f" ({count} forms)" if count > 1 else ""
                lines.append(f"| {member}{forms} | {summary} |")
    return lines


def redirected():
    """Replacements by the names that scripts know: types, and single members."""
    types, members = {}, []
    for source in sorted((HERE / "shim").glob("*.cs")):
        text = source.read_text()
        space = re.search(r"^namespace (\S+)", text, re.M)
        for mark in re.finditer(r'\[StandsFor\("([^"]+)"\)\]\s+(?:\[[^\]]*\]\s+)*public [\w ]*?(?:class|struct|enum|interface) (\w+)', text):
            types[space.group(1) + "." + mark.group(2)] = mark.group(1)
        members += re.findall(r'<summary>([^<]*)</summary>\s+\[Replaces\("([^"]+)", "([^"]+)"', text)
    return types, members


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    page = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else HERE.parent / "docs" / "script-members.md"
    stands_for, members = redirected()
    lines = [
        "# What scripts find beside SSIS's object model",
        "",
        "Written by `script-host/members.py` from the doc comments of `script-host/`; do not edit it. A member that is not",
        "listed, and is neither of SSIS's object model nor of Mono's own .NET, is a finding before a script runs.",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for title, folders, note in PARTS:
            root = compile_docs(folders, out, pathlib.Path(folder))
            if root is None:
                continue
            lines += ["", f"## {title}", "", note]
            if folders == ["shim"]:
                for entry in list(root.iter("member")):
                    kind, type_name, _ = split(entry.get("name"))
                    if type_name not in stands_for:
                        entry.clear()
                lines += page_of(root, stands_for)
                lines += ["", "**Single members**", "", "| member | what it does |", "| --- | --- |"]
                seen = {}
                for summary, type_name, member in members:
                    seen.setdefault(f"{type_name}.{member}".replace("..ctor", " (constructor)"), summary)
                lines += [f"| {name} | {summary} |" for name, summary in sorted(seen.items())]
            else:
                lines += page_of(root, {})
    advice = (HERE / "rewrite" / "Advice.cs").read_text()
    texts = dict(re.findall(r'private const string (\w+) = "([^"]+)"', advice))
    texts["ByCom"] = "COM objects do not exist on Linux; use a .NET class, or a data flow, for what the object did"
    lines += ["", "## Refused", "", "| member or assembly | why, and what to do |", "| --- | --- |"]
    for name, literal, constant in re.findall(r'\{ "([^"]+)", (?:"([^"]+)"|(\w+)) \}', advice):
        lines.append(f"| {name} | {literal or texts[constant]} |")
    for name, com, literal in re.findall(r'Pair\("([^"]+)", (Com \+ )?"([^"]+)"\)', advice):
        lines.append(f"| assembly {name}{'…' if name.endswith('.') else ''} | {texts['Com'] if com else ''}{literal} |")
    page.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
