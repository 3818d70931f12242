import { ActionIcon, Badge, Group, Text, Title } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { Executable, Execution } from "../api/types";
import { formatClock, formatDuration } from "../lib/format";
import { resultLook } from "../lib/status";
import { buildTree, type Node, spanOf, visibleRows } from "../lib/tree";

/** What ran, as a tree along a time axis. */
export function Executables(props: { runs: Executable[]; execution: Execution; now: number }) {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const tree = useMemo(() => buildTree(props.runs), [props.runs]);
  const rows = useMemo(() => visibleRows(tree, collapsed), [tree, collapsed]);
  const from = Math.min(...props.runs.map((run) => Date.parse(run.start_time)));
  const to = props.execution.end_time ? Date.parse(props.execution.end_time) : props.now;
  const toggle = (path: string) => {
    const next = new Set(collapsed);
    if (!next.delete(path)) next.add(path);
    setCollapsed(next);
  };
  return (
    <div className="panel">
      <div className="panel-head">
        <Title order={4}>Executables</Title>
        <Text size="sm" c="dimmed">
          {props.runs.length} {props.runs.length === 1 ? "run" : "runs"}
        </Text>
      </div>
      {rows.length === 0 && (
        <Text c="dimmed" size="sm" p="md">
          Nothing has run yet.
        </Text>
      )}
      <div className="tree">
        {rows.map((node) => (
          <Row
            key={`${node.path} ${node.run.start_time}`}
            node={node}
            from={from}
            to={to}
            open={!collapsed.has(node.path)}
            onToggle={() => toggle(node.path)}
          />
        ))}
      </div>
    </div>
  );
}

function Row(props: {
  node: Node<Executable>;
  from: number;
  to: number;
  open: boolean;
  onToggle: () => void;
}) {
  const { node } = props;
  const { run } = node;
  const look = resultLook(run.execution_result);
  const span = spanOf(run, props.from, props.to);
  const duration = run.execution_duration ?? Math.max(props.to - Date.parse(run.start_time), 0);
  return (
    <div className="tree-row" title={node.path}>
      <Group gap={4} wrap="nowrap" pl={node.depth * 20} style={{ minWidth: 0 }}>
        {node.children.length > 0 ? (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={props.open ? "Close" : "Open"}
            onClick={props.onToggle}
          >
            {props.open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
          </ActionIcon>
        ) : (
          <span style={{ width: 22, flex: "none" }} />
        )}
        <Text size="sm" fw={node.depth === 0 ? 650 : 500} truncate>
          {run.executable_name}
          {turnOf(node.path)}
        </Text>
      </Group>
      <Badge
        color={look.color}
        tt="none"
        fw={600}
        leftSection={
          run.execution_result === null || run.execution_result === undefined ? (
            <span className="pulse" />
          ) : undefined
        }
      >
        {look.label}
      </Badge>
      <Text size="sm" ta="right">
        {formatDuration(duration)}
      </Text>
      <div className="track wide-only" title={`from ${formatClock(run.start_time)}`}>
        <div
          className="span"
          style={{
            left: `${span.left}%`,
            width: `${span.width}%`,
            background: `var(--mantine-color-${look.color}-6)`,
          }}
        />
      </div>
    </div>
  );
}

/** The turn of the loop that a path ends with. */
function turnOf(path: string): string {
  const parent = path.slice(0, path.lastIndexOf("\\"));
  return /\[(\d+)\]$/.exec(parent)?.[0] ? ` ${/\[(\d+)\]$/.exec(parent)?.[0]}` : "";
}
