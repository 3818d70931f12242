import { Group, Text, Title } from "@mantine/core";
import { IconArrowNarrowRight } from "@tabler/icons-react";
import type { Execution } from "../api/types";
import { formatCount, packageTitle } from "../lib/format";
import { keyOfPath, type PathRate } from "../lib/live";

/** Rows over each path of the data flows. */
export function Paths(props: { paths: PathRate[]; execution: Execution; running: boolean }) {
  const most = Math.max(...props.paths.map((path) => path.rows_sent), 1);
  return (
    <div className="panel">
      <div className="panel-head">
        <Title order={4}>Rows per component</Title>
        {props.paths.length > 0 && (
          <Text size="sm" c="dimmed">
            {props.paths.length} {props.paths.length === 1 ? "path" : "paths"}
          </Text>
        )}
      </div>
      {props.paths.length === 0 ? (
        <Text c="dimmed" size="sm" p="md">
          {props.execution.logging_level === 0
            ? "Row counts are not kept at the logging level None."
            : props.running
              ? "No data flow has sent rows yet."
              : "No data flow has sent rows."}
        </Text>
      ) : (
        <div style={{ overflowX: "auto" }}>
          <table className="grid">
            <thead>
              <tr>
                <th>Data flow</th>
                <th>Path</th>
                <th className="right">Rows</th>
                {props.running && <th className="right">Rows/s</th>}
                <th className="wide-only" style={{ width: "26%" }} aria-label="share" />
              </tr>
            </thead>
            <tbody>
              {props.paths.map((path, place) => (
                <tr key={keyOfPath(path)}>
                  <td>
                    {path.execution_path !== props.paths[place - 1]?.execution_path && (
                      <>
                        <Text size="sm" fw={600}>
                          {path.task_name}
                        </Text>
                        {path.package_name !== props.execution.package_name && (
                          <Text size="xs" c="dimmed">
                            {packageTitle(path.package_name)}
                          </Text>
                        )}
                      </>
                    )}
                  </td>
                  <td title={path.dataflow_path_name}>
                    <Group gap={6} wrap="nowrap">
                      <Text size="sm">{path.source_component_name}</Text>
                      <IconArrowNarrowRight size={16} color="var(--mantine-color-dimmed)" />
                      <Text size="sm">{path.destination_component_name}</Text>
                    </Group>
                  </td>
                  <td className="right">
                    <Text size="sm" fw={600}>
                      {formatCount(path.rows_sent)}
                    </Text>
                  </td>
                  {props.running && (
                    <td className="right">
                      <Text size="sm" c="dimmed">
                        {path.rate > 0 ? formatCount(Math.round(path.rate)) : "–"}
                      </Text>
                    </td>
                  )}
                  <td className="wide-only">
                    <div className="track">
                      {path.rows_sent > 0 && (
                        <div
                          className="span"
                          style={{
                            left: 0,
                            width: `${(path.rows_sent / most) * 100}%`,
                            background: "var(--mantine-primary-color-filled)",
                            opacity: path.is_final ? 0.65 : 1,
                          }}
                        />
                      )}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
