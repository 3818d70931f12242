import {
  ActionIcon,
  AppShell,
  Container,
  Group,
  Tabs,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import {
  IconLogout,
  IconMoon,
  IconPackage,
  IconPlayerPlay,
  IconServer2,
  IconSun,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { token, whenRefused } from "./api/client";
import { useLiveList } from "./api/live";
import type { LiveEvent } from "./api/types";
import { Logo } from "./components/Logo";
import { go, useRoute } from "./components/useRoute";
import { tokenInHash } from "./lib/route";
import { ExecutionView } from "./views/Execution";
import { ExecutionsView, takeExecutions } from "./views/Executions";
import { ProjectsView } from "./views/Projects";
import { SignIn } from "./views/SignIn";
import { WorkersView } from "./views/Workers";

/** Takes the token out of the address, so that it stays neither there nor in the history. */
function takeToken() {
  const given = tokenInHash(window.location.hash);
  if (!given) return;
  token.set(given);
  window.history.replaceState(null, "", "#/executions");
}
takeToken();

export function App() {
  const [signedIn, setSignedIn] = useState(() => token.get() !== null);
  const [refused, setRefused] = useState(false);
  const queries = useQueryClient();
  useEffect(() => {
    whenRefused(() => {
      token.clear();
      setRefused(true);
      setSignedIn(false);
    });
    const changed = () => {
      takeToken();
      if (token.get()) setSignedIn(true);
    };
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  if (!signedIn) {
    return (
      <SignIn
        refused={refused}
        onToken={(value) => {
          token.set(value);
          setRefused(false);
          setSignedIn(true);
        }}
      />
    );
  }
  return (
    <Shell
      onSignOut={() => {
        token.clear();
        queries.clear();
        setRefused(false);
        setSignedIn(false);
      }}
    />
  );
}

function Shell({ onSignOut }: { onSignOut: () => void }) {
  const route = useRoute();
  const queries = useQueryClient();
  const take = useCallback(
    (event: LiveEvent) => {
      if (event.kind === "executions") takeExecutions(queries, event.data);
      if (event.kind === "workers") queries.setQueryData(["workers"], { items: event.data });
    },
    [queries],
  );
  const connected = useLiveList(take);
  const tab = route.view === "execution" ? "executions" : route.view;
  return (
    <AppShell header={{ height: 56 }} padding={0}>
      <AppShell.Header withBorder={false} style={{ borderBottom: "1px solid var(--line)" }}>
        <Container size="xl" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group gap="lg" wrap="nowrap" h="100%">
              <Logo />
              <Tabs
                value={tab}
                onChange={(view) => {
                  if (view === "executions") go({ view, filter: {} });
                  if (view === "projects" || view === "workers") go({ view });
                }}
                h="100%"
                styles={{
                  list: { height: "100%", flexWrap: "nowrap" },
                  tab: { height: "100%" },
                }}
              >
                <Tabs.List>
                  <Tabs.Tab value="executions" aria-label="Executions" leftSection={<IconPlayerPlay size={16} />}>
                    <span className="wide-only">Executions</span>
                  </Tabs.Tab>
                  <Tabs.Tab value="projects" aria-label="Projects" leftSection={<IconPackage size={16} />}>
                    <span className="wide-only">Projects</span>
                  </Tabs.Tab>
                  <Tabs.Tab value="workers" aria-label="Workers" leftSection={<IconServer2 size={16} />}>
                    <span className="wide-only">Workers</span>
                  </Tabs.Tab>
                </Tabs.List>
              </Tabs>
            </Group>
            <Group gap="xs" wrap="nowrap">
              <Connection connected={connected} />
              <SchemeButton />
              <Tooltip label="Sign out">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label="Sign out"
                  onClick={onSignOut}
                >
                  <IconLogout size={18} />
                </ActionIcon>
              </Tooltip>
            </Group>
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Main>
        <Container size="xl" py="lg">
          {route.view === "executions" && <ExecutionsView filter={route.filter} />}
          {route.view === "execution" && <ExecutionView key={route.id} id={route.id} />}
          {route.view === "projects" && <ProjectsView />}
          {route.view === "workers" && <WorkersView />}
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}

function Connection({ connected }: { connected: boolean }) {
  return (
    <Tooltip
      label={connected ? "What you see is live" : "The server cannot be reached; trying again"}
    >
      <Group gap={6} px={8} wrap="nowrap" c={connected ? "green" : "orange"}>
        <span className="pulse" />
        <Text size="sm" fw={600} className="wide-only">
          {connected ? "Live" : "Connecting"}
        </Text>
      </Group>
    </Tooltip>
  );
}

function SchemeButton() {
  const scheme = useComputedColorScheme("light");
  const { setColorScheme } = useMantineColorScheme();
  const next = scheme === "dark" ? "light" : "dark";
  return (
    <Tooltip label={`To ${next}`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Change to ${next} colours`}
        onClick={() => setColorScheme(next)}
      >
        {scheme === "dark" ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
