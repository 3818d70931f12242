import {
  Badge,
  Button,
  Group,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Title,
  Tooltip,
} from "@mantine/core";
import { IconFolder, IconPackage, IconPlayerPlay, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, unwrap } from "../api/client";
import type { Package, Project } from "../api/types";
import { Empty, Failure } from "../components/Notes";
import { go } from "../components/useRoute";
import { formatTime, packageTitle } from "../lib/format";
import { ExecuteDialog } from "./ExecuteDialog";

export function ProjectsView() {
  const projects = useQuery({
    queryKey: ["projects"],
    queryFn: async ({ signal }) => unwrap(await api.GET("/api/v1/projects", { signal })),
  });
  const packages = useQuery({
    queryKey: ["packages"],
    queryFn: async ({ signal }) => unwrap(await api.GET("/api/v1/packages", { signal })),
  });
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<Package | null>(null);
  const groups = useMemo(
    () => groupsOf(projects.data?.items ?? [], packages.data?.items ?? [], search),
    [projects.data, packages.data, search],
  );
  const error = projects.error ?? packages.error;
  const pending = projects.isPending || packages.isPending;
  return (
    <Stack>
      <Group justify="space-between" align="flex-end">
        <Title order={2}>Projects and packages</Title>
        <TextInput
          aria-label="Search"
          placeholder="Search"
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          w={260}
        />
      </Group>
      {error && <Failure error={error} />}
      {!error && pending && <Skeleton height={240} />}
      {!error && !pending && groups.length === 0 && (
        <div className="panel">
          <Empty
            icon={<IconPackage size={36} stroke={1.4} />}
            title={search ? "No package has that in its name" : "Nothing is deployed yet"}
            text="Deploy a project with “packmule deploy PROJECT.ispac --folder FOLDER”."
          />
        </div>
      )}
      {groups.map(({ project, packages }) => (
        <ProjectPanel
          key={project.project_id}
          project={project}
          packages={packages}
          onExecute={setChosen}
        />
      ))}
      {chosen && <ExecuteDialog chosen={chosen} onClose={() => setChosen(null)} />}
    </Stack>
  );
}

function ProjectPanel(props: {
  project: Project;
  packages: Package[];
  onExecute: (chosen: Package) => void;
}) {
  const { project } = props;
  return (
    <div className="panel">
      <div className="panel-head">
        <Group gap="xs" wrap="nowrap">
          <IconFolder size={18} stroke={1.6} color="var(--mantine-color-dimmed)" />
          <Text c="dimmed">{project.folder_name}</Text>
          <Text c="dimmed">/</Text>
          <Text fw={650}>{project.name}</Text>
          <Tooltip label="The project's version in the catalog">
            <Badge color="gray" tt="none">
              version {project.object_version_lsn}
            </Badge>
          </Tooltip>
        </Group>
        <Text size="xs" c="dimmed" className="wide-only">
          deployed {formatTime(project.last_deployed_time)} by {project.deployed_by_name}
        </Text>
      </div>
      <table className="grid">
        <tbody>
          {props.packages.map((item) => (
            <tr key={item.package_id}>
              <td style={{ width: "32%" }}>
                <Group gap="xs" wrap="nowrap">
                  <Text size="sm" fw={600}>
                    {packageTitle(item.name)}
                  </Text>
                  {!item.entry_point && (
                    <Tooltip label="Runs only as the child of another package">
                      <Badge color="gray" size="sm" tt="none">
                        child
                      </Badge>
                    </Tooltip>
                  )}
                </Group>
              </td>
              <td>
                <Text size="sm" c="dimmed" lineClamp={1}>
                  {item.description}
                </Text>
              </td>
              <td className="right" style={{ whiteSpace: "nowrap" }}>
                <Text size="xs" c="dimmed" span mr="md" className="wide-only">
                  {item.version_major}.{item.version_minor}.{item.version_build}
                </Text>
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  mr={6}
                  onClick={() =>
                    go({
                      view: "executions",
                      filter: {
                        folder_name: item.folder_name,
                        project_name: item.project_name,
                        package_name: item.name,
                      },
                    })
                  }
                >
                  Executions
                </Button>
                <Button
                  variant="light"
                  size="compact-sm"
                  leftSection={<IconPlayerPlay size={14} />}
                  disabled={!item.entry_point}
                  onClick={() => props.onExecute(item)}
                >
                  Execute
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function groupsOf(projects: Project[], packages: Package[], search: string) {
  const wanted = search.trim().toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(wanted);
  return projects
    .map((project) => ({
      project,
      packages: packages.filter(
        (item) =>
          item.project_id === project.project_id &&
          (has(item.name) || has(project.name) || has(project.folder_name)),
      ),
    }))
    .filter((group) => !wanted || group.packages.length > 0);
}
