import { Button, Center, Group, MultiSelect, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import {
  type InfiniteData,
  type QueryClient,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { api, unwrap } from "../api/client";
import type { Execution } from "../api/types";
import { type Column, DataTable } from "../components/DataTable";
import { Empty, Failure } from "../components/Notes";
import { StatusBadge } from "../components/StatusBadge";
import { useNow } from "../components/useNow";
import { go, replaceRoute } from "../components/useRoute";
import { formatAge, formatDuration, formatTime, packageTitle } from "../lib/format";
import { mergeExecutions } from "../lib/live";
import type { ExecutionFilter } from "../lib/route";
import { ALL_STATUSES, isEnded } from "../lib/status";

const PAGE = 50;

interface Page {
  items: Execution[];
  next?: number | null;
}

/** Puts live changes into every list of executions that is held. */
export function takeExecutions(queries: QueryClient, changed: Execution[]) {
  const lists = queries.getQueriesData<InfiniteData<Page>>({ queryKey: ["executions"] });
  for (const [key, data] of lists) {
    const filter = (key[1] ?? {}) as ExecutionFilter;
    if (!data) continue;
    queries.setQueryData<InfiniteData<Page>>(key, withChanges(data, changed, filter));
  }
}

function withChanges(data: InfiniteData<Page>, changed: Execution[], filter: ExecutionFilter) {
  const all = data.pages.flatMap((page) => page.items);
  const more = data.pages.at(-1)?.next != null;
  const merged = mergeExecutions(all, changed, filter, more ? all.length : Number.MAX_SAFE_INTEGER);
  // all but the first page keep what they hold, new rows go to the front
  const [first, ...rest] = data.pages;
  if (!first) return data;
  const held = new Set(rest.flatMap((page) => page.items.map((row) => row.execution_id)));
  const byId = new Map(merged.map((row) => [row.execution_id, row]));
  const front = merged.filter((row) => !held.has(row.execution_id));
  const later = rest.map((page) => ({
    ...page,
    items: page.items.flatMap((row) => byId.get(row.execution_id) ?? []),
  }));
  return { ...data, pages: [{ ...first, items: front }, ...later] };
}

export function ExecutionsView({ filter }: { filter: ExecutionFilter }) {
  const list = useInfiniteQuery({
    queryKey: ["executions", filter],
    initialPageParam: undefined as number | undefined,
    queryFn: async ({ pageParam, signal }) =>
      unwrap(
        await api.GET("/api/v1/executions", {
          params: { query: { ...filter, before: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    getNextPageParam: (page: Page) => page.next ?? undefined,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const now = useNow(1000);
  const columns = useMemo(() => columnsAt(now), [now]);
  const filtered = Object.keys(filter).length > 0;
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Title order={2}>Executions</Title>
        <Filters filter={filter} />
      </Group>
      <div className="panel">
        {list.isPending && <Skeleton height={320} radius={0} />}
        {list.isError && <Failure error={list.error} />}
        {list.isSuccess && (
          <DataTable
            columns={columns}
            data={rows}
            rowKey={(row) => String(row.execution_id)}
            onRow={(row) => go({ view: "execution", id: row.execution_id })}
            right={["execution_id", "duration"]}
            empty={
              <Empty
                icon={<IconPlayerPlay size={36} stroke={1.4} />}
                title={filtered ? "No execution passes the filters" : "Nothing has run yet"}
                text={
                  filtered
                    ? "Take a filter away to see more."
                    : "Choose a package under Projects and execute it, or run “packmule execute”."
                }
              />
            }
          />
        )}
      </div>
      {list.hasNextPage && (
        <Center>
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => list.fetchNextPage()}
          >
            Show older ones
          </Button>
        </Center>
      )}
    </Stack>
  );
}

function Filters({ filter }: { filter: ExecutionFilter }) {
  const projects = useQuery({
    queryKey: ["projects"],
    queryFn: async ({ signal }) => unwrap(await api.GET("/api/v1/projects", { signal })),
  });
  const items = projects.data?.items ?? [];
  const chosen = filter.project_name ? [`${filter.folder_name ?? ""}/${filter.project_name}`] : [];
  const change = (part: ExecutionFilter) =>
    replaceRoute({ view: "executions", filter: { ...filter, ...part } });
  return (
    <Group gap="sm">
      <MultiSelect
        aria-label="Project"
        placeholder={chosen.length ? undefined : "Any project"}
        data={items.map((project) => `${project.folder_name}/${project.name}`)}
        value={chosen}
        maxValues={1}
        clearable
        searchable
        w={230}
        onChange={(values) => {
          const [folder_name, project_name] = values.at(-1)?.split("/") ?? [];
          change({ folder_name, project_name });
        }}
      />
      <MultiSelect
        aria-label="Status"
        placeholder={filter.status ? undefined : "Any status"}
        data={ALL_STATUSES}
        value={filter.status?.split(",") ?? []}
        clearable
        miw={230}
        onChange={(values) => change({ status: values.join(",") || undefined })}
      />
    </Group>
  );
}

function columnsAt(now: number): Column<Execution>[] {
  return [
    {
      id: "execution_id",
      header: "ID",
      accessorFn: (row) => row.execution_id,
      cell: ({ row }) => (
        <Text size="sm" c="dimmed">
          {row.original.execution_id}
        </Text>
      ),
    },
    {
      id: "status",
      header: "Status",
      accessorFn: (row) => row.status,
      cell: ({ row }) => <StatusBadge status={row.original.status} />,
    },
    {
      id: "package",
      header: "Package",
      accessorFn: (row) => row.package_name,
      cell: ({ row }) => (
        <div>
          <Text size="sm" fw={600} className="truncate" title={row.original.package_name}>
            {packageTitle(row.original.package_name)}
          </Text>
          <Text size="xs" c="dimmed">
            {row.original.folder_name} / {row.original.project_name}
          </Text>
        </div>
      ),
    },
    {
      id: "start",
      header: "Started",
      accessorFn: (row) => row.start_time ?? row.created_time,
      cell: ({ row }) => {
        const time = row.original.start_time ?? row.original.created_time;
        return (
          <Text size="sm" title={formatTime(time)}>
            {row.original.start_time ? formatAge(now - Date.parse(time)) : "–"}
          </Text>
        );
      },
    },
    {
      id: "duration",
      header: "Duration",
      accessorFn: (row) => durationOf(row, now) ?? -1,
      cell: ({ row }) => {
        const duration = durationOf(row.original, now);
        return <Text size="sm">{duration === null ? "–" : formatDuration(duration)}</Text>;
      },
    },
    {
      id: "worker",
      header: "Ran on",
      accessorFn: (row) => ranOn(row),
      cell: ({ row }) => (
        <Text size="sm" title={row.original.machine_name}>
          {ranOn(row.original)}
        </Text>
      ),
    },
    {
      id: "attempts",
      header: "Attempts",
      accessorFn: (row) => row.executed_count,
      cell: ({ row }) => (
        <Text size="sm" c={row.original.executed_count > 1 ? "orange" : "dimmed"}>
          {row.original.executed_count}
          {row.original.retry_count > 0 && ` of ${row.original.retry_count + 1}`}
        </Text>
      ),
    },
  ];
}

/** The worker that runs or ran it. */
export function ranOn(row: Execution): string {
  return row.worker_name || row.machine_name || "–";
}

/** Milliseconds that it has run, or ran; null before its start. */
export function durationOf(row: Execution, now: number): number | null {
  if (row.duration_ms !== null && row.duration_ms !== undefined) return row.duration_ms;
  if (!row.start_time || isEnded(row.status)) return null;
  return Math.max(now - Date.parse(row.start_time), 0);
}
