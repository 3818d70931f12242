//! The C# that SSIS's designer generates for a Script Component, and the properties that store
//! a script. Rules: scripts reference 4.1 and 4.2.

use packmule_dataflow::testing::{FlowBuilder, property};
use packmule_dtsx::model::{Component, ComponentProperty, Output, Pipeline, Usage};
use packmule_types::{ColumnType, DataType};

/// Letters and digits only, none in front.
fn identifier(name: &str) -> String {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    plain
        .trim_start_matches(|c: char| c.is_ascii_digit())
        .to_owned()
}

/// The property's type and the buffer's getter; none for blobs.
fn clr(data_type: DataType) -> (&'static str, Option<&'static str>) {
    use DataType as D;
    let (name, getter) = match data_type {
        D::Bool => ("Boolean", "GetBoolean"),
        D::I1 => ("SByte", "GetSByte"),
        D::I2 => ("Int16", "GetInt16"),
        D::I4 => ("Int32", "GetInt32"),
        D::I8 => ("Int64", "GetInt64"),
        D::Ui1 => ("Byte", "GetByte"),
        D::Ui2 => ("UInt16", "GetUInt16"),
        D::Ui4 => ("UInt32", "GetUInt32"),
        D::Ui8 => ("UInt64", "GetUInt64"),
        D::R4 => ("Single", "GetSingle"),
        D::R8 => ("Double", "GetDouble"),
        D::Cy | D::Decimal | D::Numeric => ("Decimal", "GetDecimal"),
        D::Str | D::WStr => ("String", "GetString"),
        D::Date | D::DbTimeStamp | D::DbTimeStamp2 | D::FileTime => ("DateTime", "GetDateTime"),
        D::DbDate => ("DateTime", "GetDate"),
        D::DbTime | D::DbTime2 => ("TimeSpan", "GetTime"),
        D::DbTimeStampOffset => ("DateTimeOffset", "GetDateTimeOffset"),
        D::Guid => ("Guid", "GetGuid"),
        D::Bytes => ("Byte[]", "GetBytes"),
        D::Text | D::NText | D::Image | D::Empty | D::Null => return ("BlobColumn", None),
    };
    (name, Some(getter))
}

/// A column of a buffer class: name, type, whether the script reads and writes it.
type Column = (String, ColumnType, bool, bool);

fn properties(columns: &[Column]) -> String {
    let mut text = String::new();
    for (at, (name, column_type, reads, writes)) in columns.iter().enumerate() {
        let name = identifier(name);
        let (class, getter) = clr(column_type.data_type);
        let get = match (getter, reads) {
            (None, _) => format!("get {{ return (BlobColumn)Buffer[BufferColumnIndexes[{at}]]; }}"),
            (Some(getter), true) => {
                format!("get {{ return Buffer.{getter}(BufferColumnIndexes[{at}]); }}")
            }
            (Some(_), false) => String::new(),
        };
        let set = match (getter, writes) {
            (Some(_), true) => format!("set {{ this[{at}] = value; }}"),
            _ => String::new(),
        };
        text += &format!("  public {class} {name} {{ {get} {set} }}\n");
        let set = if *writes {
            format!(
                "set {{ if (value) SetNull({at}); else throw new InvalidOperationException(\"IsNull property cannot be set to False. Assign a value to the column instead.\"); }}"
            )
        } else {
            String::new()
        };
        text +=
            &format!("  public bool {name}_IsNull {{ get {{ return IsNull({at}); }} {set} }}\n");
    }
    text
}

fn buffer_class(name: &str, columns: &[Column], more: &str) -> String {
    let name = identifier(name);
    format!(
        "public class {name}Buffer : ScriptBuffer {{\n  public {name}Buffer(PipelineBuffer Buffer, int[] BufferColumnIndexes, OutputNameMap OutputMap) : base(Buffer, BufferColumnIndexes, OutputMap) {{ }}\n{}{more}}}\n",
        properties(columns)
    )
}

const USINGS: &str = "using System; using System.Data; using System.Collections.Generic; using Microsoft.SqlServer.Dts.Pipeline; using Microsoft.SqlServer.Dts.Pipeline.Wrapper; using Microsoft.SqlServer.Dts.Runtime.Wrapper;\n";

fn own(outputs: &[Output]) -> impl Iterator<Item = &Output> {
    outputs.iter().filter(|o| o.synchronous_input.is_none())
}

fn added(output: &Output) -> impl Iterator<Item = Column> + '_ {
    let columns = output.columns.iter();
    columns.map(|c| (c.name.clone(), c.column_type, false, true))
}

fn buffers(pipeline: &Pipeline, component: &Component) -> String {
    let mut text = USINGS.to_owned();
    for (at, input) in component.inputs.iter().enumerate() {
        let mut columns: Vec<Column> = Vec::new();
        for column in &input.columns {
            let (_, _, origin) = pipeline.find_lineage(column.lineage).unwrap();
            let writes = column.usage == Usage::ReadWrite;
            columns.push((column.name.clone(), origin.column_type, true, writes));
        }
        let mut more = "  new public bool NextRow() { return base.NextRow(); }\n  new public bool EndOfRowset() { return base.EndOfRowset(); }\n".to_owned();
        let outputs = component.outputs.iter();
        for output in outputs.filter(|o| o.synchronous_input == Some(at)) {
            columns.extend(added(output));
            if output.exclusion_group != 0 {
                more += &format!(
                    "  public void DirectRowTo{}() {{ base.DirectRow(@\"{}\"); }}\n",
                    identifier(&output.name),
                    output.name
                );
            }
        }
        text += &buffer_class(&input.name, &columns, &more);
    }
    for output in own(&component.outputs) {
        let columns: Vec<Column> = added(output).collect();
        let more = "  new public void AddRow() { base.AddRow(); }\n  new public void SetEndOfRowset() { base.SetEndOfRowset(); }\n  new public bool EndOfRowset() { return base.EndOfRowset(); }\n";
        text += &buffer_class(&output.name, &columns, more);
    }
    text
}

fn prime_output(component: &Component) -> String {
    let (mut made, mut marked, mut fields) = (String::new(), String::new(), String::new());
    for output in own(&component.outputs) {
        let name = identifier(&output.name);
        made += &format!(
            "      if (OutputIDs[Idx] == GetOutputID(OutputMap, @\"{}\")) {name}Buffer = new {name}Buffer(Buffers[Idx], GetColumnIndexes(OutputIDs[Idx]), OutputMap);\n",
            output.name
        );
        marked += &format!(
            "    if (null != {name}Buffer) {{ {name}Buffer.SetEndOfRowset(); {name}Buffer = null; }}\n"
        );
        fields += &format!("  public {name}Buffer {name}Buffer;\n");
    }
    if fields.is_empty() {
        return fields;
    }
    let ends = match component.inputs.is_empty() {
        true => "    FinishOutputs(); MarkOutputsFinished();\n",
        false => "",
    };
    format!(
        "{fields}  public virtual void FinishOutputs() {{ }}\n  public virtual void CreateNewOutputRows() {{ }}\n  private void MarkOutputsFinished() {{\n{marked}  }}\n  public override void PrimeOutput(int Outputs, int[] OutputIDs, PipelineBuffer[] Buffers, OutputNameMap OutputMap) {{\n    for (int Idx = 0; Idx < Outputs; Idx++) {{\n{made}    }}\n    CreateNewOutputRows();\n{ends}  }}\n"
    )
}

fn process_input(component: &Component) -> String {
    if component.inputs.is_empty() {
        return String::new();
    }
    let (mut cases, mut methods) = (String::new(), String::new());
    for input in &component.inputs {
        let name = identifier(&input.name);
        cases += &format!(
            "    if (InputName.Equals(@\"{}\", StringComparison.Ordinal)) {name}_ProcessInput(new {name}Buffer(Buffer, GetColumnIndexes(InputID), OutputMap));\n",
            input.name
        );
        methods += &format!(
            "  public virtual void {name}_ProcessInput({name}Buffer Buffer) {{ while (Buffer.NextRow()) {name}_ProcessInputRow(Buffer); }}\n  public virtual void {name}_ProcessInputRow({name}Buffer Row) {{ }}\n"
        );
    }
    let ends = if own(&component.outputs).next().is_some() {
        format!(
            "    if (Buffer.EndOfRowset) {{ inputsFinished++; if (inputsFinished == {}) {{ FinishOutputs(); MarkOutputsFinished(); }} }}\n",
            component.inputs.len()
        )
    } else {
        String::new()
    };
    format!(
        "  int inputsFinished = 0;\n  public override void ProcessInput(int InputID, string InputName, PipelineBuffer Buffer, OutputNameMap OutputMap) {{\n{cases}{ends}  }}\n{methods}"
    )
}

/// Variables of a component: name in the list, .NET type, whether it may be written.
pub(crate) type Variables<'a> = &'a [(&'a str, &'a str, bool)];

fn component_wrapper(component: &Component, variables: Variables<'_>) -> String {
    let mut connections = String::new();
    for connection in &component.connections {
        connections += &format!(
            "  public IDTSConnectionManager100 {} {{ get {{ return ParentComponent.ComponentMetaData.RuntimeConnectionCollection.GetRuntimeConnectionByName(\"{}\").ConnectionManager; }} }}\n",
            identifier(&connection.name),
            connection.name
        );
    }
    let mut properties = String::new();
    for (full, class, writes) in variables {
        let name = identifier(full.rsplit("::").next().unwrap());
        properties += &if *writes {
            format!(
                "  public {class} {name} {{ get {{ return ({class})(ParentComponent.ReadWriteVariables[\"{full}\"].Value); }} set {{ ParentComponent.ReadWriteVariables[\"{full}\"].Value = value; }} }}\n"
            )
        } else {
            format!(
                "  public {class} {name} {{ get {{ return ({class})(ParentComponent.ReadOnlyVariables[\"{full}\"].GetValueWithContext(ScriptComponent.EvaluatorContext)); }} }}\n"
            )
        };
    }
    let nested = |name: &str, body: &str| {
        format!(
            "public class {name} {{\n  ScriptComponent ParentComponent;\n  public {name}(ScriptComponent Component) {{ ParentComponent = Component; }}\n{body}}}\n"
        )
    };
    format!(
        "{USINGS}public class UserComponent : ScriptComponent {{\n  public Connections Connections;\n  public Variables Variables;\n  public UserComponent() {{ Connections = new Connections(this); Variables = new Variables(this); }}\n{}{}}}\n{}{}",
        prime_output(component),
        process_input(component),
        nested("Connections", &connections),
        nested("Variables", &properties)
    )
}

fn list(variables: Variables<'_>, writes: bool) -> String {
    let names = variables.iter().filter(|v| v.2 == writes).map(|v| v.0);
    names.collect::<Vec<_>>().join(",")
}

/// Stores a script in a component whose inputs and outputs are complete: `main` are the members
/// of ScriptMain.
pub(crate) fn script(
    flow: &mut FlowBuilder,
    component: usize,
    main: &str,
    variables: Variables<'_>,
) {
    let pipeline = &flow.pipeline;
    let of = &pipeline.components[component];
    let main = format!(
        "{USINGS}[Microsoft.SqlServer.Dts.Pipeline.SSISScriptComponentEntryPointAttribute]\npublic class ScriptMain : UserComponent {{\n{main}\n}}\n"
    );
    let files = [
        ("main.cs", main),
        ("BufferWrapper.cs", buffers(pipeline, of)),
        ("ComponentWrapper.cs", component_wrapper(of, variables)),
    ];
    let triples = files.map(|(name, text)| [name.to_owned(), "UTF8".to_owned(), text]);
    let source = ComponentProperty {
        array: Some(triples.concat()),
        value: None,
        ..property("SourceCode", "")
    };
    let properties = &mut flow.pipeline.components[component].properties;
    properties.push(source);
    properties.push(ComponentProperty {
        array: Some(Vec::new()),
        value: None,
        ..property("BinaryCode", "")
    });
    properties.push(property("ScriptLanguage", "CSharp"));
    properties.push(property("ReadOnlyVariables", &list(variables, false)));
    properties.push(property("ReadWriteVariables", &list(variables, true)));
}
