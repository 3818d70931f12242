import {
  Badge,
  Group,
  Progress,
  Skeleton,
  Stack,
  Switch,
  Text,
  Title,
  Tooltip,
} from "@mantine/core";
import { IconServer2 } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, unwrap } from "../api/client";
import type { Worker } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { Empty, Failure, tellFailure } from "../components/Notes";
import { useNow } from "../components/useNow";
import { formatAge, formatCount, formatTime } from "../lib/format";

export function WorkersView() {
  const workers = useQuery({
    queryKey: ["workers"],
    queryFn: async ({ signal }) => unwrap(await api.GET("/api/v1/workers", { signal })),
    refetchInterval: 5000,
  });
  const queries = useQueryClient();
  const enable = useMutation({
    mutationFn: async ({ id, is_enabled }: { id: string; is_enabled: boolean }) =>
      unwrap(
        await api.PATCH("/api/v1/workers/{worker_agent_id}", {
          params: { path: { worker_agent_id: id } },
          body: { is_enabled },
        }),
      ),
    onError: tellFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: ["workers"] }),
  });
  const now = useNow(1000);
  const seen = workers.dataUpdatedAt;
  const columns = useMemo(
    () =>
      columnsFor(Math.max(now - seen, 0), (id, is_enabled) => enable.mutate({ id, is_enabled })),
    [now, seen, enable.mutate],
  );
  const items = workers.data?.items ?? [];
  const online = items.filter((worker) => worker.is_online);
  const slots = online.reduce((sum, worker) => sum + worker.slots, 0);
  const used = online.reduce((sum, worker) => sum + worker.slots_used, 0);
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Title order={2}>Workers</Title>
        {items.length > 0 && (
          <Text c="dimmed" size="sm">
            {online.length} of {items.length} online · {used} of {slots} slots in use
          </Text>
        )}
      </Group>
      <div className="panel">
        {workers.isPending && <Skeleton height={200} radius={0} />}
        {workers.isError && <Failure error={workers.error} />}
        {workers.isSuccess && (
          <DataTable
            columns={columns}
            data={items}
            rowKey={(row) => row.worker_agent_id}
            right={["memory", "cpu"]}
            empty={
              <Empty
                icon={<IconServer2 size={36} stroke={1.4} />}
                title="No Worker has joined"
                text="“packmule server” starts two on its computer; “packmule worker” joins from another."
              />
            }
          />
        )}
      </div>
    </Stack>
  );
}

function columnsFor(
  elapsed: number,
  enable: (id: string, is_enabled: boolean) => void,
): Column<Worker>[] {
  return [
    {
      id: "name",
      header: "Worker",
      accessorFn: (row) => row.display_name,
      cell: ({ row }) => (
        <div>
          <Text size="sm" fw={600}>
            {row.original.display_name || row.original.machine_name}
          </Text>
          <Text size="xs" c="dimmed">
            {row.original.machine_name} · {row.original.user_account} · {row.original.version}
          </Text>
        </div>
      ),
    },
    {
      id: "online",
      header: "Online",
      accessorFn: (row) => row.online_age_ms,
      cell: ({ row }) => (
        <Group gap="xs" wrap="nowrap">
          <Badge color={row.original.is_online ? "green" : "red"} tt="none" fw={600}>
            {row.original.is_online ? "Online" : "Offline"}
          </Badge>
          <Text size="xs" c="dimmed" title={formatTime(row.original.last_online_time)}>
            {formatAge(row.original.online_age_ms + elapsed)}
          </Text>
        </Group>
      ),
    },
    {
      id: "slots",
      header: "Slots",
      accessorFn: (row) => row.slots_used,
      cell: ({ row }) => (
        <Tooltip label={`${row.original.slots_used} of ${row.original.slots} in use`}>
          <Group gap="sm" wrap="nowrap" w={130}>
            <Progress
              flex={1}
              size="md"
              value={(row.original.slots_used / Math.max(row.original.slots, 1)) * 100}
            />
            <Text size="sm">
              {row.original.slots_used}/{row.original.slots}
            </Text>
          </Group>
        </Tooltip>
      ),
    },
    {
      id: "cpu",
      header: "CPU",
      accessorFn: (row) => row.cpu_percent,
      cell: ({ row }) => <Text size="sm">{Math.round(row.original.cpu_percent)} %</Text>,
    },
    {
      id: "memory",
      header: "Free memory",
      accessorFn: (row) => row.available_memory_mb,
      cell: ({ row }) => <Text size="sm">{formatCount(row.original.available_memory_mb)} MB</Text>,
    },
    {
      id: "enabled",
      header: "Enabled",
      accessorFn: (row) => Number(row.is_enabled),
      cell: ({ row }) => (
        <Switch
          aria-label={`${row.original.display_name} is given new work`}
          checked={row.original.is_enabled}
          onChange={(event) => enable(row.original.worker_agent_id, event.currentTarget.checked)}
        />
      ),
    },
  ];
}
