/** The HTTP client: adds the token, turns the server's problems into errors. */

import createClient from "openapi-fetch";
import type { paths } from "./schema";
import type { Problem } from "./types";

const TOKEN_KEY = "packmule-token";

/** The token lives as long as the browser's tab. */
export const token = {
  get: () => sessionStorage.getItem(TOKEN_KEY),
  set: (value: string) => sessionStorage.setItem(TOKEN_KEY, value),
  clear: () => sessionStorage.removeItem(TOKEN_KEY),
};

/** An error of the server, in its own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly remedy?: string | null,
    readonly number?: number | null,
  ) {
    super(message);
  }
}

let onRefused: () => void = () => {};

/** Says what to do when the server refuses the token. */
export function whenRefused(action: () => void) {
  onRefused = action;
}

export const api = createClient<paths>({
  baseUrl: "/",
  fetch: (request) => authorized(request),
});

/** `fetch` with the token. */
export async function authorized(request: Request): Promise<Response> {
  const value = token.get();
  if (value) request.headers.set("Authorization", `Bearer ${value}`);
  const response = await fetch(request);
  if (response.status === 401) onRefused();
  return response;
}

/** The body of an answer, or the server's problem as an error. */
export function unwrap<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.response.ok && answer.data !== undefined) return answer.data;
  throw problemError(answer.response.status, answer.error);
}

/** An error from a body that should be a problem. */
export function problemError(status: number, body: unknown): ApiError {
  if (isProblem(body)) return new ApiError(status, body.detail, body.remedy, body.error_number);
  return new ApiError(status, `the server answered with status ${status}`);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "detail" in body;
}
