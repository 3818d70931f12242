import { Group, Text } from "@mantine/core";

/** The product's mark and name. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <Group gap={10} wrap="nowrap">
      <img src="/favicon.svg" width={size} height={size} alt="" />
      <Text
        fw={700}
        size={size > 30 ? "xl" : "lg"}
        lts="-0.02em"
        className={size > 30 ? undefined : "wide-only"}
      >
        Packmule
      </Text>
    </Group>
  );
}
