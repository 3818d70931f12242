"""Writes the C# that SSIS's designer generates for a script component (scripts.md section 4), so that
tests can compile components of their own, and the header of "open" for them and for components of
real packages."""

import re

CLR = {"bool": ("Boolean", "GetBoolean"), "i1": ("SByte", "GetSByte"), "i2": ("Int16", "GetInt16"), "i4": ("Int32", "GetInt32"),
       "i8": ("Int64", "GetInt64"), "ui1": ("Byte", "GetByte"), "ui2": ("UInt16", "GetUInt16"), "ui4": ("UInt32", "GetUInt32"),
       "ui8": ("UInt64", "GetUInt64"), "r4": ("Single", "GetSingle"), "r8": ("Double", "GetDouble"), "cy": ("Decimal", "GetDecimal"),
       "decimal": ("Decimal", "GetDecimal"), "numeric": ("Decimal", "GetDecimal"), "str": ("String", "GetString"),
       "wstr": ("String", "GetString"), "date": ("DateTime", "GetDateTime"), "dbTimeStamp": ("DateTime", "GetDateTime"),
       "dbTimeStamp2": ("DateTime", "GetDateTime"), "fileTime": ("DateTime", "GetDateTime"), "dbDate": ("DateTime", "GetDate"),
       "dbTime": ("TimeSpan", "GetTime"), "dbTime2": ("TimeSpan", "GetTime"), "dbTimeStampOffset": ("DateTimeOffset", "GetDateTimeOffset"),
       "guid": ("Guid", "GetGuid"), "bytes": ("Byte[]", "GetBytes"), "text": ("BlobColumn", None), "nText": ("BlobColumn", None),
       "image": ("BlobColumn", None)}


def sanitize(name):
    return re.sub(r"^\d+", "", "".join(c for c in name if c.isalnum()))


def column(name, kind, usage=None, **more):
    return dict({"name": name, "type": kind}, **dict({"usage": usage} if usage else {}, **more))


def component(inputs=(), outputs=(), **more):
    """The header of "open" from inputs (name, columns) and outputs (name, columns, options)."""
    ids = iter(range(100, 100000))

    def numbered(columns):
        return [dict(c, id=next(ids), lineage=next(ids)) for c in columns]

    header = {"type": "open", "name": "SCR Test", "id": 17, "identification": "SCR Test [17]", "connections": [], "variables": [],
              "inputs": [{"id": next(ids), "name": n, "columns": numbered(c)} for n, c in inputs],
              "outputs": [dict({"id": next(ids), "name": n, "columns": numbered(c)}, **o) for n, c, o in outputs]}
    header.update(more)
    return header


def layout(header, index):
    """Columns of an input's wrapper class: its own, then those of its synchronous outputs."""
    found = [(c, c.get("usage") == "read_write", True) for c in header["inputs"][index]["columns"]]
    for output in header["outputs"]:
        if output.get("synchronous") == index:
            found += [(c, True, False) for c in output["columns"]]
    return found


def properties(columns):
    text = ""
    for i, (c, writes, reads) in enumerate(columns):
        clr, getter = CLR[c["type"]]
        name = sanitize(c["name"])
        read = "return (BlobColumn)Buffer[BufferColumnIndexes[%d]];" % i if getter is None else "return Buffer.%s(BufferColumnIndexes[%d]);" % (getter, i)
        if getter is None:
            text += "  public BlobColumn %s { get { %s } }\n" % (name, read)
        else:
            text += "  public %s %s { %s %s }\n" % (clr, name, "get { %s }" % read if reads else "", "set { this[%d] = value; }" % i if writes else "")
        text += "  public bool %s_IsNull { get { return IsNull(%d); } %s }\n" % (
            name, i, "set { if (value) SetNull(%d); else throw new InvalidOperationException(\"IsNull cannot be set to false\"); }" % i if writes else "")
    return text


def buffers(header):
    text = "using System; using System.Data; using Microsoft.SqlServer.Dts.Pipeline; using Microsoft.SqlServer.Dts.Pipeline.Wrapper;\n"

    def one(name, columns, extra):
        return ("public class {0}Buffer : ScriptBuffer {{\n  public {0}Buffer(PipelineBuffer Buffer, int[] BufferColumnIndexes, OutputNameMap OutputMap)"
                " : base(Buffer, BufferColumnIndexes, OutputMap) {{ }}\n{1}{2}}}\n").format(sanitize(name), properties(columns), extra)

    for i, given in enumerate(header["inputs"]):
        extra = "  public new bool NextRow() { return base.NextRow(); }\n  public new bool EndOfRowset() { return base.EndOfRowset(); }\n"
        for output in header["outputs"]:
            if output.get("synchronous") == i and output.get("exclusion_group"):
                extra += '  public void DirectRowTo%s() { base.DirectRow("%s"); }\n' % (sanitize(output["name"]), output["name"])
        text += one(given["name"], layout(header, i), extra)
    for output in header["outputs"]:
        if "synchronous" not in output:
            text += one(output["name"], [(c, True, False) for c in output["columns"]],
                        "  public new void AddRow() { base.AddRow(); }\n  public new void SetEndOfRowset() { base.SetEndOfRowset(); }\n")
    return text


def wrapper(header):
    text = ("using System; using System.Data; using Microsoft.SqlServer.Dts.Pipeline; using Microsoft.SqlServer.Dts.Pipeline.Wrapper; "
            "using Microsoft.SqlServer.Dts.Runtime.Wrapper;\npublic class UserComponent : ScriptComponent {\n"
            "  public Connections Connections; public Variables Variables;\n"
            "  public UserComponent() { Connections = new Connections(this); Variables = new Variables(this); }\n")
    own = [o for o in header["outputs"] if "synchronous" not in o]
    if own:
        text += "  public virtual void FinishOutputs() { }\n  public virtual void CreateNewOutputRows() { }\n  private void MarkOutputsFinished() {\n"
        for o in own:
            text += "    if (null != {0}Buffer) {{ {0}Buffer.SetEndOfRowset(); {0}Buffer = null; }}\n".format(sanitize(o["name"]))
        text += "  }\n  public override void PrimeOutput(int Outputs, int[] OutputIDs, PipelineBuffer[] Buffers, OutputNameMap OutputMap) {\n"
        text += "    for (int Idx = 0; Idx < Outputs; Idx++) {\n"
        for o in own:
            text += "      if (OutputIDs[Idx] == GetOutputID(OutputMap, @\"{1}\")) {0}Buffer = new {0}Buffer(Buffers[Idx], GetColumnIndexes(OutputIDs[Idx]), OutputMap);\n".format(
                sanitize(o["name"]), o["name"])
        text += "    }\n    CreateNewOutputRows();\n" + ("" if header["inputs"] else "    FinishOutputs(); MarkOutputsFinished();\n") + "  }\n"
        for o in own:
            text += "  public {0}Buffer {0}Buffer;\n".format(sanitize(o["name"]))
    if header["inputs"]:
        text += "  int inputsFinished = 0;\n  public override void ProcessInput(int InputID, string InputName, PipelineBuffer Buffer, OutputNameMap OutputMap) {\n"
        for i in header["inputs"]:
            text += "    if (InputName.Equals(@\"{1}\", StringComparison.Ordinal)) {0}_ProcessInput(new {0}Buffer(Buffer, GetColumnIndexes(InputID), OutputMap));\n".format(
                sanitize(i["name"]), i["name"])
        if own:
            text += "    if (Buffer.EndOfRowset) { inputsFinished++; if (inputsFinished == %d) { FinishOutputs(); MarkOutputsFinished(); } }\n" % len(header["inputs"])
        text += "  }\n"
        for i in header["inputs"]:
            text += ("  public virtual void {0}_ProcessInput({0}Buffer Buffer) {{ while (Buffer.NextRow()) {0}_ProcessInputRow(Buffer); }}\n"
                     "  public virtual void {0}_ProcessInputRow({0}Buffer Row) {{ }}\n").format(sanitize(i["name"]))
    text += "}\npublic class Connections { ScriptComponent ParentComponent; public Connections(ScriptComponent c) { ParentComponent = c; }\n"
    for c in header["connections"]:
        text += ("  public IDTSConnectionManager100 %s { get { return ParentComponent.ComponentMetaData.RuntimeConnectionCollection"
                 ".GetRuntimeConnectionByName(\"%s\").ConnectionManager; } }\n") % (sanitize(c["name"]), c["name"])
    text += "}\npublic class Variables { ScriptComponent ParentComponent; public Variables(ScriptComponent c) { ParentComponent = c; }\n"
    for v in header["variables"]:
        text += "  public %s %s { get { return (%s)(ParentComponent.ReadOnlyVariables[\"%s\"].GetValueWithContext(ScriptComponent.EvaluatorContext)); } }\n" % (
            v["type"], v["name"], v["type"], v["name"])
    for name in header.get("write_variables", []):
        text += ("  public object %s { get { return ParentComponent.ReadWriteVariables[\"%s\"].Value; } set { ParentComponent.ReadWriteVariables[\"%s\"].Value = value; } }\n"
                 % (sanitize(name.split("::")[-1]), name, name))
    return text + "}\n"


def sources(header, main):
    """Parts of a component whose ScriptMain has the given members."""
    start = ("using System; using System.Data; using System.Collections.Generic; using Microsoft.SqlServer.Dts.Pipeline; "
             "using Microsoft.SqlServer.Dts.Pipeline.Wrapper; using Microsoft.SqlServer.Dts.Runtime.Wrapper;\n"
             "[Microsoft.SqlServer.Dts.Pipeline.SSISScriptComponentEntryPointAttribute] public class ScriptMain : UserComponent {\n")
    return [("source", "main.cs", (start + main + "\n}\n").encode()), ("source", "BufferWrapper.cs", buffers(header).encode()),
            ("source", "ComponentWrapper.cs", wrapper(header).encode())]


def open_of(script, variables=()):
    """The header of "open" from a component of a package."""
    element = script.element
    origins = {c.attrib.get("id"): c.attrib for c in script.tree.iter("outputColumn") if c.attrib.get("id")}
    ids = iter(range(10000, 100000))

    def number(text):
        return int(text) if text and text.isdigit() else next(ids)

    def col(e, cached):
        a = e.attrib
        origin = origins.get(a.get("lineageId"), {}) if cached and "cachedDataType" not in a else None
        pre = "cached" if cached else ""

        def get(name):
            if origin:
                return origin.get(name, "")
            return a.get(pre + name if not pre else pre + name[0].upper() + name[1:], "")

        kind = get("dataType") or ("bytes" if cached else "wstr")
        usage = {"readWrite": "read_write"}.get(a.get("usageType", ""), "read")
        name = a.get("cachedName") if cached else a.get("name")
        if name is None and origin:
            name = origin.get("name")
        if name is None:
            name = re.search(r"Columns\[(.*)\]$", a.get("lineageId", "")).group(1)
        return {"id": number(a.get("id")), "lineage": number(a.get("lineageId")), "name": name, "type": kind, "length": int(get("length") or 0),
                "precision": int(get("precision") or 0), "scale": int(get("scale") or 0), "code_page": int(get("codePage") or get("codepage") or 0), "usage": usage}

    header = {"type": "open", "name": element.attrib["name"], "id": number(element.attrib.get("id")), "identification": element.attrib["name"],
              "connections": [], "variables": list(variables), "inputs": [], "outputs": []}
    keys = []
    for e in element.iter("input"):
        keys.append(e.attrib.get("refId") or e.attrib.get("id"))
        header["inputs"].append({"id": number(e.attrib.get("id")), "name": e.attrib["name"], "columns": [col(c, True) for c in e.iter("inputColumn")]})
    for e in element.iter("output"):
        out = {"id": number(e.attrib.get("id")), "name": e.attrib["name"], "columns": [col(c, False) for c in e.iter("outputColumn")],
               "exclusion_group": int(e.attrib.get("exclusionGroup") or 0), "error": e.attrib.get("isErrorOut") == "true"}
        wanted = e.attrib.get("synchronousInputId")
        if wanted in keys:
            out["synchronous"] = keys.index(wanted)
        header["outputs"].append(out)
    return header
