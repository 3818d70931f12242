import { Badge } from "@mantine/core";
import { isEnded, statusLook } from "../lib/status";

/** An execution's status, by SSIS's name. */
export function StatusBadge({ status, size }: { status: number; size?: string }) {
  const look = statusLook(status);
  return (
    <Badge
      color={look.color}
      size={size ?? "md"}
      tt="none"
      fw={600}
      leftSection={!isEnded(status) && status !== 1 ? <span className="pulse" /> : undefined}
    >
      {look.label}
    </Badge>
  );
}
