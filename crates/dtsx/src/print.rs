//! The printed tree of a package or project, as `packmule inspect` shows it.
//!
//! Two blanks per level; passwords are shown as `***`, long texts by their start.

use std::fmt::Write;

use crate::model::{
    Component, ComponentProperty, ConnectionManager, Element, Executable, ExecutableKind,
    ExternalColumn, Package, Parameter, Pipeline, Project, PropertyExpression, Variable,
};
use crate::protect;
use crate::show;

/// Appends the tree of a package to a text.
pub fn print_tree(package: &Package, out: &mut String) {
    let mut printer = Printer { out, level: 0 };
    printer.package(package);
}

/// Appends the tree of a project and of its packages to a text.
pub fn print_project(project: &Project, out: &mut String) {
    let mut printer = Printer { out, level: 0 };
    printer.line(&format!(
        "project {} ({})",
        project.name,
        show::protection_level(project.protection_level)
    ));
    printer.level += 1;
    printer.parameters(&project.parameters);
    printer.connections(&project.connection_managers);
    for package in &project.packages {
        printer.package(package);
    }
}

struct Printer<'a> {
    out: &'a mut String,
    level: usize,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.out, "{:indent$}{text}", "", indent = self.level * 2);
    }

    /// A heading with lines below, left out when there is nothing below.
    fn section<T>(&mut self, title: &str, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        if items.is_empty() {
            return;
        }
        self.line(title);
        self.level += 1;
        for item in items {
            each(self, item);
        }
        self.level -= 1;
    }

    fn package(&mut self, package: &Package) {
        self.line(&format!(
            "package {} (format {}, {})",
            package.root.name,
            show::format_number(package.format),
            show::protection_level(package.protection_level)
        ));
        self.level += 1;
        self.parameters(&package.parameters);
        self.connections(&package.connection_managers);
        self.section("configurations", &package.configurations, |p, c| {
            p.line(&format!(
                "{}: type {} string \"{}\" target \"{}\"",
                c.name,
                c.configuration_type,
                show::line(&c.configuration_string),
                c.configuration_variable
            ));
        });
        self.section("log providers", &package.log_providers, |p, l| {
            p.line(&format!(
                "{}: {} to \"{}\"",
                l.name, l.type_name, l.config_string
            ));
            p.expressions(&l.property_expressions);
        });
        self.inside(&package.root);
        self.level -= 1;
    }

    fn parameters(&mut self, parameters: &[Parameter]) {
        self.section("parameters", parameters, |p, parameter| {
            let mut text = format!(
                "{}: {} = {}",
                parameter.name,
                parameter.variable_type,
                show::parameter_value(parameter)
            );
            for (on, word) in [
                (parameter.required, " required"),
                (parameter.sensitive, " sensitive"),
            ] {
                if on {
                    text.push_str(word);
                }
            }
            p.line(&text);
        });
    }

    fn connections(&mut self, managers: &[ConnectionManager]) {
        self.section("connections", managers, |p, manager| {
            p.line(&format!(
                "{}: {}",
                manager.name,
                show::connection_type(manager)
            ));
            p.level += 1;
            for property in &manager.properties.0 {
                p.line(&format!(
                    "{} = {}",
                    property.name,
                    show::property_value(property)
                ));
            }
            p.expressions(&manager.property_expressions);
            p.section("columns", &manager.flat_file_columns, |p, column| {
                p.line(&format!(
                    "{}: {} {} delimiter \"{}\" width {}{}",
                    column.name,
                    column.data_type,
                    column.column_type,
                    show::line(&column.delimiter),
                    column.width,
                    if column.text_qualified {
                        " qualified"
                    } else {
                        ""
                    }
                ));
            });
            p.section("cache columns", &manager.cache_columns, |p, column| {
                p.line(&format!(
                    "{}: {} key position {}",
                    column.name, column.data_type, column.index_position
                ));
            });
            if let Some(data) = &manager.data {
                p.element(data);
            }
            p.level -= 1;
        });
    }

    fn expressions(&mut self, expressions: &[PropertyExpression]) {
        for expression in expressions {
            self.line(&format!(
                "{} := {}",
                expression.property,
                show::line(&expression.expression)
            ));
        }
    }

    fn variables(&mut self, variables: &[Variable]) {
        self.section("variables", variables, |p, variable| {
            let mut text = format!(
                "{}::{}: {} = {}",
                variable.namespace,
                variable.name,
                variable.variable_type,
                show::value(&variable.value)
            );
            if let Some(expression) = &variable.expression {
                let sign = if variable.evaluate_as_expression {
                    ":="
                } else {
                    "unused expression"
                };
                text.push_str(&format!(" {sign} {}", show::line(expression)));
            }
            for (on, word) in [
                (variable.read_only, " read-only"),
                (variable.raise_changed_event, " raises changed event"),
            ] {
                if on {
                    text.push_str(word);
                }
            }
            p.line(&text);
        });
    }

    fn executable(&mut self, executable: &Executable) {
        self.line(&format!("{}: {}", executable.name, show::kind(executable)));
        self.level += 1;
        self.inside(executable);
        self.level -= 1;
    }

    /// What an executable holds. Recursion is as deep as the package, which is bounded.
    fn inside(&mut self, executable: &Executable) {
        for property in &executable.properties.0 {
            if show::shown_property(&property.name) {
                self.line(&format!(
                    "{} = {}",
                    property.name,
                    show::property_value(property)
                ));
            }
        }
        self.expressions(&executable.property_expressions);
        self.variables(&executable.variables);
        self.logging(executable);
        match &executable.kind {
            ExecutableKind::ForeachLoop(foreach) => {
                self.line(&format!("enumerator {}", foreach.enumerator.type_name));
                self.level += 1;
                self.expressions(&foreach.enumerator.property_expressions);
                if let Some(data) = &foreach.enumerator.data {
                    self.element(data);
                }
                for mapping in &foreach.mappings {
                    self.line(&format!("value {} -> {}", mapping.index, mapping.variable));
                }
                self.level -= 1;
            }
            ExecutableKind::Task(task) => {
                if let Some(data) = &task.data {
                    self.element(data);
                }
                if let Some(pipeline) = &task.pipeline {
                    self.pipeline(pipeline);
                }
            }
            _ => {}
        }
        self.section("executables", &executable.children, Self::executable);
        self.section("constraints", &executable.constraints, |p, constraint| {
            let name = |end: Option<usize>| {
                end.and_then(|i| executable.children.get(i))
                    .map_or("(nothing)", |child| child.name.as_str())
            };
            p.line(&format!(
                "{} -> {}: {}{}",
                name(constraint.from),
                name(constraint.to),
                show::constraint_rule(constraint),
                if constraint.logical_and { "" } else { " (or)" }
            ));
        });
        self.section(
            "event handlers",
            &executable.event_handlers,
            |p, handler| {
                p.executable(handler);
            },
        );
    }

    fn logging(&mut self, executable: &Executable) {
        let logging = &executable.logging;
        if logging.mode == 0 && logging.event_filter.is_empty() {
            return;
        }
        self.line(&format!(
            "logging mode {} filter {} [{}] providers [{}]",
            logging.mode,
            logging.filter_kind,
            logging.event_filter.join(", "),
            logging.selected_providers.join(", ")
        ));
    }

    /// An element of a task, enumerator or connection manager.
    fn element(&mut self, element: &Element) {
        let mut text = format!("<{}>", element.name);
        for (name, value) in &element.attributes {
            text.push_str(&format!(" {name}=\"{}\"", show::line(value)));
        }
        if protect::is_closed(element) {
            text.push_str(" (encrypted)");
        } else if protect::is_sensitive(element) {
            text.push_str(" ***");
        } else if !element.text.trim().is_empty() {
            text.push_str(&format!(" {}", show::line(&element.text)));
        }
        self.line(&text);
        self.level += 1;
        for child in &element.children {
            self.element(child);
        }
        self.level -= 1;
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        for property in &pipeline.properties.0 {
            self.line(&format!(
                "{} = {}",
                property.name,
                show::property_value(property)
            ));
        }
        self.section("components", &pipeline.components, Self::component);
        self.section("paths", &pipeline.paths, |p, path| {
            let from = pipeline
                .components
                .get(path.from.0)
                .and_then(|c| Some((&c.name, &c.outputs.get(path.from.1)?.name)));
            let to = pipeline
                .components
                .get(path.to.0)
                .and_then(|c| Some((&c.name, &c.inputs.get(path.to.1)?.name)));
            if let (Some((from, output)), Some((to, input))) = (from, to) {
                p.line(&format!("{from}.{output} -> {to}.{input}"));
            }
        });
    }

    fn component(&mut self, component: &Component) {
        self.line(&format!(
            "{} [{}]: {}",
            component.name, component.id, component.class
        ));
        self.level += 1;
        self.properties(&component.properties);
        for connection in &component.connections {
            let target = if connection.manager_ref_id.is_empty() {
                &connection.manager_id
            } else {
                &connection.manager_ref_id
            };
            self.line(&format!("connection {} = {target}", connection.name));
        }
        for input in &component.inputs {
            self.line(&format!(
                "input {} [{}]{}",
                input.name,
                input.id,
                dispositions(input.error_disposition, input.truncation_disposition)
            ));
            self.level += 1;
            self.properties(&input.properties);
            for column in &input.columns {
                let cached = column
                    .cached_type
                    .map_or(String::new(), |t| format!(": {t}"));
                self.line(&format!(
                    "uses #{} {}{cached} {}{}{}",
                    column.lineage.0,
                    column.name,
                    show::usage(column.usage),
                    mapped(&column.external),
                    dispositions(column.error_disposition, column.truncation_disposition)
                ));
                self.nested(&column.properties);
            }
            self.external(&input.external_columns);
            self.level -= 1;
        }
        for output in &component.outputs {
            self.output(component, output);
        }
        self.level -= 1;
    }

    fn output(&mut self, component: &Component, output: &crate::model::Output) {
        let mut text = format!("output {} [{}]", output.name, output.id);
        if let Some(input) = output
            .synchronous_input
            .and_then(|i| component.inputs.get(i))
        {
            text.push_str(&format!(" synchronous to {}", input.name));
        }
        if output.exclusion_group != 0 {
            text.push_str(&format!(" group {}", output.exclusion_group));
        }
        for (on, word) in [(output.is_error, " error"), (output.is_sorted, " sorted")] {
            if on {
                text.push_str(word);
            }
        }
        text.push_str(&dispositions(
            output.error_disposition,
            output.truncation_disposition,
        ));
        self.line(&text);
        self.level += 1;
        self.properties(&output.properties);
        for column in &output.columns {
            let sort = match column.sort_key_position {
                0 => String::new(),
                position => format!(" sort key {position}"),
            };
            self.line(&format!(
                "#{} {}: {}{sort}{}{}",
                column.lineage.0,
                column.name,
                column.column_type,
                mapped(&column.external),
                dispositions(column.error_disposition, column.truncation_disposition)
            ));
            self.nested(&column.properties);
        }
        self.external(&output.external_columns);
        self.level -= 1;
    }

    fn nested(&mut self, properties: &[ComponentProperty]) {
        self.level += 1;
        self.properties(properties);
        self.level -= 1;
    }

    fn properties(&mut self, properties: &[ComponentProperty]) {
        for property in properties {
            let value = match (&property.value, &property.array) {
                (Some(value), _) => show::line(value),
                (None, Some(array)) => format!("({} elements)", array.len()),
                (None, None) => "NULL".to_owned(),
            };
            self.line(&format!("{} = {value}", property.name));
        }
    }

    fn external(&mut self, columns: &[ExternalColumn]) {
        self.section("external columns", columns, |p, column| {
            p.line(&format!("{}: {}", column.name, column.column_type));
            p.nested(&column.properties);
        });
    }
}

fn mapped(external: &str) -> String {
    if external.is_empty() {
        return String::new();
    }
    let name = external
        .rsplit_once(".ExternalColumns[")
        .and_then(|(_, name)| name.strip_suffix(']'))
        .unwrap_or(external);
    format!(" <-> {name}")
}

fn dispositions(error: crate::model::Disposition, truncation: crate::model::Disposition) -> String {
    use crate::model::Disposition::NotUsed;
    match (error, truncation) {
        (NotUsed, NotUsed) => String::new(),
        (error, truncation) => format!(
            " on error {}, on truncation {}",
            show::disposition(error),
            show::disposition(truncation)
        ),
    }
}
