import { Alert, Button, Center, Code, Paper, PasswordInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Logo } from "../components/Logo";

/** Asks for the token that the server made. */
export function SignIn({
  refused,
  onToken,
}: {
  refused: boolean;
  onToken: (token: string) => void;
}) {
  const [value, setValue] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value.trim()) onToken(value.trim());
  };
  return (
    <Center mih="100vh" p="md">
      <Paper className="panel" p="xl" w={420} maw="100%">
        <form onSubmit={submit}>
          <Stack>
            <Logo size={36} />
            {refused && (
              <Alert color="red" title="The server refused the token">
                It may be from another server or an earlier data folder.
              </Alert>
            )}
            <PasswordInput
              label="Access token"
              description="The server keeps it in a file of its data folder and prints where."
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
              autoFocus
              autoComplete="off"
            />
            <Button type="submit" disabled={!value.trim()} fullWidth>
              Sign in
            </Button>
            <Text size="xs" c="dimmed">
              On the server: <Code>cat ~/.local/share/packmule/token</Code>
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
