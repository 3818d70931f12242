import {
  Badge,
  Button,
  Divider,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  ScrollArea,
  Select,
  Skeleton,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../api/client";
import type { Package, Parameter, ParameterValue } from "../api/types";
import { Failure } from "../components/Notes";
import { go } from "../components/useRoute";
import { packageTitle } from "../lib/format";
import { fieldOf, parameterValue, textOf } from "../lib/parameter";

const LEVELS = [
  { value: "0", label: "None" },
  { value: "1", label: "Basic" },
  { value: "2", label: "Performance" },
  { value: "3", label: "Verbose" },
];

const keyOf = (parameter: Parameter) => `${parameter.object_type} ${parameter.parameter_name}`;

/** Starts an execution of one package, with parameters. */
export function ExecuteDialog({ chosen, onClose }: { chosen: Package; onClose: () => void }) {
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [level, setLevel] = useState<string | null>("1");
  const [retries, setRetries] = useState<number | string>(0);
  const [workers, setWorkers] = useState<string[]>([]);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const queries = useQueryClient();
  const known = useQuery({
    queryKey: ["parameters", chosen.folder_name, chosen.project_name],
    queryFn: async ({ signal }) =>
      unwrap(
        await api.GET("/api/v1/folders/{folder_name}/projects/{project_name}/parameters", {
          params: {
            path: { folder_name: chosen.folder_name, project_name: chosen.project_name },
          },
          signal,
        }),
      ),
  });
  const agents = useQuery({
    queryKey: ["workers"],
    queryFn: async ({ signal }) => unwrap(await api.GET("/api/v1/workers", { signal })),
  });
  const parameters = (known.data?.items ?? []).filter(
    (item) =>
      (item.object_type === 20 || item.object_name === chosen.name) &&
      !item.parameter_name.startsWith("CM."),
  );
  const problems = problemsOf(parameters, texts);
  const start = useMutation({
    mutationFn: async () =>
      unwrap(
        await api.POST("/api/v1/executions", {
          params: { header: { "Idempotency-Key": idempotencyKey } },
          body: {
            packages: [
              {
                folder_name: chosen.folder_name,
                project_name: chosen.project_name,
                package_name: chosen.name,
              },
            ],
            parameters: changedValues(parameters, texts),
            logging_level: Number(level ?? 1),
            retry_count: Number(retries) || 0,
            workers,
          },
        }),
      ),
    onSuccess: (started) => {
      void queries.invalidateQueries({ queryKey: ["executions"] });
      onClose();
      const first = started.executions[0];
      if (first) go({ view: "execution", id: first.execution_id });
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={
        <div>
          <Text fw={700} size="lg">
            Execute {packageTitle(chosen.name)}
          </Text>
          <Text size="sm" c="dimmed">
            {chosen.folder_name} / {chosen.project_name}
          </Text>
        </div>
      }
      scrollAreaComponent={ScrollArea.Autosize}
    >
      <Stack>
        {known.isPending && <Skeleton height={90} />}
        {known.isError && <Failure error={known.error} />}
        {known.isSuccess && parameters.length === 0 && (
          <Text size="sm" c="dimmed">
            The package has no parameters.
          </Text>
        )}
        {parameters.map((parameter) => (
          <ParameterField
            key={keyOf(parameter)}
            parameter={parameter}
            text={texts[keyOf(parameter)]}
            problem={problems[keyOf(parameter)]}
            onText={(text) => setTexts({ ...texts, [keyOf(parameter)]: text })}
          />
        ))}
        <Divider />
        <Group grow align="flex-start">
          <Select
            label="Logging level"
            data={LEVELS}
            value={level}
            onChange={setLevel}
            allowDeselect={false}
          />
          <NumberInput
            label="Retry count"
            min={0}
            max={1000}
            value={retries}
            onChange={setRetries}
            allowDecimal={false}
          />
        </Group>
        <MultiSelect
          label="Workers"
          placeholder={workers.length ? undefined : "Any"}
          data={(agents.data?.items ?? []).map((worker) => ({
            value: worker.worker_agent_id,
            label: worker.display_name || worker.machine_name,
            disabled: !worker.is_enabled,
          }))}
          value={workers}
          onChange={setWorkers}
          clearable
        />
        {start.isError && <Failure error={start.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            leftSection={<IconPlayerPlay size={16} />}
            loading={start.isPending}
            disabled={!known.isSuccess || Object.keys(problems).length > 0}
            onClick={() => start.mutate()}
          >
            Execute
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function ParameterField(props: {
  parameter: Parameter;
  text: string | undefined;
  problem: string | undefined;
  onText: (text: string) => void;
}) {
  const { parameter } = props;
  const given = inForce(parameter);
  const label = (
    <Group gap={6} component="span" display="inline-flex">
      {parameter.parameter_name}
      <Badge size="xs" color="gray" tt="none">
        {parameter.data_type}
      </Badge>
      {parameter.object_type === 20 && (
        <Badge size="xs" tt="none">
          project
        </Badge>
      )}
    </Group>
  );
  const shared = {
    label,
    description: parameter.description || undefined,
    error: props.text === undefined ? undefined : props.problem,
    withAsterisk: parameter.required,
  };
  if (fieldOf(parameter.data_type) === "boolean") {
    const checked = (props.text ?? given).toLowerCase() === "true";
    return (
      <Switch
        label={label}
        description={shared.description}
        checked={checked}
        onChange={(event) => props.onText(String(event.currentTarget.checked))}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      type={parameter.sensitive ? "password" : "text"}
      autoComplete="off"
      placeholder={parameter.sensitive ? "kept secret" : undefined}
      inputMode={fieldOf(parameter.data_type) === "number" ? "decimal" : undefined}
      value={props.text ?? given}
      onChange={(event) => props.onText(event.currentTarget.value)}
    />
  );
}

/** The text of the value that holds when none is given. */
function inForce(parameter: Parameter): string {
  if (parameter.value_set) return textOf(parameter.default_value);
  return parameter.required ? "" : textOf(parameter.design_default_value);
}

function problemsOf(parameters: Parameter[], texts: Record<string, string>) {
  const problems: Record<string, string> = {};
  for (const parameter of parameters) {
    const text = texts[keyOf(parameter)];
    if (text === undefined) {
      const boolean = fieldOf(parameter.data_type) === "boolean";
      if (parameter.required && !parameter.value_set && !boolean) {
        problems[keyOf(parameter)] = "a value is needed";
      }
      continue;
    }
    const value = parameterValue(parameter.data_type, text);
    if ("problem" in value) problems[keyOf(parameter)] = value.problem;
  }
  return problems;
}

function changedValues(parameters: Parameter[], texts: Record<string, string>): ParameterValue[] {
  return parameters.flatMap((parameter) => {
    const missing = parameter.required && !parameter.value_set;
    const boolean = fieldOf(parameter.data_type) === "boolean";
    const text = texts[keyOf(parameter)] ?? (missing && boolean ? "false" : undefined);
    if (text === undefined) return [];
    const value = parameterValue(parameter.data_type, text);
    if ("problem" in value) return [];
    return [
      {
        object_type: parameter.object_type,
        parameter_name: parameter.parameter_name,
        value: value.value,
      },
    ];
  });
}
