/** Requests to the server. Every failure becomes a `Trouble` with a title, a remedy, and whether a retry may help. */

import type { Problem } from "./types";

export type TroubleKind = "problem" | "network" | "broken";

export class Trouble extends Error {
  constructor(
    readonly kind: TroubleKind,
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** A word the console says in its own language, "" where there is none. */
    readonly code = "",
    /** Seconds to wait before the same request can work, null where waiting does not help. */
    readonly retryAfter: number | null = null,
  ) {
    super(title);
    this.name = "Trouble";
  }

  /** True where the same request may work later: it never arrived, or the server is busy or down. */
  get passing(): boolean {
    return this.kind === "network" || this.status >= 500 || this.status === 429;
  }
}

let onSignedOut: (why: string) => void = () => undefined;
let person = "";

/** Say what to do once any request hears that nobody is signed in, or somebody else; it is told the reason's code. */
export function whenSignedOut(run: (why: string) => void): void {
  onSignedOut = run;
}

/** Say whom this page believes to be signed in: if another tab signs somebody else in, the server refuses ours. */
export function believe(id: string): void {
  person = id;
}

export function believed(): string {
  return person;
}

const UNATTENDED_MS = 60_000;
let touchedAt = Date.now();
for (const event of ["pointerdown", "keydown", "wheel"]) {
  window.addEventListener(event, () => (touchedAt = Date.now()), { capture: true, passive: true });
}

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>("GET", path, undefined, signal);
}

export function post<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  return ask<T>("POST", path, body, signal);
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return ask<T>("PUT", path, body);
}

export function remove<T = void>(path: string): Promise<T> {
  return ask<T>("DELETE", path);
}

/** Ask for a file; what comes back is the file and the name the server gives it. */
export function download(path: string, body?: unknown): Promise<{ file: Blob; name: string }> {
  return answered("POST", path, body, undefined, async (response) => ({
    file: await response.blob(),
    name: /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "",
  }));
}

function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  return answered<T>(method, path, body, signal, readBody);
}

async function answered<T>(
  method: string,
  path: string,
  body: unknown,
  signal: AbortSignal | undefined,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (person !== "") headers["X-Huiyin-Person"] = person;
  // What a page asks by itself is no use of the session: who walked away is signed out in time.
  if (Date.now() - touchedAt > UNATTENDED_MS) headers["X-Huiyin-Unattended"] = "1";
  if (method !== "GET") headers["X-Huiyin"] = "1";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal) init.signal = signal;
  let response = await fetched(path, init);
  if (response.ok) return read(response);
  let trouble = await readProblem(response);
  if (response.status === 401 && path !== "/api/session" && trouble.code === "") {
    // Another tab may have got a new token this very moment; what was refused so did not happen, so ask once more.
    response = await fetched(path, init);
    if (response.ok) return read(response);
    trouble = await readProblem(response);
  }
  if (response.status === 401 && path !== "/api/session") onSignedOut(trouble.code);
  throw trouble;
}

async function fetched(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Trouble("network", 0, "", "");
  }
}

async function readBody<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new Trouble("broken", response.status, "", "");
  }
}

async function readProblem(response: Response): Promise<Trouble> {
  const kind = (response.headers.get("content-type") ?? "").includes("json") ? "problem" : "broken";
  if (kind === "broken") {
    // A proxy's page instead of our server's word.
    return new Trouble(response.status >= 502 ? "network" : "broken", response.status, "", "");
  }
  try {
    const problem = (await response.json()) as Partial<Problem>;
    return new Trouble(
      "problem",
      response.status,
      problem.title ?? "",
      problem.detail ?? "",
      problem.code ?? "",
      problem.retryAfter ?? null,
    );
  } catch {
    return new Trouble("broken", response.status, "", "");
  }
}

/** Send a file as a request's body, telling which share of it has left; fetch cannot tell. */
export function upload<T>(path: string, file: File, told: (share: number) => void, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-Huiyin", "1");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    if (person !== "") request.setRequestHeader("X-Huiyin-Person", person);
    request.upload.onprogress = (event) => told(event.total > 0 ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Trouble("network", 0, "", ""));
    request.onabort = () => reject(new Trouble("network", 0, "", ""));
    request.onload = () => {
      const type = request.getResponseHeader("content-type") ?? "";
      const response = new Response(request.responseText, { status: request.status, headers: { "content-type": type } });
      if (response.ok) void readBody<T>(response).then(resolve, reject);
      else void readProblem(response).then(reject);
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

/** A query string of the values that are set. */
export function query(values: Record<string, string | number | null | undefined>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== "") params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}
