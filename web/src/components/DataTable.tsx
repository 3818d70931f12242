import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_text,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import type { ReactNode } from "react";

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { text: sortFn_text },
});

/** A column of a table on this page. */
export type Column<T extends object> = ColumnDef<typeof features, T, unknown>;

interface Props<T extends object> {
  columns: Column<T>[];
  data: T[];
  rowKey: (row: T) => string;
  onRow?: (row: T) => void;
  empty: ReactNode;
  /** Columns that stand right. */
  right?: readonly string[];
}

/** A table whose columns sort by a click on their heads. */
export function DataTable<T extends object>(props: Props<T>) {
  const table = useTable({
    features,
    columns: props.columns,
    data: props.data,
    getRowId: props.rowKey,
  });
  const right = (id: string) => (props.right?.includes(id) ? "right" : undefined);
  if (props.data.length === 0) return <>{props.empty}</>;
  return (
    <div style={{ overflowX: "auto" }}>
      <table className="grid">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const sorted = header.column.getIsSorted();
                const sortable = header.column.getCanSort();
                return (
                  <th
                    key={header.id}
                    className={`${right(header.column.id) ?? ""} ${sortable ? "sortable" : ""}`}
                    aria-sort={
                      sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined
                    }
                    onClick={sortable ? header.column.getToggleSortingHandler() : undefined}
                  >
                    <table.FlexRender header={header} />
                    {sorted === "asc" && <IconArrowUp size={12} />}
                    {sorted === "desc" && <IconArrowDown size={12} />}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              className={props.onRow ? "clickable" : undefined}
              tabIndex={props.onRow ? 0 : undefined}
              onClick={() => props.onRow?.(row.original)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && event.target === event.currentTarget) {
                  props.onRow?.(row.original);
                }
              }}
            >
              {row.getAllCells().map((cell) => (
                <td key={cell.id} className={right(cell.column.id)}>
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
