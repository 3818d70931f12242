/** The page's views as fragments of its address: `#/executions?status=4`, `#/executions/12`. */

export type Route =
  | { view: "executions"; filter: ExecutionFilter }
  | { view: "execution"; id: number }
  | { view: "projects" }
  | { view: "workers" };

export interface ExecutionFilter {
  status?: string;
  folder_name?: string;
  project_name?: string;
  package_name?: string;
}

const FILTER_KEYS = ["status", "folder_name", "project_name", "package_name"] as const;

/** Reads a fragment; what it does not know becomes the list of executions. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const parts = path.split("/").filter(Boolean);
  if (parts[0] === "workers") return { view: "workers" };
  if (parts[0] === "projects") return { view: "projects" };
  if (parts[0] === "executions" && /^\d{1,15}$/.test(parts[1] ?? "")) {
    return { view: "execution", id: Number(parts[1]) };
  }
  const search = new URLSearchParams(query);
  const filter: ExecutionFilter = {};
  for (const key of FILTER_KEYS) {
    const value = search.get(key);
    if (value) filter[key] = value;
  }
  return { view: "executions", filter };
}

/** Writes a fragment. */
export function routeHash(route: Route): string {
  switch (route.view) {
    case "execution":
      return `#/executions/${route.id}`;
    case "executions": {
      const search = new URLSearchParams();
      for (const key of FILTER_KEYS) {
        const value = route.filter[key];
        if (value) search.set(key, value);
      }
      const query = search.toString();
      return query ? `#/executions?${query}` : "#/executions";
    }
    default:
      return `#/${route.view}`;
  }
}

/** The token in a fragment of the form `#token=…`, as the server prints it. */
export function tokenInHash(hash: string): string | null {
  const match = /^#token=([A-Za-z0-9._~-]+)$/.exec(hash);
  return match?.[1] ?? null;
}
