import { Group, SegmentedControl, Text, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import type { EventMessage } from "../api/types";
import { formatClock, formatCount } from "../lib/format";
import { admits, type Level, messageColor } from "../lib/status";

/** Messages, oldest first, with a filter by level and text; keeps to the end while it is there. */
export function Messages({ messages, dropped }: { messages: EventMessage[]; dropped: number }) {
  const [level, setLevel] = useState<Level>("all");
  const [search, setSearch] = useState("");
  const shown = useMemo(() => filterMessages(messages, level, search), [messages, level, search]);
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => 24,
    overscan: 20,
    getItemKey: (place) => shown[place]?.event_message_id ?? place,
  });
  useEffect(() => {
    if (atEnd.current && shown.length > 0) rows.scrollToIndex(shown.length - 1, { align: "end" });
  }, [shown.length, rows]);
  return (
    <div className="panel">
      <div className="panel-head">
        <Group gap="sm">
          <Title order={4}>Messages</Title>
          <Text size="sm" c="dimmed">
            {formatCount(shown.length)}
            {shown.length !== messages.length && ` of ${formatCount(messages.length)}`}
            {dropped > 0 && ` (the first ${formatCount(dropped)} are not kept here)`}
          </Text>
        </Group>
        <Group gap="sm">
          <SegmentedControl
            size="xs"
            value={level}
            onChange={(value) => setLevel(value as Level)}
            data={[
              { value: "all", label: "All" },
              { value: "information", label: "Information" },
              { value: "warning", label: "Warnings" },
              { value: "error", label: "Errors" },
            ]}
          />
          <TextInput
            size="xs"
            aria-label="Search messages"
            placeholder="Search"
            leftSection={<IconSearch size={14} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        </Group>
      </div>
      {shown.length === 0 ? (
        <Text c="dimmed" size="sm" p="md">
          {messages.length === 0 ? "No messages yet." : "No message passes the filters."}
        </Text>
      ) : (
        <div
          ref={box}
          className="messages"
          style={{ height: Math.min(shown.length * 24 + 16, 480) }}
          onScroll={(event) => {
            const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
            atEnd.current = scrollHeight - scrollTop - clientHeight < 40;
          }}
        >
          <div style={{ height: rows.getTotalSize(), position: "relative" }}>
            {rows.getVirtualItems().map((item) => {
              const message = shown[item.index];
              return message ? (
                <div
                  key={item.key}
                  ref={rows.measureElement}
                  data-index={item.index}
                  className="message"
                  style={{
                    transform: `translateY(${item.start}px)`,
                    borderLeftColor: `var(--mantine-color-${messageColor(message.message_type)}-6)`,
                  }}
                >
                  <Line message={message} />
                </div>
              ) : null;
            })}
          </div>
        </div>
      )}
    </div>
  );
}

function Line({ message }: { message: EventMessage }) {
  const color = messageColor(message.message_type);
  return (
    <>
      <Text inherit c="dimmed" span>
        {formatClock(message.message_time)}
      </Text>
      <Text inherit span fw={600} c={color === "gray" ? "dimmed" : color} className="wide-only">
        {message.event_name}
      </Text>
      <Text inherit span truncate className="wide-only" title={message.execution_path}>
        {message.subcomponent_name || message.message_source_name}
      </Text>
      <span className="message-text">
        {message.message}
        {message.remedy && (
          <Text inherit span c="dimmed" display="block">
            → {message.remedy}
          </Text>
        )}
      </span>
    </>
  );
}

function filterMessages(messages: EventMessage[], level: Level, search: string): EventMessage[] {
  const wanted = search.trim().toLowerCase();
  if (level === "all" && !wanted) return messages;
  return messages.filter(
    (message) =>
      admits(level, message.message_type) &&
      (!wanted ||
        message.message.toLowerCase().includes(wanted) ||
        message.message_source_name.toLowerCase().includes(wanted) ||
        message.subcomponent_name.toLowerCase().includes(wanted) ||
        message.event_name.toLowerCase().includes(wanted)),
  );
}
