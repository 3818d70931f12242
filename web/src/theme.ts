import { createTheme, type MantineColorsTuple } from "@mantine/core";

const mule: MantineColorsTuple = [
  "#eef2ff",
  "#dbe4ff",
  "#bac8ff",
  "#91a7ff",
  "#748ffc",
  "#5c7cfa",
  "#4c6ef5",
  "#4263eb",
  "#3b5bdb",
  "#364fc7",
];

export const theme = createTheme({
  colors: { mule },
  primaryColor: "mule",
  primaryShade: { light: 7, dark: 5 },
  defaultRadius: "md",
  fontFamily: "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono', ui-monospace, SFMono-Regular, Menlo, monospace",
  headings: { fontFamily: "Inter, system-ui, sans-serif", fontWeight: "650" },
  components: {
    Badge: { defaultProps: { variant: "light", radius: "sm" } },
    Table: { defaultProps: { verticalSpacing: "xs", horizontalSpacing: "md" } },
  },
});
