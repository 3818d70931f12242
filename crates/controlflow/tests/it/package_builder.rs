//! Makes packages of format 8 from a few words.

use std::fmt::Write;
use std::sync::Arc;

use packmule_dtsx::{LoadOptions, Package, load_package};

/// Escapes a text for an attribute or element.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\r', "&#xD;")
        .replace('\n', "&#xA;")
}

/// One executable, with everything in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Exec {
    name: String,
    creation: String,
    attributes: String,
    inner: String,
    variables: String,
    children: Vec<Exec>,
    constraints: Vec<(usize, usize, String)>,
    handlers: Vec<(String, Exec)>,
    data: String,
}

fn new(name: &str, creation: &str) -> Exec {
    Exec {
        name: name.to_owned(),
        creation: creation.to_owned(),
        ..Exec::default()
    }
}

pub(crate) fn sequence(name: &str) -> Exec {
    new(name, "STOCK:SEQUENCE")
}

pub(crate) fn expression(name: &str, text: &str) -> Exec {
    new(name, "Microsoft.ExpressionTask")
        .data(format!("<ExpressionTask Expression=\"{}\"/>", escape(text)))
}

/// A task that fails: it divides by a variable that is 0.
pub(crate) fn failing(name: &str) -> Exec {
    expression(name, "@[User::sink] = 1 / @[User::zero]")
}

pub(crate) fn for_loop(name: &str, init: &str, eval: &str, assign: &str) -> Exec {
    new(name, "STOCK:FORLOOP")
        .attribute("InitExpression", init)
        .attribute("EvalExpression", eval)
        .attribute("AssignExpression", assign)
}

pub(crate) fn foreach(name: &str, enumerator: &str, mapping: &[(&str, i64)]) -> Exec {
    let mut inner = enumerator.to_owned();
    inner.push_str("<DTS:ForEachVariableMappings>");
    for (i, (variable, index)) in mapping.iter().enumerate() {
        let _ = write!(
            inner,
            "<DTS:ForEachVariableMapping DTS:refId=\"m{i}\" DTS:CreationName=\"\" \
             DTS:DTSID=\"{{00000000-0000-0000-0001-{i:012}}}\" DTS:ObjectName=\"{{m{i}}}\" \
             DTS:ValueIndex=\"{index}\" DTS:VariableName=\"{variable}\"/>"
        );
    }
    inner.push_str("</DTS:ForEachVariableMappings>");
    let mut exec = new(name, "STOCK:FOREACHLOOP");
    exec.inner = inner;
    exec
}

pub(crate) fn file_enumerator(folder: &str, spec: &str) -> String {
    format!(
        "<DTS:ForEachEnumerator DTS:CreationName=\"Microsoft.ForEachFileEnumerator\" \
         DTS:DTSID=\"{{E0000000-0000-0000-0000-000000000001}}\" DTS:ObjectName=\"e\">\
         <DTS:ObjectData><ForEachFileEnumeratorProperties><FEFEProperty Folder=\"{}\"/>\
         <FEFEProperty FileSpec=\"{}\"/><FEFEProperty FileNameRetrievalType=\"1\"/>\
         <FEFEProperty Recurse=\"0\"/></ForEachFileEnumeratorProperties></DTS:ObjectData>\
         </DTS:ForEachEnumerator>",
        escape(folder),
        escape(spec)
    )
}

pub(crate) fn ado_enumerator(variable: &str) -> String {
    format!(
        "<DTS:ForEachEnumerator DTS:CreationName=\"Microsoft.ForEachADOEnumerator\" \
         DTS:DTSID=\"{{E0000000-0000-0000-0000-000000000002}}\" DTS:ObjectName=\"e\">\
         <DTS:ObjectData><FEEADO EnumType=\"EnumerateRowsInFirstTable\" VarName=\"{variable}\"/>\
         </DTS:ObjectData></DTS:ForEachEnumerator>"
    )
}

/// An Execute SQL task; `attributes` and `bindings` as in a package.
pub(crate) fn sql(name: &str, text: &str, attributes: &str, bindings: &str) -> Exec {
    new(name, "Microsoft.ExecuteSQLTask").data(format!(
        "<SQLTask:SqlTaskData xmlns:SQLTask=\"www.microsoft.com/sqlserver/dts/tasks/sqltask\" \
         SQLTask:Connection=\"db\" SQLTask:SqlStatementSource=\"{}\" {attributes}>{bindings}\
         </SQLTask:SqlTaskData>",
        escape(text)
    ))
}

/// A task of any type.
pub(crate) fn task(name: &str, creation: &str, data: &str) -> Exec {
    new(name, creation).data(data.to_owned())
}

impl Exec {
    pub(crate) fn data(mut self, data: String) -> Self {
        self.data = data;
        self
    }

    /// Elements of its own, as a package has them.
    pub(crate) fn inside(mut self, xml: &str) -> Self {
        self.inner.push_str(xml);
        self
    }

    pub(crate) fn attribute(mut self, name: &str, value: &str) -> Self {
        let _ = write!(self.attributes, " DTS:{name}=\"{}\"", escape(value));
        self
    }

    pub(crate) fn property_expression(mut self, name: &str, text: &str) -> Self {
        let _ = write!(
            self.inner,
            "<DTS:PropertyExpression DTS:Name=\"{name}\">{}</DTS:PropertyExpression>",
            escape(text)
        );
        self
    }

    /// A variable: `User::x`, VARENUM, value.
    pub(crate) fn variable(self, name: &str, kind: u16, value: &str) -> Self {
        self.variable_with(name, kind, value, "")
    }

    pub(crate) fn variable_with(
        mut self,
        name: &str,
        kind: u16,
        value: &str,
        attributes: &str,
    ) -> Self {
        let (namespace, bare) = name.split_once("::").unwrap_or(("User", name));
        let id = self.variables.len();
        let _ = write!(
            self.variables,
            "<DTS:Variable DTS:Namespace=\"{namespace}\" DTS:ObjectName=\"{bare}\" \
             DTS:DTSID=\"{{B0000000-0000-0000-0000-{id:012}}}\" {attributes}>\
             <DTS:VariableValue DTS:DataType=\"{kind}\">{}</DTS:VariableValue></DTS:Variable>",
            escape(value)
        );
        self
    }

    pub(crate) fn child(mut self, child: Exec) -> Self {
        self.children.push(child);
        self
    }

    pub(crate) fn children(mut self, children: impl IntoIterator<Item = Exec>) -> Self {
        self.children.extend(children);
        self
    }

    /// A constraint between children; attributes as in a package (`DTS:Value="1"`).
    pub(crate) fn constraint(mut self, from: usize, to: usize, attributes: &str) -> Self {
        self.constraints.push((from, to, attributes.to_owned()));
        self
    }

    pub(crate) fn handler(mut self, event: &str, tasks: impl IntoIterator<Item = Exec>) -> Self {
        let mut handler = new(event, event).children(tasks);
        handler = handler.variable_with("System::Propagate", 11, "-1", "");
        self.handlers.push((event.to_owned(), handler));
        self
    }

    fn xml(&self, path: &str, next: &mut u32, element: &str, extra: &str) -> String {
        *next += 1;
        let id = *next;
        let mut out = format!(
            "<DTS:{element} DTS:refId=\"{}\" DTS:CreationName=\"{}\" {extra} DTS:ObjectName=\"{}\" \
             DTS:DTSID=\"{{A0000000-0000-0000-0000-{id:012}}}\" DTS:LocaleID=\"-1\"{}>",
            escape(path),
            self.creation,
            escape(&self.name),
            self.attributes
        );
        out.push_str(&self.body(path, next));
        let _ = write!(out, "</DTS:{element}>");
        out
    }

    fn body(&self, path: &str, next: &mut u32) -> String {
        let mut out = self.inner.clone();
        if !self.variables.is_empty() {
            let _ = write!(out, "<DTS:Variables>{}</DTS:Variables>", self.variables);
        }
        if !self.children.is_empty() {
            out.push_str("<DTS:Executables>");
            for child in &self.children {
                let below = format!("{path}\\{}", child.name);
                let extra = format!("DTS:ExecutableType=\"{}\"", child.creation);
                out.push_str(&child.xml(&below, next, "Executable", &extra));
            }
            out.push_str("</DTS:Executables>");
        }
        if !self.constraints.is_empty() {
            out.push_str("<DTS:PrecedenceConstraints>");
            for (i, (from, to, attributes)) in self.constraints.iter().enumerate() {
                let _ = write!(
                    out,
                    "<DTS:PrecedenceConstraint DTS:refId=\"{p}.PrecedenceConstraints[c{i}]\" \
                     DTS:CreationName=\"\" DTS:DTSID=\"{{C0000000-0000-0000-0000-{i:012}}}\" \
                     DTS:From=\"{p}\\{f}\" DTS:To=\"{p}\\{t}\" DTS:LogicalAnd=\"True\" \
                     DTS:ObjectName=\"c{i}\" {attributes}/>",
                    p = escape(path),
                    f = escape(&self.children[*from].name),
                    t = escape(&self.children[*to].name),
                );
            }
            out.push_str("</DTS:PrecedenceConstraints>");
        }
        if !self.handlers.is_empty() {
            out.push_str("<DTS:EventHandlers>");
            for (event, handler) in &self.handlers {
                let below = format!("{path}.EventHandlers[{event}]");
                let extra = format!("DTS:EventName=\"{event}\"");
                out.push_str(&handler.xml(&below, next, "EventHandler", &extra));
            }
            out.push_str("</DTS:EventHandlers>");
        }
        if !self.data.is_empty() {
            let _ = write!(out, "<DTS:ObjectData>{}</DTS:ObjectData>", self.data);
        }
        out
    }
}

/// A package.
#[derive(Debug, Clone)]
pub(crate) struct Builder {
    root: Exec,
    managers: String,
    parameters: String,
    logs: String,
}

/// A package that has the variables of most tests: `sink` (Int32) and `zero` (Int32 0).
pub(crate) fn package() -> Builder {
    Builder {
        root: new("P", "Microsoft.Package")
            .variable("User::sink", 3, "0")
            .variable("User::zero", 3, "0"),
        managers: String::new(),
        parameters: String::new(),
        logs: String::new(),
    }
}

impl Builder {
    pub(crate) fn root(mut self, change: impl FnOnce(Exec) -> Exec) -> Self {
        self.root = change(self.root);
        self
    }

    pub(crate) fn child(self, child: Exec) -> Self {
        self.root(|r| r.child(child))
    }

    pub(crate) fn variable(self, name: &str, kind: u16, value: &str) -> Self {
        self.root(|r| r.variable(name, kind, value))
    }

    /// A connection manager: name, type, connection string, further attributes.
    pub(crate) fn manager(mut self, name: &str, kind: &str, string: &str, more: &str) -> Self {
        let id = self.managers.len();
        let _ = write!(
            self.managers,
            "<DTS:ConnectionManager DTS:refId=\"Package.ConnectionManagers[{name}]\" \
             DTS:CreationName=\"{kind}\" DTS:DTSID=\"{{D0000000-0000-0000-0000-{id:012}}}\" \
             DTS:ObjectName=\"{name}\"><DTS:ObjectData><DTS:ConnectionManager \
             DTS:ConnectionString=\"{}\" {more}/></DTS:ObjectData></DTS:ConnectionManager>",
            escape(string)
        );
        self
    }

    /// A connection manager: name, type, what stands in its ObjectData.
    pub(crate) fn manager_of(mut self, name: &str, kind: &str, data: &str) -> Self {
        let id = self.managers.len();
        let _ = write!(
            self.managers,
            "<DTS:ConnectionManager DTS:refId=\"Package.ConnectionManagers[{name}]\" \
             DTS:CreationName=\"{kind}\" DTS:DTSID=\"{{D0000000-0000-0000-0000-{id:012}}}\" \
             DTS:ObjectName=\"{name}\"><DTS:ObjectData>{data}</DTS:ObjectData>\
             </DTS:ConnectionManager>"
        );
        self
    }

    /// A property expression of the manager that was added last.
    pub(crate) fn manager_expression(mut self, property: &str, text: &str) -> Self {
        let at = self.managers.rfind("<DTS:ObjectData>").expect("a manager");
        let expression = format!(
            "<DTS:PropertyExpression DTS:Name=\"{property}\">{}</DTS:PropertyExpression>",
            escape(text)
        );
        self.managers.insert_str(at, &expression);
        self
    }

    /// A package parameter: name, VARENUM, value, further attributes.
    pub(crate) fn parameter(mut self, name: &str, kind: u16, value: &str, more: &str) -> Self {
        let id = self.parameters.len();
        let _ = write!(
            self.parameters,
            "<DTS:PackageParameter DTS:CreationName=\"\" DTS:DataType=\"{kind}\" \
             DTS:DTSID=\"{{F0000000-0000-0000-0000-{id:012}}}\" DTS:ObjectName=\"{name}\" {more}>\
             <DTS:Property DTS:DataType=\"{kind}\" DTS:Name=\"ParameterValue\">{}</DTS:Property>\
             </DTS:PackageParameter>",
            escape(value)
        );
        self
    }

    /// A text log of all events of the package to a FILE connection.
    pub(crate) fn log_to(self, connection: &str) -> Self {
        self.log_by("Microsoft.LogProviderTextFile", connection)
    }

    /// A log of all events of the package by a provider of a type.
    pub(crate) fn log_by(mut self, provider: &str, connection: &str) -> Self {
        let id = "{70000000-0000-0000-0000-000000000001}";
        self.logs = format!(
            "<DTS:LogProviders><DTS:LogProvider DTS:ConfigString=\"{connection}\" \
             DTS:CreationName=\"{provider}\" DTS:DTSID=\"{id}\" \
             DTS:ObjectName=\"log\"><DTS:ObjectData><InnerObject/></DTS:ObjectData>\
             </DTS:LogProvider></DTS:LogProviders>"
        );
        self.root.inner.push_str(&format!(
            "<DTS:LoggingOptions DTS:LoggingMode=\"1\" DTS:FilterKind=\"1\">\
             <DTS:SelectedLogProviders><DTS:SelectedLogProvider DTS:InstanceID=\"{id}\"/>\
             </DTS:SelectedLogProviders></DTS:LoggingOptions>"
        ));
        self
    }

    pub(crate) fn xml(&self) -> String {
        let mut next = 0;
        let body = self.root.body("Package", &mut next);
        format!(
            "<?xml version=\"1.0\"?><DTS:Executable xmlns:DTS=\"www.microsoft.com/SqlServer/Dts\" \
             DTS:refId=\"Package\" DTS:CreationName=\"Microsoft.Package\" \
             DTS:ExecutableType=\"Microsoft.Package\" DTS:ObjectName=\"P\" \
             DTS:DTSID=\"{{A0000000-0000-0000-0000-0000000000FF}}\" DTS:LocaleID=\"1033\"{}>\
             <DTS:Property DTS:Name=\"PackageFormatVersion\">8</DTS:Property>\
             <DTS:ConnectionManagers>{}</DTS:ConnectionManagers>\
             <DTS:PackageParameters>{}</DTS:PackageParameters>{}{body}</DTS:Executable>",
            self.root.attributes, self.managers, self.parameters, self.logs
        )
    }

    pub(crate) fn build(&self) -> Arc<Package> {
        load(&self.xml(), "P.dtsx")
    }
}

pub(crate) fn load(xml: &str, file: &str) -> Arc<Package> {
    let options = LoadOptions {
        file,
        password: None,
    };
    let loaded = load_package(xml.as_bytes(), &options).expect("a package");
    for finding in &loaded.findings {
        println!(
            "finding: {} {} {}",
            finding.location, finding.place, finding.message
        );
    }
    Arc::new(loaded.value)
}
