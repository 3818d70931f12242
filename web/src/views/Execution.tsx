import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Group,
  Stack,
  Text,
  Title,
  Tooltip,
} from "@mantine/core";
import { IconArrowLeft, IconClockPause, IconMoodEmpty, IconPlayerStop } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { api, unwrap } from "../api/client";
import { useLiveExecution } from "../api/live";
import type { Execution } from "../api/types";
import { Empty, tellFailure } from "../components/Notes";
import { StatusBadge } from "../components/StatusBadge";
import { useNow } from "../components/useNow";
import { go } from "../components/useRoute";
import {
  formatCompact,
  formatCount,
  formatDuration,
  formatTime,
  packageTitle,
} from "../lib/format";
import { isEnded } from "../lib/status";
import { Attempts } from "./Attempts";
import { Executables } from "./Executables";
import { durationOf, ranOn } from "./Executions";
import { Messages } from "./Messages";
import { Paths } from "./Paths";

/** One execution as it goes on. */
export function ExecutionView({ id }: { id: number }) {
  const live = useLiveExecution(id);
  const { execution } = live;
  const running = execution !== null && !isEnded(execution.status);
  const now = useNow(250, running);
  const stop = useMutation({
    mutationFn: async () =>
      unwrap(
        await api.POST("/api/v1/executions/{execution_id}/stop", {
          params: { path: { execution_id: id } },
        }),
      ),
    onError: tellFailure,
  });
  if (live.missing) {
    return (
      <Empty
        icon={<IconMoodEmpty size={36} stroke={1.4} />}
        title={`There is no execution ${id}`}
        text="It may have been cleaned away, or the address is of another server."
      />
    );
  }
  if (!execution) {
    return (
      <Empty
        icon={<span className="pulse" />}
        title={`Execution ${id}`}
        text={live.connected ? "Loading" : "Waiting for the server"}
      />
    );
  }
  const rows = live.paths.reduce((sum, path) => sum + path.rows_sent, 0);
  const errors = live.messages.filter((message) => message.message_type === 120).length;
  const warnings = live.messages.filter((message) => message.message_type === 110).length;
  return (
    <Stack>
      <Group justify="space-between" wrap="nowrap">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          <Tooltip label="All executions">
            <ActionIcon
              variant="default"
              size="lg"
              aria-label="All executions"
              onClick={() => go({ view: "executions", filter: {} })}
            >
              <IconArrowLeft size={18} />
            </ActionIcon>
          </Tooltip>
          <div>
            <Group gap="sm">
              <Title order={2}>{packageTitle(execution.package_name)}</Title>
              <StatusBadge status={execution.status} size="lg" />
              {execution.executed_count > 1 && (
                <Badge color="orange" size="lg" tt="none">
                  attempt {execution.executed_count}
                </Badge>
              )}
            </Group>
            <Text size="sm" c="dimmed">
              Execution {execution.execution_id} · {execution.folder_name} /{" "}
              {execution.project_name} · version {execution.project_lsn}
            </Text>
          </div>
        </Group>
        <Button
          color="red"
          variant="light"
          style={{ flex: "none" }}
          leftSection={<IconPlayerStop size={16} />}
          disabled={!running || execution.status === 8}
          loading={stop.isPending}
          onClick={() => stop.mutate()}
        >
          Stop
        </Button>
      </Group>
      {live.waiting && (
        <Alert color="cyan" icon={<IconClockPause size={18} />} title="Waits for a Worker">
          {live.waiting}
        </Alert>
      )}
      <div className="facts">
        <Fact name="Duration" value={durationText(execution, now)} />
        <Fact
          name="Started"
          value={execution.start_time ? formatTime(execution.start_time).slice(11) : "–"}
          title={execution.start_time ? formatTime(execution.start_time) : undefined}
        />
        <Fact
          name="Rows sent"
          value={live.paths.length > 0 ? formatCompact(rows) : "–"}
          title={`${formatCount(rows)} rows over all paths`}
        />
        <Fact name="Errors" value={formatCount(errors)} color={errors > 0 ? "red" : undefined} />
        <Fact
          name="Warnings"
          value={formatCount(warnings)}
          color={warnings > 0 ? "orange" : undefined}
        />
        <Fact name="Ran on" value={ranOn(execution)} title={execution.machine_name} />
        <Fact
          name={execution.stopped_by_name ? "Stopped by" : "Started by"}
          value={execution.stopped_by_name ?? execution.caller_name}
        />
      </div>
      <Attempts attempts={live.attempts} />
      <Executables runs={live.executables} execution={execution} now={now} />
      <Paths paths={live.paths} execution={execution} running={running} />
      <Messages messages={live.messages} dropped={live.dropped} />
    </Stack>
  );
}

function durationText(execution: Execution, now: number): string {
  const duration = durationOf(execution, now);
  return duration === null ? "–" : formatDuration(duration);
}

function Fact(props: { name: string; value: ReactNode; color?: string; title?: string }) {
  const { name, value, color, title } = props;
  return (
    <div className="fact" title={title}>
      <Text size="xs" c="dimmed" tt="uppercase" fw={600} lts="0.04em">
        {name}
      </Text>
      <Text fw={650} size="lg" c={color} truncate>
        {value}
      </Text>
    </div>
  );
}
