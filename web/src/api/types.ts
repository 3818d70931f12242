/** Short names for the shapes that the server describes. */

import type { components } from "./schema";

type Schemas = components["schemas"];

export type Execution = Schemas["Execution"];
export type ExecutionDetail = Schemas["ExecutionDetail"];
export type EventMessage = Schemas["EventMessage"];
export type Executable = Schemas["Executable"];
export type ExecutionAttempt = Schemas["ExecutionAttempt"];
export type PathRows = Schemas["PathRows"];
export type Worker = Schemas["Worker"];
export type ChangeWorker = Schemas["ChangeWorker"];
export type Folder = Schemas["Folder"];
export type Project = Schemas["Project"];
export type Package = Schemas["Package"];
export type Parameter = Schemas["Parameter"];
export type ParameterValue = Schemas["ParameterValue"];
export type StartExecutions = Schemas["StartExecutions"];
export type Problem = Schemas["Problem"];
export type LiveEvent = Schemas["LiveEvent"];
