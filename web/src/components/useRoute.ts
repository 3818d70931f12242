import { useSyncExternalStore } from "react";
import { parseRoute, type Route, routeHash } from "../lib/route";

function subscribe(changed: () => void) {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

/** The view that the address names. */
export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => window.location.hash));
}

/** Goes to a view. */
export function go(route: Route) {
  window.location.hash = routeHash(route);
}

/** Changes the address without a new entry in the history. */
export function replaceRoute(route: Route) {
  window.history.replaceState(null, "", routeHash(route));
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}
