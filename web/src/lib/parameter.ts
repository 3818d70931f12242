/** Parameters in a form: what the field is, and what its text means. */

export type Field = "text" | "number" | "boolean";

const NUMBERS = ["SByte", "Byte", "Int16", "Int32", "UInt32", "Single", "Double"];

/** The kind of field for a parameter's type; large and exact numbers are texts. */
export function fieldOf(dataType: string): Field {
  if (dataType === "Boolean") return "boolean";
  return NUMBERS.includes(dataType) ? "number" : "text";
}

/** A value as the text of a field. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return String(value);
}

/** The value of a field's text, or why it is none. */
export function parameterValue(
  dataType: string,
  text: string,
): { value: string | number | boolean } | { problem: string } {
  switch (fieldOf(dataType)) {
    case "boolean":
      return { value: text.toLowerCase() === "true" };
    case "number": {
      const value = Number(text);
      if (text.trim() === "" || !Number.isFinite(value)) return { problem: "a number is needed" };
      if (!/^(Single|Double)$/.test(dataType) && !Number.isInteger(value)) {
        return { problem: "a whole number is needed" };
      }
      return { value };
    }
    default:
      return { value: text };
  }
}
