//! Property paths: what they name, with names that hold dots, brackets and backslashes.

use packmule_dtsx::{
    LoadOptions, Package, PathError, TargetKind, load_package, package_json, resolve_path,
};

const PACKAGE: &str = r#"<DTS:Executable xmlns:DTS="www.microsoft.com/SqlServer/Dts" DTS:refId="Package" DTS:ObjectName="My package" DTS:ProtectionLevel="0">
<DTS:Property DTS:Name="PackageFormatVersion">8</DTS:Property>
<DTS:ConnectionManagers><DTS:ConnectionManager DTS:CreationName="FILE" DTS:ObjectName="(local).db" DTS:DTSID="{C1}"/></DTS:ConnectionManagers>
<DTS:LogProviders><DTS:LogProvider DTS:CreationName="Microsoft.LogProviderTextFile" DTS:ObjectName="log"/></DTS:LogProviders>
<DTS:PackageParameters><DTS:PackageParameter DTS:ObjectName="P" DTS:DataType="8"/></DTS:PackageParameters>
<DTS:Variables>
 <DTS:Variable DTS:Namespace="User" DTS:ObjectName="Folder"/><DTS:Variable DTS:Namespace="User" DTS:ObjectName="x"/><DTS:Variable DTS:Namespace="Own" DTS:ObjectName="x"/>
</DTS:Variables>
<DTS:Executables>
 <DTS:Executable DTS:ObjectName="Loop" DTS:ExecutableType="STOCK:FOREACHLOOP"><DTS:ForEachEnumerator DTS:CreationName="Microsoft.ForEachFileEnumerator"/>
  <DTS:Executables><DTS:Executable DTS:ObjectName="Task" DTS:ExecutableType="Microsoft.ExpressionTask"/></DTS:Executables></DTS:Executable>
 <DTS:Executable DTS:ObjectName="Loop\Task" DTS:ExecutableType="Microsoft.ExpressionTask"/>
 <DTS:Executable DTS:ObjectName="A.Properties[B]" DTS:ExecutableType="Microsoft.ExpressionTask"/>
 <DTS:Executable DTS:ObjectName="DFT" DTS:ExecutableType="Microsoft.Pipeline"><DTS:ObjectData><pipeline version="1"><components>
  <component refId="a" name="Lookup" componentClassID="Microsoft.Lookup"/>
  <component refId="b" name="Lookup].[x" componentClassID="Microsoft.Lookup"/>
  <component refId="c" name="Derive" componentClassID="Microsoft.DerivedColumn"><outputs><output refId="c.o" name="Out"><outputColumns><outputColumn refId="c.o.c" lineageId="c.o.c" name="Twice" dataType="i4"/></outputColumns></output></outputs></component>
 </components></pipeline></DTS:ObjectData></DTS:Executable>
</DTS:Executables>
<DTS:PrecedenceConstraints><DTS:PrecedenceConstraint DTS:ObjectName="C 1" DTS:From="Package\Loop" DTS:To="Package\DFT"/></DTS:PrecedenceConstraints>
<DTS:EventHandlers><DTS:EventHandler DTS:EventName="OnError"><DTS:Executables><DTS:Executable DTS:ObjectName="T" DTS:ExecutableType="Microsoft.ExpressionTask"/></DTS:Executables></DTS:EventHandler></DTS:EventHandlers>
</DTS:Executable>"#;

fn package() -> Package {
    let options = LoadOptions {
        file: "p.dtsx",
        password: None,
    };
    load_package(PACKAGE.as_bytes(), &options).unwrap().value
}

#[test]
fn each_path_names_its_object() {
    let package = package();
    let root = &package.root;
    let handler = &root.event_handlers[0];
    let pipeline = match &root.children[3].kind {
        packmule_dtsx::model::ExecutableKind::Task(task) => task.pipeline.as_ref().unwrap(),
        _ => unreachable!(),
    };
    let enumerator = match &root.children[0].kind {
        packmule_dtsx::model::ExecutableKind::ForeachLoop(f) => f.enumerator.node,
        _ => unreachable!(),
    };
    use TargetKind as K;
    let table = [
        (
            r"\Package.Properties[Disable]",
            root.node,
            "Disable",
            K::Executable,
        ),
        (
            r"\Package.MaximumErrorCount",
            root.node,
            "MaximumErrorCount",
            K::Executable,
        ),
        (
            r"\My package.Properties[Disable]",
            root.node,
            "Disable",
            K::Executable,
        ),
        (
            r"\package.variables[user::folder].properties[Value]",
            root.variables[0].node,
            "Value",
            K::Variable,
        ),
        (
            r"\Package.Variables[User::Folder].Value",
            root.variables[0].node,
            "Value",
            K::Variable,
        ),
        (
            r"\Package.Variables[Folder].Properties[Value]",
            root.variables[0].node,
            "Value",
            K::Variable,
        ),
        (
            r"\Package.Variables[Own::x].Properties[Value]",
            root.variables[2].node,
            "Value",
            K::Variable,
        ),
        (
            r"\Package.Variables[$Package::P].Properties[Value]",
            package.parameters[0].node,
            "Value",
            K::PackageParameter,
        ),
        (
            r"\Package.Connections[(local).db].Properties[ConnectionString]",
            package.connection_managers[0].node,
            "ConnectionString",
            K::ConnectionManager,
        ),
        (
            r"\Package.ConnectionManagers[{C1}].Properties[ConnectionString]",
            package.connection_managers[0].node,
            "ConnectionString",
            K::ConnectionManager,
        ),
        (
            r"\Package.LogProviders[log].Properties[ConfigString]",
            package.log_providers[0].node,
            "ConfigString",
            K::LogProvider,
        ),
        (
            r"\Package.PrecedenceConstraints[C 1].Properties[Value]",
            root.constraints[0].node,
            "Value",
            K::PrecedenceConstraint,
        ),
        (
            r"\Package\Loop.ForEachEnumerator.Properties[Directory]",
            enumerator,
            "Directory",
            K::Enumerator,
        ),
        // Both a task in the loop and one named `Loop\Task` fit: the longest name counts.
        (
            r"\Package\Loop\Task.Properties[Disable]",
            root.children[1].node,
            "Disable",
            K::Executable,
        ),
        (
            r"\Package\A.Properties[B].Properties[Disable]",
            root.children[2].node,
            "Disable",
            K::Executable,
        ),
        (
            r"\Package\DFT.Properties[[Lookup].[SqlCommand]]",
            pipeline.components[0].node,
            "SqlCommand",
            K::Component,
        ),
        (
            r"\Package\DFT.Properties[[Lookup].[x].[SqlCommand]]",
            pipeline.components[1].node,
            "SqlCommand",
            K::Component,
        ),
        (
            r"\Package\DFT.Properties[[Derive].[Out].[Twice].[Expression]]",
            pipeline.components[2].outputs[0].columns[0].node,
            "Expression",
            K::Column,
        ),
        (
            r"\Package\DFT.Properties[EngineThreads]",
            root.children[3].node,
            "EngineThreads",
            K::Executable,
        ),
        (
            r"\Package.EventHandlers[OnError].Properties[Disable]",
            handler.node,
            "Disable",
            K::Executable,
        ),
        (
            r"\Package.EventHandlers[OnError]\T.Properties[Disable]",
            handler.children[0].node,
            "Disable",
            K::Executable,
        ),
    ];
    for (path, node, property, kind) in table {
        let target = resolve_path(&package, path).unwrap_or_else(|e| panic!("{path}: {e}"));
        assert_eq!(
            (target.node, target.property.as_str(), target.kind),
            (node, property, kind),
            "{path}"
        );
    }
}

#[test]
fn what_names_nothing_is_said() {
    let package = package();
    let table = [
        (r"\Other\Task.Properties[Disable]", "malformed", 0xC001_2018),
        ("", "malformed", 0xC001_2018),
        (r"\Package", "malformed", 0xC001_2018),
        (
            r"\Package\Gone.Properties[Disable]",
            r"\Gone.Properties[Disable]",
            0xC001_F02F,
        ),
        (
            r"\Package.Variables[User::Gone].Properties[Value]",
            "[User::Gone].Properties[Value]",
            0xC001_F02F,
        ),
        (
            r"\Package.Variables[x].Properties[Value]",
            "ambiguous",
            0xC001_F032,
        ),
        (
            r"\Package\DFT.Properties[[Gone].[SqlCommand]]",
            ".Properties[[Gone].[SqlCommand]]",
            0xC001_F02F,
        ),
    ];
    for (path, rest, code) in table {
        let error = resolve_path(&package, path).unwrap_err();
        assert_eq!(error.code().0, code, "{path}");
        match &error {
            PathError::NotFound { rest: found, .. } => assert_eq!(found, rest, "{path}"),
            PathError::Ambiguous { .. } => assert_eq!(rest, "ambiguous"),
            PathError::Malformed { .. } => assert_eq!(rest, "malformed"),
        }
    }
}

#[test]
fn json_names_the_same_objects() {
    let json = package_json(&package());
    assert_eq!(
        json["root"]["executables"][0]["executables"][0]["path"],
        r"Package\Loop\Task"
    );
    assert_eq!(
        json["root"]["executables"][0]["enumerator"]["type"],
        "Microsoft.ForEachFileEnumerator"
    );
}
