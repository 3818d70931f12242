import { Badge, Text, Title } from "@mantine/core";
import type { ExecutionAttempt } from "../api/types";
import { formatClock } from "../lib/format";
import { statusColor } from "../lib/status";

/** The attempts at an execution, when there is more to say than that it ran once. */
export function Attempts({ attempts }: { attempts: ExecutionAttempt[] }) {
  if (attempts.length < 2 && attempts.every((attempt) => !attempt.reason)) return null;
  return (
    <div className="panel">
      <div className="panel-head">
        <Title order={4}>Attempts</Title>
        <Text size="sm" c="dimmed">
          {attempts.length}
        </Text>
      </div>
      <div style={{ overflowX: "auto" }}>
        <table className="grid">
          <tbody>
            {attempts.map((attempt) => (
              <tr key={attempt.attempt}>
                <td style={{ width: "3rem" }}>
                  <Text size="sm" c="dimmed">
                    {attempt.attempt}
                  </Text>
                </td>
                <td style={{ width: "11rem" }}>
                  <Badge
                    color={attempt.outcome ? statusColor(attempt.outcome) : "blue"}
                    tt="none"
                    fw={600}
                    leftSection={attempt.outcome ? undefined : <span className="pulse" />}
                  >
                    {attempt.outcome ?? "Running"}
                  </Badge>
                </td>
                <td style={{ whiteSpace: "nowrap", width: "10rem" }}>
                  <Text size="sm">{attempt.worker_name ?? "a Worker that was removed"}</Text>
                </td>
                <td className="wide-only" style={{ whiteSpace: "nowrap", width: "13rem" }}>
                  <Text size="sm" c="dimmed">
                    {formatClock(attempt.start_time ?? attempt.claimed_time)}
                    {attempt.end_time && ` – ${formatClock(attempt.end_time)}`}
                  </Text>
                </td>
                <td>
                  <Text size="sm">{attempt.reason}</Text>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
