/** Executables as a tree, by their paths, and their places on the time axis. */

export interface Run {
  executable_id?: number | null;
  executable_name: string;
  package_path: string;
  execution_path: string;
  start_time: string;
  end_time?: string | null;
}

export interface Node<T extends Run> {
  run: T;
  path: string;
  depth: number;
  children: Node<T>[];
}

/**
 * Builds the tree. A run's parent is the run with the longest path that its own begins with;
 * siblings stand in the order of their start.
 */
export function buildTree<T extends Run>(runs: readonly T[]): Node<T>[] {
  const nodes = runs.map((run) => ({
    run,
    path: run.execution_path || run.package_path,
    depth: 0,
    children: [] as Node<T>[],
  }));
  const byPath = new Map<string, Node<T>>();
  for (const node of nodes) if (!byPath.has(node.path)) byPath.set(node.path, node);
  const roots: Node<T>[] = [];
  for (const node of nodes) (parentOf(node, byPath)?.children ?? roots).push(node);
  arrange(roots, 0);
  return roots;
}

function parentOf<T extends Run>(node: Node<T>, byPath: Map<string, Node<T>>) {
  let path = node.path;
  // "\Package\Loop[2]\Load" → "\Package\Loop[2]" → "\Package\Loop" → "\Package"
  for (;;) {
    const turn = /\[\d+\]$/.exec(path);
    const cut = turn ? turn.index : path.lastIndexOf("\\");
    if (cut <= 0) return undefined;
    path = path.slice(0, cut);
    const parent = byPath.get(path);
    if (parent && parent !== node) return parent;
  }
}

function arrange<T extends Run>(nodes: Node<T>[], depth: number) {
  nodes.sort((a, b) => Date.parse(a.run.start_time) - Date.parse(b.run.start_time));
  for (const node of nodes) {
    node.depth = depth;
    arrange(node.children, depth + 1);
  }
}

/** The tree as rows from top to bottom, without what lies below collapsed paths. */
export function visibleRows<T extends Run>(
  nodes: readonly Node<T>[],
  collapsed: ReadonlySet<string>,
): Node<T>[] {
  const rows: Node<T>[] = [];
  const stack = [...nodes].reverse();
  for (let node = stack.pop(); node; node = stack.pop()) {
    rows.push(node);
    if (!collapsed.has(node.path)) stack.push(...[...node.children].reverse());
  }
  return rows;
}

/** Where a run lies between two times: left edge and width in per cent, at least a sliver. */
export function spanOf(run: Run, from: number, to: number): { left: number; width: number } {
  const whole = Math.max(to - from, 1);
  const start = Date.parse(run.start_time);
  const end = run.end_time ? Date.parse(run.end_time) : to;
  const left = clamp(((start - from) / whole) * 100, 0, 99.5);
  const width = clamp(((end - start) / whole) * 100, 0.5, 100 - left);
  return { left, width };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
