import { Alert, Center, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ApiError } from "../api/client";

/** What stands where there is nothing to show. */
export function Empty({ icon, title, text }: { icon: ReactNode; title: string; text: ReactNode }) {
  return (
    <Center py={64}>
      <Stack align="center" gap={6} maw={460}>
        <Text c="dimmed">{icon}</Text>
        <Text fw={600}>{title}</Text>
        <Text c="dimmed" size="sm" ta="center" component="div">
          {text}
        </Text>
      </Stack>
    </Center>
  );
}

/** An error of the server, with what to do about it. */
export function Failure({ error }: { error: unknown }) {
  const remedy = error instanceof ApiError ? error.remedy : null;
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={textOf(error)} m="md">
      {remedy}
    </Alert>
  );
}

/** Shows an error in the corner. */
export function tellFailure(error: unknown) {
  const remedy = error instanceof ApiError ? error.remedy : null;
  notifications.show({ color: "red", title: textOf(error), message: remedy ?? "" });
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
