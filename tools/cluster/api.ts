import { Agent, request } from 'undici';

export type Api = {
  /** Sends JSON, resolves to the answer's JSON. Throws `ApiError` on any status but 2xx. */
  call<T = unknown>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
};

/** An answer that is not 2xx, or text that is not JSON. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Plain JSON calls to the cluster's API server for what the harness itself does. PATCH is a strategic merge. */
export function connectApi(access: { readonly server: string; readonly ca: string; readonly token: string }): Api {
  const dispatcher = new Agent({ connect: { ca: access.ca }, headersTimeout: 10_000, bodyTimeout: 10_000 });
  return {
    call: async <T>(method: string, path: string, body?: unknown) => {
      const answer = await request(`${access.server}${path}`, {
        dispatcher,
        method: method as 'GET',
        headers: {
          authorization: `Bearer ${access.token}`,
          accept: 'application/json',
          'content-type': method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json',
        },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300)
        throw new ApiError(answer.statusCode, messageOf(text, `${method} ${path}: ${answer.statusCode}`));
      return (text.startsWith('{') ? JSON.parse(text) : text) as T;
    },
    close: () => dispatcher.destroy(),
  };
}

function messageOf(text: string, fallback: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? fallback;
  } catch {
    return `${fallback}: ${text.slice(0, 200)}`;
  }
}
