//! The life of a script: its phases, variables, exceptions, cancelling; what is refused.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use packmule_dataflow::run::{Substitutes, execute_with};
use packmule_dataflow::site::FlowContext;
use packmule_dataflow::testing::{
    FlowBuilder, InMemory, Recorder, context, flat_file, services, variable,
};
use packmule_runtime::events::{EventKind, EventSink, Reply};
use packmule_runtime::{Event, Events};
use packmule_scripts::Scripts;
use packmule_types::{ColumnType, Value, VariableType};

use super::wrappers::{Variables, script};
use super::{component, said, settings};
use crate::harness::{I4, numbers, run_once};

const SAY: &str = "void Say(string text) { bool again = true; ComponentMetaData.FireInformation(1, \"\", text, \"\", 0, ref again); }";

/// A destination that reads numbers, with a script.
fn destination(main: &str, variables: Variables<'_>) -> FlowBuilder {
    let text = ColumnType::wstr(50);
    let mut flow = FlowBuilder::new();
    let (source, lineages) = flow.source("Source", &[("Number", I4), ("Text", text)]);
    let at = component(&mut flow, "SCR Destination");
    flow.input(at, "Input 0");
    flow.input_column(at, 0, lineages[0]);
    flow.path((source, 0), (at, 0));
    script(&mut flow, at, main, variables);
    flow
}

fn run(
    flow: FlowBuilder,
    change: impl FnOnce(&mut FlowContext),
) -> (bool, FlowContext, Arc<Recorder>) {
    let recorder = Arc::new(Recorder::default());
    let mut package = flow.package();
    package.root.variables = vec![
        variable("Factor", VariableType::Int32, Value::I4(3)),
        variable("Total", VariableType::Int32, Value::I4(-1)),
    ];
    let file = flat_file("Files", Path::new("/srv/data/a.txt"), &[], Vec::new());
    package.connection_managers = vec![file];
    let mut context = context(package, &recorder, &settings());
    change(&mut context);
    let substitutes = Substitutes::default().memory_source("Source", numbers(20), 7, None);
    let succeeded = execute_with(&context, substitutes).is_ok();
    (succeeded, context, recorder)
}

#[test]
fn phases_and_variables() {
    let main = format!(
        "{SAY} int total;
        public override void AcquireConnections(object Transaction) {{ base.AcquireConnections(Transaction); Say(\"AcquireConnections\"); }}
        public override void PreExecute() {{ base.PreExecute(); Say(\"PreExecute \" + Variables.Factor);
            try {{ Variables.Total = 1; }} catch (Exception e) {{ Say(e.Message); }} }}
        public override void Input0_ProcessInputRow(Input0Buffer Row) {{ total += Row.Number * Variables.Factor; }}
        public override void PostExecute() {{ base.PostExecute(); Variables.Total = total; Say(\"PostExecute\"); }}
        public override void ReleaseConnections() {{ Say(\"ReleaseConnections\"); base.ReleaseConnections(); }}"
    );
    let variables = [("User::Factor", "int", false), ("Total", "int", true)];
    let (succeeded, context, recorder) = run(destination(&main, &variables), |_| {});
    assert!(succeeded, "{:?}", recorder.errors());
    let expected = [
        "AcquireConnections",
        "PreExecute 3",
        "The collection of variables locked for read and write access is not available outside of PostExecute.",
        "PostExecute",
        "ReleaseConnections",
    ];
    assert_eq!(said(&recorder), expected);
    let total = context.scope.get("User::Total").unwrap();
    assert_eq!(total, Value::I4(3 * 190));
}

#[test]
fn connections_are_those_of_the_package() {
    let mut flow = FlowBuilder::new();
    let (source, lineages) =
        flow.source("Source", &[("Number", I4), ("Text", ColumnType::wstr(50))]);
    let at = component(&mut flow, "SCR Destination");
    flow.input(at, "Input 0");
    flow.input_column(at, 0, lineages[0]);
    flow.path((source, 0), (at, 0));
    flow.connect(at, "Input files", "{Files}");
    let id = flow.pipeline.components[at].connections[0].id;
    let main = format!(
        "{SAY} public override void AcquireConnections(object Transaction) {{
            Say((string)Connections.Inputfiles.AcquireConnection(Transaction));
            Say(ComponentMetaData.RuntimeConnectionCollection.GetObjectByID({id}).ConnectionManager.ConnectionString); }}"
    );
    script(&mut flow, at, &main, &[]);
    let (succeeded, _, recorder) = run(flow, |_| {});
    assert!(succeeded, "{:?}", recorder.errors());
    assert_eq!(said(&recorder), ["/srv/data/a.txt", "/srv/data/a.txt"]);
}

/// One that cannot be opened ends those that were opened before, without their PostExecute.
#[test]
fn what_was_opened_is_released_when_another_one_fails() {
    let mut flow = FlowBuilder::new();
    let (source, lineages) =
        flow.source("Source", &[("Number", I4), ("Text", ColumnType::wstr(50))]);
    let first = component(&mut flow, "SCR First");
    let last = component(&mut flow, "SCR Last");
    for at in [first, last] {
        flow.input(at, "Input 0");
        flow.input_column(at, 0, lineages[0]);
    }
    let output = flow.output(first, "Output 0", Some(0));
    flow.path((source, 0), (first, 0));
    flow.path((first, output), (last, 0));
    let main = format!(
        "{SAY} public override void PostExecute() {{ Say(\"PostExecute\"); }}
        public override void ReleaseConnections() {{ Say(\"ReleaseConnections\"); }}"
    );
    script(&mut flow, first, &main, &[]);
    let main = "public override void PreExecute() { throw new Exception(\"not today\"); }";
    script(&mut flow, last, main, &[]);
    let (succeeded, _, recorder) = run(flow, |_| {});
    assert!(!succeeded);
    assert_eq!(said(&recorder), ["ReleaseConnections"]);
    assert_eq!(recorder.errors().len(), 2, "{:?}", recorder.errors());
}

#[test]
fn exceptions_are_ssis_s_errors() {
    let throws = "throw new DivideByZeroException(\"broken\");";
    let body = |phase: &str| match phase {
        "PreExecute" => format!("public override void PreExecute() {{ {throws} }}"),
        "PostExecute" => format!("public override void PostExecute() {{ {throws} }}"),
        _ => format!(
            "public override void Input0_ProcessInputRow(Input0Buffer Row) {{ if (Row.Number == 9) {throws} }}"
        ),
    };
    // the exception's text and stack, then what the engine says of the method
    let cases = [
        ("PreExecute", "0xC004701A"),
        ("Input0_ProcessInputRow", "0xC0047022"),
        ("PostExecute", "0xC0047018"),
    ];
    for (phase, outer) in cases {
        let (succeeded, _, recorder) = run(destination(&body(phase), &[]), |_| {});
        assert!(!succeeded, "{phase}");
        let errors = recorder.errors();
        let first = "0xC0047062 System.DivideByZeroException: broken";
        assert!(errors[0].starts_with(first), "{phase}: {errors:?}");
        assert!(
            errors[0].contains(&format!("ScriptMain.{phase}")),
            "{phase}: {errors:?}"
        );
        assert!(errors[1].starts_with(outer), "{phase}: {errors:?}");
        if phase.starts_with("Input0") {
            // COR_E_DIVIDEBYZERO
            assert!(errors[1].contains("80020012"), "{errors:?}");
        }
        assert_eq!(errors.len(), 2, "{phase}: {errors:?}");
        let events = recorder.events.lock();
        let thrown = events.iter().find(|e| e.kind == EventKind::Error).unwrap();
        assert!(
            thrown.subcomponent.starts_with("SCR Destination ["),
            "{}",
            thrown.subcomponent
        );
    }
}

#[test]
fn a_source_that_throws_fails_in_prime_output() {
    let mut flow = FlowBuilder::new();
    let source = component(&mut flow, "SCR Source");
    let output = flow.output(source, "Output 0", None);
    let number = flow.output_column(source, output, "Number", I4);
    let main = "public override void CreateNewOutputRows() {
        Output0Buffer.AddRow(); Output0Buffer.Number = 1; throw new InvalidOperationException(\"no more\"); }";
    script(&mut flow, source, main, &[]);
    let destination = flow.destination("Destination", &[number]);
    flow.path((source, output), (destination, 0));
    let outcome = run_once(flow, &[], &["Destination"], 1, &settings());
    let errors = outcome.recorder.errors();
    assert!(!outcome.succeeded);
    assert!(
        errors[0].starts_with("0xC0047062 System.InvalidOperationException: no more"),
        "{errors:?}"
    );
    assert!(errors[1].starts_with("0xC0047038"), "{errors:?}");
    // COR_E_INVALIDOPERATION
    assert!(errors[1].contains("80131509"), "{errors:?}");
}

#[test]
fn fire_error_is_an_error_of_the_component() {
    let main = "public override void PostExecute() { bool cancel; ComponentMetaData.FireError(42, \"sub\", \"wrong rows\", \"\", 0, out cancel); }";
    let (_, _, recorder) = run(destination(main, &[]), |_| {});
    let events = recorder.events.lock();
    let fired = events.iter().find(|e| e.kind == EventKind::Error).unwrap();
    assert_eq!(
        (fired.code.0, fired.description.as_str()),
        (42, "wrong rows")
    );
}

#[test]
fn environment_exit_fails_the_component_only() {
    let main =
        "public override void Input0_ProcessInputRow(Input0Buffer Row) { Environment.Exit(7); }";
    let (succeeded, _, recorder) = run(destination(main, &[]), |_| {});
    assert!(!succeeded);
    let errors = recorder.errors();
    assert!(errors[0].contains("Environment.Exit(7)"), "{errors:?}");
}

/// Does something when the script says `now`.
struct WhenSaid {
    act: Box<dyn Fn() + Send + Sync>,
    recorder: Arc<Recorder>,
}

impl EventSink for WhenSaid {
    fn raise(&self, event: Event) -> Reply {
        if event.description == "now" {
            (self.act)();
        }
        self.recorder.raise(event)
    }
}

/// Puts such a sink before the recorder of a flow.
fn when_said(
    context: &mut FlowContext,
    recorder: &Arc<Recorder>,
    act: impl Fn() + Send + Sync + 'static,
) {
    let sink = WhenSaid {
        act: Box::new(act),
        recorder: Arc::clone(recorder),
    };
    let (services, _) = services(recorder, &settings());
    let source = context.events.source().clone();
    context.events = Events::new(Arc::new(sink), services.clock, source);
}

fn endless() -> FlowBuilder {
    let main = format!(
        "{SAY} public override void Input0_ProcessInputRow(Input0Buffer Row) {{ Say(\"now\"); while (true) {{ }} }}"
    );
    destination(&main, &[])
}

#[test]
fn an_endless_loop_is_cancelled() {
    let seen = Arc::new(Recorder::default());
    let (succeeded, _, _) = run(endless(), |context| {
        let cancel = context.services.cancel.clone();
        when_said(context, &seen, move || cancel.cancel());
    });
    assert!(!succeeded);
    assert_eq!(seen.errors(), [""; 0]);
}

#[test]
fn a_killed_host_fails_the_component_and_the_next_one_gets_another() {
    let seen = Arc::new(Recorder::default());
    let (succeeded, context, _) = run(endless(), |context| {
        // a host of its own: other tests run in the shared one
        context.services.parts = Default::default();
        let services = context.services.clone();
        when_said(context, &seen, move || {
            let host = Scripts::of(&services).host().unwrap();
            let mut kill = Command::new("kill");
            let killed = kill.args(["-9", &host.process_id().to_string()]).status();
            assert!(killed.unwrap().success());
        });
    });
    assert!(!succeeded);
    let errors = seen.errors();
    assert!(errors[0].contains("the script host ended"), "{errors:?}");
    assert!(errors[0].contains("SIGKILL"), "{errors:?}");
    assert!(errors[1].starts_with("0xC0047022"), "{errors:?}");
    assert_eq!(errors.len(), 2, "{errors:?}");
    let main = format!("{SAY} public override void PostExecute() {{ Say(\"again\"); }}");
    let (succeeded, _, recorder) = run(destination(&main, &[]), |next| {
        next.services.parts = context.services.parts.clone();
    });
    assert!(succeeded, "{:?}", recorder.errors());
    assert_eq!(said(&recorder), ["again"]);
}

#[test]
fn what_does_not_compile_is_refused_before_anything_runs() {
    let main = "public override void Input0_ProcessInputRow(Input0Buffer Row) { Row.Nowhere = 1; }";
    let (succeeded, _, recorder) = run(destination(main, &[]), |_| {});
    assert!(!succeeded);
    let errors = recorder.errors();
    assert!(
        errors[0].contains("Nowhere") && errors[0].contains("main.cs"),
        "{errors:?}"
    );
    assert!(
        errors.iter().any(|e| e.starts_with("0xC004706B")),
        "{errors:?}"
    );
}

#[test]
fn wrapper_classes_that_do_not_fit_the_columns_are_refused() {
    let mut flow = destination("", &[]);
    // a column more than the designer knew when it made the classes
    let text = flow.pipeline.components[0].outputs[0].columns[1].lineage;
    flow.input_column(1, 0, text);
    let (succeeded, _, recorder) = run(flow, |_| {});
    assert!(!succeeded);
    let errors = recorder.errors();
    assert!(
        errors[0].contains("Text") || errors[0].contains("Input0Buffer"),
        "{errors:?}"
    );
    assert!(errors[1].starts_with("0xC004701A"), "{errors:?}");
}
